-- Over the filings due, filed or not: what was never filed is not on time.
select
    due_date as date_day,
    business_unit,
    regime,
    obligation,
    {{ components('sum(case when is_on_time then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_tax_filings') }}
where is_due
group by
    due_date,
    business_unit,
    regime,
    obligation

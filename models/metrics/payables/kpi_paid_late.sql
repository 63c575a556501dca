-- By number, over the instalments due in the period, paid or not: another whole than that of the bands.
select
    effective_due_date as date_day,
    business_unit,
    category,
    dispute,
    {{ components('sum(case when is_late then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_payables') }}
where is_due
group by
    effective_due_date,
    business_unit,
    category,
    dispute

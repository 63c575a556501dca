-- Verdicts of the tax authority on notes of production; what it has not judged is in neither part.
select
    sent_date as date_day,
    business_unit,
    model,
    {{ components('sum(case when is_rejected then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_fiscal_transmissions') }}
where is_counted
group by
    sent_date,
    business_unit,
    model

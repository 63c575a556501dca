-- The part of paid_late that a dispute explains: the same whole, so the two can be subtracted.
select
    effective_due_date as date_day,
    business_unit,
    category,
    {{ components("sum(case when is_late and is_disputed then 1 else 0 end)", 'count(*)') }}
from {{ ref('fct_payables') }}
where is_due
group by
    effective_due_date,
    business_unit,
    category

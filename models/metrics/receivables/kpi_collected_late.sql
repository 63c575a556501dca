-- By number, over the instalments due in the period, settled or not.
select
    effective_due_date as date_day,
    business_unit,
    customer_group,
    dispute,
    {{ components('sum(case when is_late then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_receivables') }}
where is_due
group by
    effective_due_date,
    business_unit,
    customer_group,
    dispute

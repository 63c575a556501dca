-- By value owed, over the instalments due in the period, paid or not.
select
    effective_due_date as date_day,
    business_unit,
    category,
    dispute,
    {{ components('sum(case when is_late then amount_brl else 0 end)', 'sum(amount_brl)') }}
from {{ ref('fct_payables') }}
where is_due
group by
    effective_due_date,
    business_unit,
    category,
    dispute

-- A near-zero budget is no base: its money stays in the variance of the total, and adds nothing to the whole; alone it
-- has nothing to be divided by.
select
    month_end as date_day,
    business_unit,
    account_label as account,
    cost_centre,
    {{ components(
        'sum(favourable_variance_brl)', 'sum(case when is_budget_near_zero then 0 else abs(budget_brl) end)'
    ) }}
from {{ ref('fct_budget') }}
where is_measured
group by
    month_end,
    business_unit,
    account_label,
    cost_centre

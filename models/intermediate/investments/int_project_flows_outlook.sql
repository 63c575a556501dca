-- Flows by day, project and scenario. Which plans still count is decided at the end of each period, by the roll-up:
-- realised flows up to it, planned flows after it.
select
    flow_date as date_day,
    business_unit,
    project,
    scenario,
    cast(sum(amount_brl) as decimal(18, 2)) as amount,
    max(annual_discount_rate) as annual_discount_rate
from {{ ref('fct_project_cash_flows') }}
where
    is_in_outlook
    and (scenario = 'planned' or flow_date <= {{ as_of_date() }})
group by flow_date, business_unit, project, scenario

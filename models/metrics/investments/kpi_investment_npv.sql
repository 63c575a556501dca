select
    date_day,
    business_unit,
    project,
    scenario,
    amount,
    annual_discount_rate
from {{ ref('int_project_flows_outlook') }}

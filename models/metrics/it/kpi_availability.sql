select
    date_day,
    business_unit,
    service,
    {{ components('sum(up_minutes)', 'sum(agreed_minutes - planned_minutes)') }}
from {{ ref('fct_service_days') }}
where agreed_minutes > planned_minutes
group by date_day, business_unit, service

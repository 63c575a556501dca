select
    date_day,
    business_unit,
    service,
    entry_age,
    exit_age,
    is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('int_incident_days') }}
group by date_day, business_unit, service, entry_age, exit_age, is_finished

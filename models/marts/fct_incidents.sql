-- One row an interruption. Planned is what was declared so and announced, if an announcement is recorded, before it
-- began: a notice sent while the service was down already is an incident.
with incidents as (

    select
        incidents.*,
        services.name as service,
        {{ local_timestamp('incidents.down_from') }} as local_from,
        case
            when incidents.down_to <= {{ as_of_timestamp() }} then {{ local_timestamp('incidents.down_to') }}
        end as local_to,
        (incidents.is_planned and coalesce(incidents.announced_at, incidents.down_from) <= incidents.down_from)
            as is_planned_maintenance
    from {{ ref('stg_it__incidents') }} as incidents
    left join {{ ref('stg_it__services') }} as services
        on
            incidents.company = services.company
            and incidents.service_id = services.service_id
    where incidents.down_from <= {{ as_of_timestamp() }}

),

bounded as (

    select
        *,
        -- an end recorded before the start is an end at the start (and a warning of its own)
        greatest(local_from, coalesce(local_to, {{ as_of_local_timestamp() }})) as local_until
    from incidents

)

select
    company,
    business_unit,
    incident_id,
    service_id,
    coalesce(service, service_id) as service,
    severity,
    change_id,
    down_from,
    cast(local_from as date) as down_date,
    down_to,
    case when local_to is not null then cast(local_until as date) end as recovered_date,
    is_planned_maintenance,
    (local_to is null) as is_open,
    cast({{ minutes_between('local_from', 'local_until') }} as integer) as minutes_down,
    local_from,
    local_until,
    source_file_id,
    source_line,
    known_from
from bounded

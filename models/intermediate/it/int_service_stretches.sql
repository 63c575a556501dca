-- Stretches of a day's agreed minutes in which a service was down: by planned maintenance alone, and by anything.
-- Two interruptions at once are one stretch.
with clipped as (

    select
        days.company,
        days.service_id,
        days.date_day,
        incidents.is_planned_maintenance,
        greatest(
            days.from_minute, {{ minutes_between('cast(days.date_day as timestamp)', 'incidents.local_from') }}
        ) as start_minute,
        least(
            days.to_minute, {{ minutes_between('cast(days.date_day as timestamp)', 'incidents.local_until') }}
        ) as end_minute
    from {{ ref('int_service_days') }} as days
    inner join {{ ref('fct_incidents') }} as incidents
        on
            days.company = incidents.company
            and days.service_id = incidents.service_id
            and days.date_day between cast(incidents.local_from as date) and cast(incidents.local_until as date)

),

scoped as (

    select
        *,
        'any' as scope
    from clipped
    where end_minute > start_minute

    union all

    select
        *,
        'planned' as scope
    from clipped
    where
        end_minute > start_minute
        and is_planned_maintenance

),

compared as (

    select
        *,
        max(end_minute) over (
            partition by company, service_id, date_day, scope order by start_minute, end_minute
            rows between unbounded preceding and 1 preceding
        ) as latest_end_before
    from scoped

)

select
    company,
    service_id,
    date_day,
    scope,
    -- of each stretch only what reaches beyond the ones before it
    sum(greatest(0, end_minute - greatest(start_minute, coalesce(latest_end_before, start_minute)))) as minutes_down
from compared
group by company, service_id, date_day, scope

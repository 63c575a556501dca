-- One row a service and day on which it was promised. Down while maintenance was planned is not down: that time is
-- taken out of the agreed time, whatever else happened in it.
with stretches as (

    select
        company,
        service_id,
        date_day,
        sum(case when scope = 'planned' then minutes_down else 0 end) as planned_minutes,
        sum(case when scope = 'any' then minutes_down else 0 end) as any_minutes
    from {{ ref('int_service_stretches') }}
    group by company, service_id, date_day

)

select
    days.company,
    days.business_unit,
    days.service_id,
    days.service,
    days.date_day,
    cast(days.agreed_minutes as integer) as agreed_minutes,
    cast(coalesce(stretches.planned_minutes, 0) as integer) as planned_minutes,
    cast(coalesce(stretches.any_minutes - stretches.planned_minutes, 0) as integer) as down_minutes,
    cast(days.agreed_minutes - coalesce(stretches.any_minutes, 0) as integer) as up_minutes
from {{ ref('int_service_days') }} as days
left join stretches
    on
        days.company = stretches.company
        and days.service_id = stretches.service_id
        and days.date_day = stretches.date_day

-- One row a ticket and clock (first_response, resolution): where on its desk's business axis it starts and stops.
with tickets as (

    select
        company,
        ticket_id,
        desk,
        {{ local_timestamp('opened_at') }} as opened_at,
        -- what lies after the as-of moment has not happened yet
        case when first_reply_at <= {{ as_of_timestamp() }} then {{ local_timestamp('first_reply_at') }} end
            as first_reply_at,
        case when resolved_at <= {{ as_of_timestamp() }} then {{ local_timestamp('resolved_at') }} end as resolved_at
    from {{ ref('stg_helpdesk__tickets') }}
    where
        status <> 'cancelled'
        and opened_at <= {{ as_of_timestamp() }}

),

clocks as (

    select
        company,
        ticket_id,
        desk,
        'resolution' as clock,
        opened_at,
        resolved_at as finished_at
    from tickets

    union all

    -- a ticket resolved without a recorded reply was answered by its solution
    select
        company,
        ticket_id,
        desk,
        'first_response' as clock,
        opened_at,
        least(coalesce(first_reply_at, resolved_at), coalesce(resolved_at, first_reply_at)) as finished_at
    from tickets

),

bounded as (

    select
        *,
        (finished_at is not null) as is_finished,
        -- a finish recorded before the start is a finish at the start (and a warning of its own)
        greatest(opened_at, coalesce(finished_at, {{ as_of_local_timestamp() }})) as stopped_at
    from clocks

)

select
    bounded.company,
    bounded.ticket_id,
    bounded.desk,
    bounded.clock,
    bounded.is_finished,
    start_days.date_day as start_date,
    stop_days.date_day as stop_date,
    {{ business_position('bounded.opened_at', 'start_days') }} as start_position,
    {{ business_position('bounded.stopped_at', 'stop_days') }} as stop_position
from bounded
inner join {{ ref('int_desk_days') }} as start_days
    on
        bounded.desk = start_days.desk
        and cast(bounded.opened_at as date) = start_days.date_day
inner join {{ ref('int_desk_days') }} as stop_days
    on
        bounded.desk = stop_days.desk
        and cast(bounded.stopped_at as date) = stop_days.date_day

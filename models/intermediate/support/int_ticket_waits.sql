-- Stretches in which a ticket waited for its requester, on the business axis of its desk; overlapping ones merged.
with tickets as (

    select
        company,
        ticket_id,
        desk
    from {{ ref('stg_helpdesk__tickets') }}
    where status <> 'cancelled'

),

events as (

    select
        company,
        ticket_id,
        event,
        {{ local_timestamp('event_at') }} as event_at
    from {{ ref('stg_helpdesk__ticket_events') }}
    where event_at <= {{ as_of_timestamp() }}

),

paired as (

    -- a wait ends when it is ended, or when the ticket is reopened; at one moment, an end comes before a start
    select
        company,
        ticket_id,
        event,
        event_at as started_at,
        min(case when event in ('waiting_ended', 'reopened') then event_at end) over (
            partition by company, ticket_id
            order by event_at, case when event = 'waiting_started' then 1 else 0 end
            rows between 1 following and unbounded following
        ) as ended_at
    from events

),

waits as (

    select
        paired.company,
        paired.ticket_id,
        tickets.desk,
        paired.started_at,
        -- one that was never ended lasts as long as the ticket, or until now: its clock clips it
        coalesce(paired.ended_at, {{ as_of_local_timestamp() }}) as ended_at
    from paired
    inner join tickets
        on
            paired.company = tickets.company
            and paired.ticket_id = tickets.ticket_id
    where paired.event = 'waiting_started'

),

placed as (

    select
        waits.company,
        waits.ticket_id,
        {{ business_position('waits.started_at', 'start_days') }} as start_position,
        {{ business_position('waits.ended_at', 'end_days') }} as end_position
    from waits
    inner join {{ ref('int_desk_days') }} as start_days
        on
            waits.desk = start_days.desk
            and cast(waits.started_at as date) = start_days.date_day
    inner join {{ ref('int_desk_days') }} as end_days
        on
            waits.desk = end_days.desk
            and cast(waits.ended_at as date) = end_days.date_day

),

compared as (

    select
        *,
        max(end_position) over (
            partition by company, ticket_id order by start_position, end_position
            rows between unbounded preceding and 1 preceding
        ) as latest_end_before
    from placed
    where end_position > start_position

),

grouped as (

    select
        *,
        sum(case when latest_end_before is null or start_position > latest_end_before then 1 else 0 end) over (
            partition by company, ticket_id order by start_position, end_position
            rows between unbounded preceding and current row
        ) as stretch
    from compared

)

select
    company,
    ticket_id,
    min(start_position) as start_position,
    max(end_position) as end_position
from grouped
group by company, ticket_id, stretch

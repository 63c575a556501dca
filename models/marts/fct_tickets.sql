with tickets as (

    select * from {{ ref('stg_helpdesk__tickets') }}

),

targets as (

    -- a ticket keeps the service level of the day on which it was opened
    select
        tickets.company,
        tickets.ticket_id,
        levels.first_reply_minutes,
        levels.resolution_minutes
    from tickets
    inner join {{ ref('service_targets') }} as levels
        on
            tickets.priority = levels.priority
            and {{ local_date('tickets.opened_at') }} >= coalesce(levels.valid_from, cast('1900-01-01' as date))
            and {{ local_date('tickets.opened_at') }} <= coalesce(levels.valid_to, cast('9999-12-31' as date))

),

elapsed as (

    select
        company,
        ticket_id,
        max(case when clock = 'first_response' then minutes_to_date end) as minutes_to_first_reply,
        max(case when clock = 'resolution' then minutes_to_date end) as minutes_elapsed,
        sum(case when clock = 'resolution' then minutes_waited end) as minutes_waited,
        max(case when clock = 'first_response' and is_finished then date_day end) as first_reply_date,
        max(case when clock = 'resolution' and is_finished then date_day end) as resolved_date
    from {{ ref('int_ticket_days') }}
    group by company, ticket_id

),

breaches as (

    -- the day on which the target ran out
    select
        days.company,
        days.ticket_id,
        min(days.date_day) as breached_date
    from {{ ref('int_ticket_days') }} as days
    inner join targets
        on
            days.company = targets.company
            and days.ticket_id = targets.ticket_id
    where
        days.clock = 'resolution'
        and days.minutes_to_date > targets.resolution_minutes
    group by days.company, days.ticket_id

),

measured as (

    select
        tickets.*,
        targets.first_reply_minutes as target_first_reply_minutes,
        targets.resolution_minutes as target_resolution_minutes,
        elapsed.first_reply_date,
        elapsed.resolved_date,
        elapsed.minutes_to_first_reply,
        elapsed.minutes_elapsed,
        elapsed.minutes_waited,
        breaches.breached_date,
        (tickets.status = 'cancelled') as is_cancelled,
        (elapsed.ticket_id is not null and elapsed.resolved_date is null) as is_open
    from tickets
    left join targets
        on
            tickets.company = targets.company
            and tickets.ticket_id = targets.ticket_id
    left join elapsed
        on
            tickets.company = elapsed.company
            and tickets.ticket_id = elapsed.ticket_id
    left join breaches
        on
            tickets.company = breaches.company
            and tickets.ticket_id = breaches.ticket_id

)

select
    company,
    business_unit,
    ticket_id,
    desk,
    category,
    priority,
    requester,
    status,
    opened_at,
    {{ local_date('opened_at') }} as opened_date,
    first_reply_at,
    first_reply_date,
    resolved_at,
    resolved_date,
    cast(count_reopened as integer) as count_reopened,
    is_cancelled,
    is_open,
    cast(case when first_reply_date is not null then minutes_to_first_reply end as integer)
        as business_minutes_to_first_reply,
    cast(case when resolved_date is not null then minutes_elapsed end as integer) as business_minutes_to_resolution,
    cast(minutes_elapsed as integer) as business_minutes_elapsed,
    cast(minutes_waited as integer) as business_minutes_waited,
    target_first_reply_minutes,
    target_resolution_minutes,
    breached_date,
    -- due when resolved, or when the target ran out: whichever came first, and it never moves afterwards
    coalesce(breached_date, resolved_date) as due_date,
    case
        when target_resolution_minutes is null then null
        when breached_date is not null then false
        when resolved_date is not null then true
    end as is_within_target,
    source_file_id,
    source_line,
    known_from
from measured

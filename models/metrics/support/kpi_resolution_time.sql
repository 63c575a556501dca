with segments as (

    select
        days.date_day,
        tickets.business_unit,
        tickets.desk,
        tickets.priority,
        days.entry_age,
        days.exit_age,
        days.is_finished
    from {{ ref('int_ticket_days') }} as days
    inner join {{ ref('stg_helpdesk__tickets') }} as tickets
        on
            days.company = tickets.company
            and days.ticket_id = tickets.ticket_id
    where
        days.clock = 'resolution'
        and days.is_segment

)

select
    date_day,
    business_unit,
    desk,
    priority,
    entry_age,
    exit_age,
    is_finished,
    cast(count(*) as bigint) as cases
from segments
group by date_day, business_unit, desk, priority, entry_age, exit_age, is_finished

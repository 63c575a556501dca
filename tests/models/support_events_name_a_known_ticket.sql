-- An event of a ticket that nobody exported stops no clock.
{{ config(severity='warn') }}

select
    events.company,
    events.ticket_id,
    events.event,
    events.source_file_id,
    events.source_line
from {{ ref('stg_helpdesk__ticket_events') }} as events
left join {{ ref('stg_helpdesk__tickets') }} as tickets
    on
        events.company = tickets.company
        and events.ticket_id = tickets.ticket_id
where tickets.ticket_id is null

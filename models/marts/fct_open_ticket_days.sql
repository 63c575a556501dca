-- The tickets open at the end of the days that the KPIs show (Sundays, ends of months, today): those behind a backlog.
select
    dates.date_day,
    tickets.company,
    tickets.business_unit,
    tickets.ticket_id,
    tickets.desk,
    tickets.category,
    tickets.priority,
    tickets.opened_date,
    cast({{ days_between('tickets.opened_date', 'dates.date_day') }} as integer) as days_open,
    tickets.resolved_date,
    tickets.source_file_id,
    tickets.source_line,
    tickets.known_from
from {{ ref('fct_tickets') }} as tickets
inner join {{ ref('dim_dates') }} as dates
    on
        dates.date_day between tickets.opened_date and {{ as_of_date() }}
        and (tickets.resolved_date is null or tickets.resolved_date > dates.date_day)
where
    not tickets.is_cancelled
    and ({{ is_period_end('dates.date_day') }})

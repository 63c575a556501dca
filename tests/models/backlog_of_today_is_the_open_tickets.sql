with open_now as (

    select count(*) as tickets
    from {{ ref('fct_tickets') }}
    where
        is_open
        and opened_date <= {{ as_of_date() }}

),

backlog as (

    select coalesce(sum(numerator), 0) as tickets
    from {{ ref('kpi_ticket_backlog') }}
    where date_day = {{ as_of_date() }}

)

select
    open_now.tickets,
    backlog.tickets as backlog
from open_now
cross join backlog
where open_now.tickets <> backlog.tickets

-- Tickets open at the end of each day: opened so far less solved so far.
with tickets as (

    select *
    from {{ ref('fct_tickets') }}
    where
        not is_cancelled
        and opened_date <= {{ as_of_date() }}

),

moved as (

    select
        opened_date as date_day,
        business_unit,
        desk,
        priority,
        1 as change
    from tickets

    union all

    select
        resolved_date as date_day,
        business_unit,
        desk,
        priority,
        -1 as change
    from tickets
    where resolved_date is not null

),

summed as (

    select
        date_day,
        business_unit,
        desk,
        priority,
        sum(change) as change
    from moved
    group by date_day, business_unit, desk, priority

),

members as (

    select
        business_unit,
        desk,
        priority,
        min(date_day) as first_day
    from summed
    group by business_unit, desk, priority

),

days as (

    select
        dates.date_day,
        members.business_unit,
        members.desk,
        members.priority,
        coalesce(summed.change, 0) as change
    from members
    inner join {{ ref('dim_dates') }} as dates
        on dates.date_day between members.first_day and {{ as_of_date() }}
    left join summed
        on
            dates.date_day = summed.date_day
            and members.business_unit = summed.business_unit
            and members.desk = summed.desk
            and members.priority = summed.priority

),

rolled as (

    select
        date_day,
        business_unit,
        desk,
        priority,
        sum(change) over (
            partition by business_unit, desk, priority order by date_day
            rows between unbounded preceding and current row
        ) as open_tickets
    from days

)

select
    date_day,
    business_unit,
    desk,
    priority,
    {{ components('open_tickets', 'null', 'open_tickets') }}
from rolled

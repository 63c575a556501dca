-- Tickets cut at calendar days, for each clock: the ages in business minutes that it passed through on that day.
{{ config(materialized='table') }}

with clock_days as (

    select
        clocks.company,
        clocks.ticket_id,
        clocks.clock,
        clocks.start_date,
        clocks.stop_date,
        clocks.is_finished,
        desk_days.date_day,
        greatest(desk_days.minutes_before, clocks.start_position) as from_position,
        least(desk_days.minutes_before + desk_days.minutes_open, clocks.stop_position) as to_position
    from {{ ref('int_ticket_clocks') }} as clocks
    inner join {{ ref('int_desk_days') }} as desk_days
        on
            clocks.desk = desk_days.desk
            and desk_days.date_day between clocks.start_date and clocks.stop_date

),

waited as (

    select
        clock_days.company,
        clock_days.ticket_id,
        clock_days.clock,
        clock_days.date_day,
        sum(
            {{ overlap(
                'clock_days.from_position', 'clock_days.to_position', 'waits.start_position', 'waits.end_position'
            ) }}
        ) as minutes_waited
    from clock_days
    inner join {{ ref('int_ticket_waits') }} as waits
        on
            clock_days.company = waits.company
            and clock_days.ticket_id = waits.ticket_id
            and clock_days.to_position > waits.start_position
            and clock_days.from_position < waits.end_position
    group by clock_days.company, clock_days.ticket_id, clock_days.clock, clock_days.date_day

),

worked as (

    select
        clock_days.*,
        coalesce(waited.minutes_waited, 0) as minutes_waited,
        greatest(0, clock_days.to_position - clock_days.from_position) - coalesce(waited.minutes_waited, 0) as minutes
    from clock_days
    left join waited
        on
            clock_days.company = waited.company
            and clock_days.ticket_id = waited.ticket_id
            and clock_days.clock = waited.clock
            and clock_days.date_day = waited.date_day

),

aged as (

    select
        company,
        ticket_id,
        clock,
        date_day,
        minutes,
        minutes_waited,
        (is_finished and date_day = stop_date) as is_finished,
        (not is_finished and date_day = start_date) as is_open_start,
        sum(minutes) over (
            partition by company, ticket_id, clock order by date_day
            rows between unbounded preceding and current row
        ) as minutes_to_date,
        sum(minutes) over (partition by company, ticket_id, clock) as minutes_in_all
    from worked

)

select
    company,
    ticket_id,
    clock,
    date_day,
    cast(minutes as bigint) as minutes,
    cast(minutes_waited as bigint) as minutes_waited,
    cast(minutes_to_date as bigint) as minutes_to_date,
    cast(minutes_to_date - minutes as integer) as entry_age,
    -- finished without working minutes that day: one minute, so that each case counts once at each age
    cast(minutes_to_date + case when is_finished and minutes = 0 then 1 else 0 end as integer) as exit_age,
    is_finished,
    -- the days that the life table needs: with working minutes, with the finish, or the only trace of a case
    -- whose desk has not opened since; so each case enters at age 0 exactly once
    (minutes > 0 or is_finished or (minutes_in_all = 0 and is_open_start)) as is_segment
from aged

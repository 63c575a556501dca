-- The axis of business time: the working minutes of each desk laid end to end, one row a desk and calendar day.
{{ config(materialized='table') }}

with calendars as (

    select * from {{ ref('desk_calendars') }}

),

desks as (

    select distinct desk from calendars

),

days as (

    select
        date_day,
        {{ iso_weekday('date_day') }} as weekday,
        -- a weekday that is no banking day is a holiday; a desk that opens on Saturdays does open then
        (is_banking_day or is_weekend) as is_working_day
    from {{ ref('dim_dates') }}

),

desk_days as (

    select
        desks.desk,
        days.date_day,
        case
            when calendars.desk is not null
                then cast(concat(cast(days.date_day as varchar), ' ', calendars.opens_at, ':00') as timestamp)
        end as opens_at,
        case
            when calendars.desk is not null
                then cast(concat(cast(days.date_day as varchar), ' ', calendars.closes_at, ':00') as timestamp)
        end as closes_at,
        (days.is_working_day and calendars.desk is not null) as is_open
    from desks
    cross join days
    left join calendars
        on
            desks.desk = calendars.desk
            and days.weekday = calendars.weekday

),

measured as (

    select
        desk,
        date_day,
        case when is_open then opens_at end as opens_at,
        case when is_open then closes_at end as closes_at,
        cast(case when is_open then {{ minutes_between('opens_at', 'closes_at') }} else 0 end as bigint) as minutes_open
    from desk_days

)

select
    desk,
    date_day,
    opens_at,
    closes_at,
    minutes_open,
    cast(
        sum(minutes_open) over (
            partition by desk order by date_day
            rows between unbounded preceding and current row
        ) - minutes_open as bigint
    ) as minutes_before
from measured

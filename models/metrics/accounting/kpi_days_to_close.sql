-- Closings cut at calendar days: on each banking day after the period's end a closing grows one day older, until the
-- day on which it is locked. Locked on a day without banking, it finishes one day older, so that it counts once.
with

dated as (
    select
        closings.business_unit,
        closings.is_locked,
        -- Locked before the period was over: it finishes on the period's last day.
        greatest(coalesce(closings.locked_date, {{ as_of_date() }}), closings.period_end) as stop_date,
        days.date_day,
        days.is_banking_day,
        days.banking_day_number - end_days.banking_day_number as age
    from {{ ref('fct_closings') }} as closings
    inner join {{ ref('dim_dates') }} as end_days on closings.period_end = end_days.date_day
    inner join {{ ref('dim_dates') }} as days
        on
            closings.period_end <= days.date_day
            and greatest(coalesce(closings.locked_date, {{ as_of_date() }}), closings.period_end) >= days.date_day
),

segments as (
    select
        date_day,
        business_unit,
        is_locked and date_day = stop_date as is_finished,
        case when is_banking_day and age > 0 then age - 1 else age end as entry_age,
        case when is_banking_day and age > 0 then age else age + 1 end as exit_age,
        is_banking_day and age > 0 as is_passed
    from dated
)

select
    date_day,
    business_unit,
    cast(entry_age as integer) as entry_age,
    cast(exit_age as integer) as exit_age,
    is_finished,
    cast(count(*) as bigint) as cases
from segments
where is_passed or is_finished
group by
    date_day,
    business_unit,
    entry_age,
    exit_age,
    is_finished

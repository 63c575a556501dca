-- Each day opens with what the day before closed with, and the last day closes with everybody who is employed.
with days as (

    select
        date_day,
        business_unit,
        department,
        opening_headcount,
        closing_headcount,
        lag(date_day) over (partition by business_unit, department order by date_day) as day_before,
        lag(closing_headcount) over (partition by business_unit, department order by date_day) as closing_before
    from {{ ref('fct_headcount_days') }}

),

employed as (

    select
        business_unit,
        department,
        count(*) as employees
    from {{ ref('fct_employees') }}
    where
        is_counted
        and is_active
    group by business_unit, department

)

select
    days.date_day,
    days.business_unit,
    days.department,
    days.opening_headcount,
    days.closing_before as expected
from days
where
    days.closing_before is not null
    and (
        days.opening_headcount <> days.closing_before
        or {{ days_between('days.day_before', 'days.date_day') }} <> 1
    )

union all

select
    days.date_day,
    days.business_unit,
    days.department,
    days.closing_headcount,
    employed.employees as expected
from days
left join employed
    on
        days.business_unit = employed.business_unit
        and days.department = employed.department
where
    days.date_day = {{ as_of_date() }}
    and days.closing_headcount <> coalesce(employed.employees, 0)

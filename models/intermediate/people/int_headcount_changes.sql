-- Admissions and leavers by day, unit and department, and the change in the contracted hours of a working day.
-- What happened before the first countable day is all put on the day before it: the opening balance.
with counted as (

    select
        employees.business_unit,
        employees.department,
        employees.admission_date,
        employees.leaving_date,
        employees.is_voluntary,
        employees.weekly_hours / 5 as daily_hours,
        {{ add_days('starts.start_date', -1) }} as opening_date
    from {{ ref('fct_employees') }} as employees
    cross join {{ ref('int_headcount_start') }} as starts
    where employees.is_counted

),

changes as (

    select
        business_unit,
        department,
        greatest(admission_date, opening_date) as date_day,
        1 as admissions,
        0 as leavers,
        0 as voluntary_leavers,
        daily_hours
    from counted

    union all

    select
        business_unit,
        department,
        greatest(leaving_date, opening_date) as date_day,
        0 as admissions,
        1 as leavers,
        case when is_voluntary then 1 else 0 end as voluntary_leavers,
        0 as daily_hours
    from counted
    where leaving_date is not null

    union all

    -- the last day is still worked: its hours are contracted
    select
        business_unit,
        department,
        greatest({{ add_days('leaving_date', 1) }}, opening_date) as date_day,
        0 as admissions,
        0 as leavers,
        0 as voluntary_leavers,
        -daily_hours as daily_hours
    from counted
    where leaving_date is not null

)

select
    business_unit,
    department,
    date_day,
    sum(admissions) as admissions,
    sum(leavers) as leavers,
    sum(voluntary_leavers) as voluntary_leavers,
    sum(daily_hours) as daily_hours
from changes
group by business_unit, department, date_day

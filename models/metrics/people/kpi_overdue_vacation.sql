with overdue as (

    -- an employee with two overdue periods is one employee
    select
        dates.date_day,
        vacations.business_unit,
        vacations.department,
        count(distinct vacations.employee_key) as employees
    from {{ ref('fct_vacations') }} as vacations
    inner join {{ ref('dim_dates') }} as dates
        on dates.date_day between vacations.overdue_from and vacations.overdue_to
    where vacations.was_overdue
    group by dates.date_day, vacations.business_unit, vacations.department

)

select
    days.date_day,
    days.business_unit,
    days.department,
    {{ components('coalesce(overdue.employees, 0)', 'days.closing_headcount', 'days.closing_headcount') }}
from {{ ref('fct_headcount_days') }} as days
left join overdue
    on
        days.date_day = overdue.date_day
        and days.business_unit = overdue.business_unit
        and days.department = overdue.department

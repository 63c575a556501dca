-- Who was employed at the end of the days that the KPIs show (Sundays, ends of months, today), and whose vacation was
-- overdue then: the people behind a headcount.
with days as (

    select dates.date_day
    from {{ ref('dim_dates') }} as dates
    cross join {{ ref('int_headcount_start') }} as starts
    where
        dates.date_day between starts.start_date and {{ as_of_date() }}
        and ({{ is_period_end('dates.date_day') }})

),

overdue as (

    select
        days.date_day,
        vacations.company,
        vacations.employee_key,
        min(vacations.limit_date) as oldest_limit_date
    from days
    inner join {{ ref('fct_vacations') }} as vacations
        on days.date_day between vacations.overdue_from and vacations.overdue_to
    where vacations.was_overdue
    group by days.date_day, vacations.company, vacations.employee_key

)

select
    days.date_day,
    employees.company,
    employees.business_unit,
    employees.employee_key,
    employees.employee,
    employees.department,
    employees.position_title,
    employees.admission_date,
    cast({{ days_between('employees.admission_date', 'days.date_day') }} as integer) as days_employed,
    (overdue.employee_key is not null) as is_vacation_overdue,
    overdue.oldest_limit_date as limit_date,
    employees.source_file_id,
    employees.source_line,
    employees.known_from
from days
inner join {{ ref('fct_employees') }} as employees
    on
        days.date_day >= employees.admission_date
        and (employees.leaving_date is null or days.date_day < employees.leaving_date)
left join overdue
    on
        days.date_day = overdue.date_day
        and employees.company = overdue.company
        and employees.employee_key = overdue.employee_key
where employees.is_counted

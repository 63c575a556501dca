-- One row an occurrence. Only hours that were contracted can be lost: a working day of somebody employed, and no more
-- than that day's hours, however many occurrences it has.
with occurrences as (

    select
        absences.*,
        employees.department,
        employees.weekly_hours / 5 as daily_hours,
        (
            absences.is_absence
            and employees.is_counted
            and dates.is_banking_day
            and absences.absence_date between employees.admission_date
            and coalesce(employees.leaving_date, absences.absence_date)
        ) as is_scheduled,
        employees.business_unit as employee_unit
    from {{ ref('stg_people__absences') }} as absences
    left join {{ ref('fct_employees') }} as employees
        on
            absences.company = employees.company
            and absences.employee_key = employees.employee_key
    left join {{ ref('dim_dates') }} as dates
        on absences.absence_date = dates.date_day
    where absences.absence_date <= {{ as_of_date() }}

),

summed as (

    select
        *,
        coalesce(is_scheduled, false) as is_counted,
        sum(case when is_scheduled then hours else 0 end) over (
            partition by company, employee_key, absence_date
            order by absence_id
            rows between unbounded preceding and current row
        ) as hours_so_far
    from occurrences

)

select
    company,
    -- hours are lost where they were contracted: the unit of the employment, not that of the clerk
    coalesce(employee_unit, business_unit) as business_unit,
    absence_id,
    employee_key,
    employee,
    coalesce(department, 'unknown') as department,
    absence_date,
    cast(hours as decimal(9, 2)) as hours,
    is_absence,
    is_unjustified,
    is_counted,
    cast(
        case
            when is_counted
                then greatest(0, least(daily_hours, hours_so_far) - least(daily_hours, hours_so_far - hours))
            else 0
        end as decimal(9, 2)
    ) as lost_hours,
    source_file_id,
    source_line,
    known_from
from summed

-- One row an employee and accrual period: when it became overdue, and until when it was.
with periods as (

    select
        vacations.*,
        employees.leaving_date,
        coalesce(employees.is_counted, false) as is_counted,
        employees.business_unit as employee_unit,
        coalesce(employees.department, 'unknown') as department,
        -- what was only planned at the moment of knowledge has not been taken
        case when vacations.last_day_taken <= {{ as_of_date() }} then vacations.last_day_taken end as last_day
    from {{ ref('stg_people__vacations') }} as vacations
    left join {{ ref('fct_employees') }} as employees
        on
            vacations.company = employees.company
            and vacations.employee_key = employees.employee_key

),

completed as (

    select
        *,
        case when taken_days + sold_days >= entitled_days then last_day end as completed_date
    from periods

),

bounded as (

    select
        *,
        {{ add_days('limit_date', 1) }} as first_day_overdue,
        -- overdue on every day after the limit on which it was not completed and the employment lasted
        {{ add_days('least(coalesce(completed_date, ' ~ add_days(as_of_date(), 1) ~ '), coalesce(leaving_date, '
            ~ add_days(as_of_date(), 1) ~ '))', -1) }} as last_day_overdue
    from completed

)

select
    company,
    coalesce(employee_unit, business_unit) as business_unit,
    employee_key,
    employee,
    department,
    accrual_start_date,
    accrual_end_date,
    limit_date,
    cast(entitled_days as integer) as entitled_days,
    cast(taken_days as integer) as taken_days,
    cast(sold_days as integer) as sold_days,
    completed_date,
    is_counted,
    (is_counted and entitled_days > 0 and first_day_overdue <= last_day_overdue) as was_overdue,
    case
        when is_counted and entitled_days > 0 and first_day_overdue <= last_day_overdue then first_day_overdue
    end as overdue_from,
    case
        when is_counted and entitled_days > 0 and first_day_overdue <= last_day_overdue then last_day_overdue
    end as overdue_to,
    source_file_id,
    source_line,
    known_from
from bounded

-- One row an employment. Interns and contractors have no contract of employment: shown, and not counted as headcount.
with employees as (

    select * from {{ ref('stg_people__employees') }}
    where admission_date <= {{ as_of_date() }}

),

placed as (

    select
        *,
        -- a last day that lies ahead has not come yet
        case when leaving_date <= {{ as_of_date() }} then leaving_date end as left_date,
        (employment_kind in ('employee', 'apprentice')) as is_counted
    from employees

)

select
    company,
    business_unit,
    employee_key,
    employee,
    department,
    position_title,
    cost_centre,
    employment_kind,
    admission_date,
    left_date as leaving_date,
    case when left_date is not null then leaving_kind end as leaving_kind,
    (left_date is not null and leaving_kind = 'voluntary') as is_voluntary,
    (left_date is null) as is_active,
    is_counted,
    cast(weekly_hours as decimal(9, 2)) as weekly_hours,
    cast({{ days_between('admission_date', 'coalesce(left_date, ' ~ as_of_date() ~ ')') }} as integer) as days_employed,
    source_file_id,
    source_line,
    known_from
from placed

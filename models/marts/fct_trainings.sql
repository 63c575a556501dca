-- One row a participation of an employee in a training.
select
    trainings.company,
    coalesce(employees.business_unit, trainings.business_unit) as business_unit,
    trainings.training_id,
    trainings.employee_key,
    trainings.employee,
    coalesce(employees.department, 'unknown') as department,
    trainings.title,
    trainings.training_date,
    cast(trainings.hours as decimal(9, 2)) as hours,
    trainings.is_mandatory,
    coalesce(employees.is_counted, false) as is_counted,
    trainings.source_file_id,
    trainings.source_line,
    trainings.known_from
from {{ ref('stg_people__trainings') }} as trainings
left join {{ ref('fct_employees') }} as employees
    on
        trainings.company = employees.company
        and trainings.employee_key = employees.employee_key
where trainings.training_date <= {{ as_of_date() }}

-- An absence, training, pay or vacation of somebody who is in no export of the staff counts nowhere: say so.
{{ config(severity='warn') }}

with records as (

    select
        'absences' as records_of,
        company,
        employee_key,
        source_file_id,
        source_line
    from {{ ref('stg_people__absences') }}

    union all

    select
        'trainings' as records_of,
        company,
        employee_key,
        source_file_id,
        source_line
    from {{ ref('stg_people__trainings') }}

    union all

    select
        'payroll' as records_of,
        company,
        employee_key,
        source_file_id,
        source_line
    from {{ ref('stg_people__payroll') }}

    union all

    select
        'vacations' as records_of,
        company,
        employee_key,
        source_file_id,
        source_line
    from {{ ref('stg_people__vacations') }}

)

select
    records.records_of,
    records.source_file_id,
    records.source_line
from records
left join {{ ref('stg_people__employees') }} as employees
    on
        records.company = employees.company
        and records.employee_key = employees.employee_key
where employees.employee_key is null

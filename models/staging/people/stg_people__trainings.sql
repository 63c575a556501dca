with source as (

    select * from {{ known(source('people', 'trainings')) }}

),

renamed as (

    select
        company,
        business_unit,
        training_id,
        {{ person_key('company', 'employee_id') }} as employee_key,
        {{ pseudonym('employee_id') }} as employee,
        title,
        training_date,
        hours,
        coalesce(mandatory, false) as is_mandatory,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

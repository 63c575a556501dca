-- Name and CPF are not needed by any number: they stay in raw.
with source as (

    select * from {{ known(source('people', 'employees')) }}

),

renamed as (

    select
        company,
        business_unit,
        {{ person_key('company', 'employee_id') }} as employee_key,
        {{ pseudonym('employee_id') }} as employee,
        {{ member('department') }} as department,
        {{ member('position') }} as position_title,
        cost_centre,
        employment_kind,
        admission_date,
        leaving_date,
        case when leaving_date is not null then coalesce(leaving_kind, 'unknown') end as leaving_kind,
        weekly_hours,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

with source as (

    select * from {{ known(source('people', 'absences')) }}

),

renamed as (

    select
        company,
        business_unit,
        absence_id,
        {{ person_key('company', 'employee_id') }} as employee_key,
        {{ pseudonym('employee_id') }} as employee,
        absence_date,
        hours,
        -- what a certificate says about someone's health goes no further: only whether hours of work were lost
        (kind not in ('vacation', 'time_in_lieu')) as is_absence,
        (kind in ('unjustified', 'late')) as is_unjustified,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

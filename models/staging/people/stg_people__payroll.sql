with source as (

    select * from {{ known(source('people', 'payroll')) }}

),

renamed as (

    select
        company,
        business_unit,
        {{ person_key('company', 'employee_id') }} as employee_key,
        {{ pseudonym('employee_id') }} as employee,
        cast(concat(month, '-01') as date) as month_start,
        run,
        {{ member('department') }} as department,
        gross_pay_brl,
        charges_brl,
        coalesce(benefits_brl, 0) as benefits_brl,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

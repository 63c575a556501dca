with source as (

    select * from {{ known(source('people', 'vacations')) }}

),

renamed as (

    select
        company,
        business_unit,
        {{ person_key('company', 'employee_id') }} as employee_key,
        {{ pseudonym('employee_id') }} as employee,
        accrual_start_date,
        accrual_end_date,
        limit_date,
        entitled_days,
        coalesce(sold_days, 0) as sold_days,
        coalesce(taken_days, 0) as taken_days,
        last_day_taken,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

with source as (

    select * from {{ known(source('people', 'requisitions')) }}

),

renamed as (

    select
        company,
        business_unit,
        requisition_id,
        {{ member('department') }} as department,
        {{ member('position') }} as position_title,
        requested_date,
        approved_date,
        accepted_date,
        cancelled_date,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

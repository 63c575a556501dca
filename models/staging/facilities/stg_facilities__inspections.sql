with source as (

    select * from {{ known(source('facilities', 'inspections')) }}

),

renamed as (

    select
        company,
        business_unit,
        inspection_id,
        subject,
        {{ member('place') }} as place,
        due_date,
        done_date,
        result,
        coalesce(cancelled, false) as is_cancelled,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

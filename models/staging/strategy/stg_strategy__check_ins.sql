with source as (

    select * from {{ known(source('strategy', 'check_ins')) }}

),

renamed as (

    select
        company,
        business_unit,
        key_result_id,
        check_in_date,
        value,
        confidence,
        nullif(trim(comment), '') as comment,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

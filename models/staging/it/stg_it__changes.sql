with source as (

    select * from {{ known(source('it', 'changes')) }}

),

renamed as (

    select
        company,
        business_unit,
        change_id,
        service_id,
        kind,
        title,
        deployed_at,
        coalesce(failed, false) as is_failed,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

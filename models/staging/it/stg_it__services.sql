with source as (

    select * from {{ known(source('it', 'services')) }}

),

renamed as (

    select
        company,
        business_unit,
        service_id,
        name,
        agreed_days,
        agreed_from,
        agreed_to,
        start_date,
        end_date,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

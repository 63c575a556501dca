with

known_versions as (
    select * from {{ known(source('fiscal', 'fiscal_transmissions')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        transmission_id,
        sent_at,
        answered_at,
        model,
        series,
        number,
        access_key,
        environment,
        service,
        status_code,
        status_reason,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed

with source as (

    select * from {{ known(source('it', 'incidents')) }}

),

renamed as (

    select
        company,
        business_unit,
        incident_id,
        service_id,
        down_from,
        down_to,
        planned as is_planned,
        announced_at,
        {{ member('severity') }} as severity,
        change_id,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

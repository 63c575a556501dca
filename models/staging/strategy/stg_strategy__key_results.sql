with source as (

    select * from {{ known(source('strategy', 'key_results')) }}

),

renamed as (

    select
        company,
        business_unit,
        key_result_id,
        objective_id,
        title,
        ambition,
        weight,
        start_value,
        target_value,
        unit,
        nullif(trim(kpi), '') as kpi,
        nullif(trim(kpi_business_unit), '') as kpi_business_unit,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

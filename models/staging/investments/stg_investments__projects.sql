with source as (

    select * from {{ known(source('investments', 'projects')) }}

),

renamed as (

    select
        company,
        business_unit,
        project_id,
        name,
        approved_date,
        approved_amount_brl,
        cast(annual_discount_rate as decimal(9, 6)) as annual_discount_rate,
        horizon_date,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

with source as (

    select * from {{ known(source('investments', 'project_cash_flows')) }}

),

renamed as (

    select
        company,
        business_unit,
        flow_id,
        project_id,
        flow_date,
        amount_brl as unsigned_amount_brl,
        scenario,
        nature,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

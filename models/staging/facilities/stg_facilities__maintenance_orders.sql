with source as (

    select * from {{ known(source('facilities', 'maintenance_orders')) }}

),

renamed as (

    select
        company,
        business_unit,
        order_id,
        asset,
        {{ member('asset_class') }} as asset_class,
        interval_days,
        due_date,
        done_date,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed

with

known_versions as (
    select * from {{ known(source('logistics', 'shipment_lines')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        shipment_id,
        line_number,
        order_line_number,
        item_asked,
        nullif(trim(item_sent), '') as item_sent,
        quantity_asked,
        coalesce(quantity_sent, 0) as quantity_sent,
        coalesce(damaged, false) as is_damaged,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed

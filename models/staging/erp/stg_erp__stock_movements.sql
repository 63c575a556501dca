with

known_versions as (
    select * from {{ known(source('erp', 'stock_movements')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        movement_id,
        movement_date,
        item_id,
        {{ member('warehouse') }} as warehouse,
        kind,
        quantity,
        cost_brl,
        nullif(trim(document), '') as document,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed

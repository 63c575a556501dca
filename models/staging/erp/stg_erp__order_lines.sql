with

known_versions as (
    select * from {{ known(source('erp', 'order_lines')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        order_id,
        line_number,
        item_id,
        {{ member('warehouse') }} as warehouse,
        quantity,
        list_price_brl,
        coalesce(discount_percent, 0) as discount_percent,
        amount_brl,
        coalesce(approved_exception, false) as is_approved_exception,
        available_quantity,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed

with

known_versions as (
    select * from {{ known(source('fiscal', 'fiscal_document_items')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        access_key,
        item_number,
        item_id,
        gtin,
        description,
        ncm,
        cfop,
        sales_unit,
        quantity,
        unit_price_brl,
        products_brl,
        discount_brl,
        freight_brl,
        insurance_brl,
        other_brl,
        coalesce(counts_in_total, true) as counts_in_total,
        order_reference,
        order_line,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed

with

known_versions as (
    select * from {{ known(source('erp', 'items')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        item_id,
        description as item_description,
        {{ member('category') }} as category,
        abc_class,
        {{ member('unit_of_measure') }} as unit_of_measure,
        nullif(trim(tax_classification), '') as tax_classification,
        unit_cost_brl,
        list_price_brl,
        active as is_active,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed

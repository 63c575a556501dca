with

known_versions as (
    select * from {{ known(source('fiscal', 'fiscal_document_taxes')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        access_key,
        item_number,
        tax,
        {{ member('situation_code') }} as situation_code,
        base_brl,
        rate,
        amount_brl,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed

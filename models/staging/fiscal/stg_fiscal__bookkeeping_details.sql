with

known_versions as (
    select * from {{ known(source('fiscal', 'bookkeeping_details')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        bookkeeping,
        establishment_tax_id,
        period_start,
        period_end,
        detail_number,
        record_number,
        record_type,
        tax,
        {{ member('situation_code') }} as situation_code,
        cfop,
        rate,
        operation_brl,
        base_brl,
        amount_brl,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed

-- Companies (14 characters, letters allowed since July 2026) are public; natural persons (CPF, 11 digits) are masked.
with

known_versions as (
    select * from {{ known(source('erp', 'suppliers')) }} as versions
),

measured as (
    select
        *,
        length(replace(replace(replace(replace(tax_id, '.', ''), '-', ''), '/', ''), ' ', '')) = 14 as is_legal_entity
    from known_versions
),

renamed as (
    select
        company,
        business_unit,
        supplier_id,
        case when is_legal_entity then name else {{ pseudonym('name') }} end as supplier_name,
        case when is_legal_entity then tax_id else {{ pseudonym('tax_id') }} end as tax_id,
        coalesce(is_legal_entity, false) as is_legal_entity,
        {{ member('state') }} as state,
        {{ pseudonym('address') }} as address,
        {{ pseudonym('bank_account') }} as bank_account,
        created_date,
        reviewed_date,
        active as is_active,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from measured
)

select * from renamed

-- Companies (14 characters, letters allowed since July 2026) are public; natural persons (CPF, 11 digits) are masked.
with

known_versions as (
    select
        *,
        {{ tax_number('tax_id') }} as tax_number
    from {{ known(source('erp', 'suppliers')) }} as versions
),

measured as (
    select
        *,
        length(tax_number) = 14 as is_legal_entity
    from known_versions
),

renamed as (
    select
        company,
        business_unit,
        supplier_id,
        case when is_legal_entity then name else {{ pseudonym('name') }} end as supplier_name,
        {{ search_name('name') }} as search_name,
        case when is_legal_entity then tax_id else {{ pseudonym('tax_id') }} end as tax_id,
        coalesce(is_legal_entity, false) as is_legal_entity,
        -- The first eight characters are the company, the rest its establishment; a person has no root.
        case when is_legal_entity then substr(tax_number, 1, 8) end as tax_id_root,
        {{ pseudonym('tax_number') }} as tax_id_pseudonym,
        {{ is_valid_cnpj('tax_number') }} or {{ is_valid_cpf('tax_number') }} as is_tax_id_valid,
        {{ member('state') }} as state,
        {{ pseudonym('address') }} as address,
        {{ pseudonym('bank_account') }} as bank_account,
        trim(coalesce(address, '')) <> '' as has_address,
        trim(coalesce(bank_account, '')) <> '' as has_bank_account,
        created_date,
        reviewed_date,
        active as is_active,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from measured
)

select * from renamed

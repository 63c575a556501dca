-- Companies (14 characters, letters allowed since July 2026) are public; natural persons (CPF, 11 digits) are masked.
with

known_versions as (
    select
        *,
        {{ tax_number('tax_id') }} as tax_number
    from {{ known(source('erp', 'customers')) }} as versions
),

measured as (
    select
        *,
        coalesce(length(tax_number) = 14, false) as is_legal_entity
    from known_versions
),

renamed as (
    select
        company,
        business_unit,
        customer_id,
        case when is_legal_entity then name else {{ pseudonym('name') }} end as customer_name,
        {{ search_name('name') }} as search_name,
        case when is_legal_entity then tax_id else {{ pseudonym('tax_id') }} end as tax_id,
        is_legal_entity,
        {{ member('customer_group') }} as customer_group,
        city,
        {{ member('state') }} as state,
        payment_term_days,
        created_date,
        active as is_active,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from measured
)

select * from renamed

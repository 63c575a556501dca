-- The supplier register as it was known: one row a version, with what was wrong with it and the days it stood.
{{ config(materialized='table') }}

with

versions as (
    select
        *,
        {{ tax_number('tax_id') }} as tax_number
    from {{ source('erp', 'suppliers') }}
    where _valid_from <= {{ as_of_timestamp() }}
)

select
    company,
    business_unit,
    supplier_id,
    {{ local_date('_valid_from') }} as first_day,
    case when _valid_to <= {{ as_of_timestamp() }} then {{ local_date('_valid_to') }} end as end_day,
    active as is_active,
    created_date,
    reviewed_date,
    {{ search_name('name') }} as search_name,
    {{ member('state') }} as state,
    {{ pseudonym('tax_number') }} as tax_id_pseudonym,
    case when length(tax_number) = 14 then substr(tax_number, 1, 8) end as tax_id_root,
    {{ is_valid_cnpj('tax_number') }} or {{ is_valid_cpf('tax_number') }} as is_tax_id_valid,
    trim(coalesce(name, '')) <> ''
    and trim(coalesce(tax_id, '')) <> ''
    and trim(coalesce(state, '')) <> ''
    and trim(coalesce(address, '')) <> ''
    and trim(coalesce(bank_account, '')) <> '' as is_complete,
    {{ add_months('reviewed_date', 12) }} as review_ends,
    _file_id as source_file_id,
    _line as source_line
from versions

select
    company,
    business_unit,
    supplier_id,
    supplier_name,
    tax_id,
    is_legal_entity,
    state,
    created_date,
    reviewed_date,
    is_active,
    source_file_id,
    source_line,
    known_from
from {{ ref('stg_erp__suppliers') }}

select
    company,
    business_unit,
    customer_id,
    customer_name,
    tax_id,
    is_legal_entity,
    customer_group,
    city,
    state,
    payment_term_days,
    created_date,
    is_active,
    source_file_id,
    source_line,
    known_from
from {{ ref('stg_erp__customers') }}

-- One row an active supplier as the register stands: what is wrong with its data, and of whom it is a duplicate.
with

checked as (
    select
        *,
        coalesce(review_ends >= {{ as_of_date() }}, false) as is_reviewed
    from {{ ref('int_supplier_versions') }}
    where
        end_day is null
        and is_active
)

select
    checked.company,
    checked.business_unit,
    checked.supplier_id,
    suppliers.supplier_name,
    suppliers.tax_id,
    checked.created_date,
    checked.reviewed_date,
    checked.is_complete,
    checked.is_tax_id_valid,
    checked.is_reviewed,
    checked.is_complete and checked.is_tax_id_valid and checked.is_reviewed as is_good,
    case
        when not checked.is_complete then 'incomplete'
        when not checked.is_tax_id_valid then 'invalid_tax_id'
        when not checked.is_reviewed then 'not_reviewed'
        else 'none'
    end as first_fault,
    duplicates.supplier_id is not null as is_duplicate,
    duplicates.other_supplier_id as duplicate_of_supplier_id,
    coalesce(duplicates.evidence, 'none') as duplicate_evidence,
    checked.source_file_id,
    checked.source_line
from checked
inner join {{ ref('dim_suppliers') }} as suppliers
    on
        checked.company = suppliers.company
        and checked.supplier_id = suppliers.supplier_id
left join {{ ref('int_supplier_duplicates') }} as duplicates
    on
        checked.company = duplicates.company
        and checked.supplier_id = duplicates.supplier_id
        and duplicates.end_day is null

-- Suppliers that stand in the register twice. The same tax number, or the same root of a CNPJ, is one company; similar
-- names are one only where a tax number is missing or wrong, for two valid numbers of two roots are two companies.
-- The supplier registered later is the duplicate, for as long as both stood.
{{ config(materialized='table') }}

with

standing as (
    select
        company,
        supplier_id,
        min(first_day) as first_day,
        case when count(*) = count(end_day) then max(end_day) end as end_day,
        max_by(business_unit, first_day) as business_unit,
        max_by(created_date, first_day) as created_date,
        max_by(search_name, first_day) as search_name,
        max_by(state, first_day) as state,
        max_by(tax_id_pseudonym, first_day) as tax_id_pseudonym,
        max_by(tax_id_root, first_day) as tax_id_root,
        max_by(is_tax_id_valid, first_day) as is_tax_id_valid
    from {{ ref('int_supplier_versions') }}
    where is_active
    group by company, supplier_id
),

pairs as (
    select
        later.company,
        later.supplier_id,
        earlier.supplier_id as other_supplier_id,
        'same_tax_number' as evidence,
        1 as strength
    from standing as later
    inner join standing as earlier
        on
            later.company = earlier.company
            and later.tax_id_pseudonym = earlier.tax_id_pseudonym
            and later.supplier_id <> earlier.supplier_id
    union all
    select
        later.company,
        later.supplier_id,
        earlier.supplier_id as other_supplier_id,
        'same_root' as evidence,
        2 as strength
    from standing as later
    inner join standing as earlier
        on
            later.company = earlier.company
            and later.tax_id_root = earlier.tax_id_root
            and later.supplier_id <> earlier.supplier_id
    union all
    select
        later.company,
        later.supplier_id,
        earlier.supplier_id as other_supplier_id,
        'similar_name' as evidence,
        3 as strength
    from standing as later
    inner join standing as earlier
        on
            later.company = earlier.company
            and later.state = earlier.state
            -- Names of one company begin alike: comparing only those keeps the work bounded.
            and substr(later.search_name, 1, 4) = substr(earlier.search_name, 1, 4)
            and later.supplier_id <> earlier.supplier_id
    where
        not (later.is_tax_id_valid and earlier.is_tax_id_valid)
        and {{ similarity('later.search_name', 'earlier.search_name') }} >= 0.95
),

dated as (
    select
        pairs.company,
        pairs.supplier_id,
        pairs.other_supplier_id,
        pairs.evidence,
        pairs.strength,
        coalesce(earlier.created_date, earlier.first_day) as other_created_date,
        later.business_unit,
        greatest(later.first_day, earlier.first_day) as first_day,
        least(later.end_day, earlier.end_day) as end_day
    from pairs
    inner join standing as later
        on
            pairs.company = later.company
            and pairs.supplier_id = later.supplier_id
    inner join standing as earlier
        on
            pairs.company = earlier.company
            and pairs.other_supplier_id = earlier.supplier_id
    where
        coalesce(earlier.created_date, earlier.first_day) < coalesce(later.created_date, later.first_day)
        or (
            coalesce(earlier.created_date, earlier.first_day) = coalesce(later.created_date, later.first_day)
            and earlier.supplier_id < later.supplier_id
        )
)

select
    company,
    supplier_id,
    max(business_unit) as business_unit,
    min_by(
        other_supplier_id,
        cast(strength as varchar) || cast(other_created_date as varchar) || other_supplier_id
    ) as other_supplier_id,
    min_by(evidence, strength) as evidence,
    min(first_day) as first_day,
    case when count(*) = count(end_day) then max(end_day) end as end_day
from dated
where end_day is null or end_day > first_day
group by company, supplier_id

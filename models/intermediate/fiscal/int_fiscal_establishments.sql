-- Tax numbers that are the company's own, each with its company and unit: a supplier's note is an exit (tpNF 1) too,
-- and no sale of ours. Who transmits or declares numbers unused is ours even where the organisation does not say so.
with

named as (
    select
        {{ company_tax_id('tax_id') }} as tax_id,
        company,
        business_unit,
        1 as preference
    from {{ ref('stg_organisation__business_units') }}
    where tax_id is not null
    union all
    select
        {{ company_tax_id('tax_id') }} as tax_id,
        company,
        'unassigned' as business_unit,
        2 as preference
    from {{ ref('stg_organisation__companies') }}
    where tax_id is not null
    union all
    select
        substr(access_key, 7, 14) as tax_id,
        company,
        business_unit,
        3 as preference
    from {{ ref('stg_fiscal__fiscal_transmissions') }}
    where access_key is not null
    union all
    select
        issuer_tax_id as tax_id,
        company,
        business_unit,
        4 as preference
    from {{ ref('stg_fiscal__fiscal_number_gaps') }}
),

ranked as (
    select
        tax_id,
        company,
        business_unit,
        row_number() over (partition by tax_id order by preference, company, business_unit) as position
    from named
)

select
    tax_id,
    company,
    business_unit
from ranked
where position = 1

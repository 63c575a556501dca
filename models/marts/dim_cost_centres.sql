-- Cost centres with a name come from their export. One that only documents name is shown by its code, never dropped.
with

named as (
    select * from {{ ref('stg_organisation__cost_centres') }}
),

seen as (
    select
        company,
        cost_centre
    from {{ ref('stg_erp__payables') }}
    union
    select
        company,
        cost_centre
    from {{ ref('stg_erp__journal_lines') }}
    union
    select
        company,
        cost_centre
    from {{ ref('stg_erp__budget') }}
    union
    select
        company,
        cost_centre
    from {{ ref('stg_erp__purchase_requests') }}
    union
    select
        company,
        cost_centre
    from named
)

select
    seen.company,
    seen.cost_centre,
    coalesce(named.label, seen.cost_centre) as label,
    coalesce(named.business_unit, 'unassigned') as business_unit,
    named.responsible,
    named.cost_centre is not null as is_named
from seen
left join named
    on
        seen.company = named.company
        and seen.cost_centre = named.cost_centre

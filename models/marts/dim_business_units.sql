-- Units with a label come from their own export, else from the seed. A unit that only other exports name is shown by
-- its code, never dropped.
{%- set tables = [
    ('bank', 'bank_transactions'), ('bank', 'balances'),
    ('erp', 'payables'), ('erp', 'journal_lines'), ('erp', 'suppliers'),
    ('erp', 'receivables'), ('erp', 'customers'), ('erp', 'closings'), ('erp', 'budget'), ('erp', 'purchase_requests'),
    ('helpdesk', 'tickets'), ('investments', 'projects'), ('investments', 'project_cash_flows'),
    ('strategy', 'objectives'), ('strategy', 'key_results'), ('surveys', 'nps_responses'),
    ('organisation', 'business_units'), ('organisation', 'cost_centres'),
    ('people', 'employees'), ('it', 'services'), ('it', 'incidents'), ('it', 'changes'),
    ('legal', 'contracts'), ('legal', 'lawsuits'), ('legal', 'compliance_actions'),
    ('facilities', 'maintenance_orders'), ('facilities', 'inspections'),
    ('fiscal', 'fiscal_documents'), ('fiscal', 'fiscal_transmissions'), ('fiscal', 'tax_filings'),
] %}
with

exported as (
    select
        business_unit,
        min_by(label, company) as label,
        min_by(city, company) as city
    from {{ ref('stg_organisation__business_units') }}
    group by business_unit
),

named as (
    select
        coalesce(exported.business_unit, seeded.business_unit) as business_unit,
        coalesce(exported.label, seeded.label) as label,
        coalesce(exported.city, seeded.city) as city
    from exported
    full outer join {{ ref('business_units') }} as seeded on exported.business_unit = seeded.business_unit
),

seen as (
    {%- for system, table_name in tables %}
    select business_unit from {{ source(system, table_name) }}
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
),

every_unit as (
    select business_unit from seen
    union
    select business_unit from named
)

select
    every_unit.business_unit,
    coalesce(named.label, every_unit.business_unit) as label,
    named.city,
    named.business_unit is not null as is_named
from every_unit
left join named on every_unit.business_unit = named.business_unit
where every_unit.business_unit is not null

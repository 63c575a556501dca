-- Companies with a name come from their export. One that only other exports name is shown by its code, never dropped.
{%- set tables = [
    ('bank', 'bank_transactions'), ('erp', 'payables'), ('erp', 'receivables'), ('erp', 'journal_lines'),
    ('erp', 'suppliers'), ('erp', 'customers'), ('erp', 'closings'), ('erp', 'budget'), ('erp', 'purchase_requests'),
    ('helpdesk', 'tickets'), ('investments', 'projects'), ('strategy', 'objectives'), ('surveys', 'nps_responses'),
    ('organisation', 'companies'), ('organisation', 'business_units'),
] %}
with

named as (
    select * from {{ ref('stg_organisation__companies') }}
),

seen as (
    {%- for system, table_name in tables %}
    select company from {{ source(system, table_name) }}
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
)

select
    seen.company,
    coalesce(named.label, seen.company) as label,
    named.tax_id,
    coalesce(named.tax_regime, 'unknown') as tax_regime,
    named.company is not null as is_named
from seen
left join named on seen.company = named.company
where seen.company is not null

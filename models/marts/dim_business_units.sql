-- Units with a label come from the seed. A unit that only the exports name is shown by its code, never dropped.
{%- set tables = [
    ('bank', 'bank_transactions'), ('bank', 'balances'),
    ('erp', 'payables'), ('erp', 'journal_lines'), ('erp', 'suppliers'),
    ('helpdesk', 'tickets'), ('investments', 'projects'), ('investments', 'project_cash_flows'),
    ('strategy', 'objectives'), ('strategy', 'key_results'), ('surveys', 'nps_responses'),
] %}
with

named as (
    select
        business_unit,
        label,
        city
    from {{ ref('business_units') }}
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

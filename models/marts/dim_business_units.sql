-- Units with a label come from their own export, else from the seed. A unit that only other exports name is shown by
-- its code, never dropped.
{%- set tables = [
    ('bank', 'balances'), ('bank', 'bank_transactions'), ('bank', 'collection_returns'), ('erp', 'accounts'),
    ('erp', 'budget'), ('erp', 'closings'), ('erp', 'customers'), ('erp', 'discount_policies'), ('erp', 'items'),
    ('erp', 'journal_lines'), ('erp', 'order_lines'), ('erp', 'orders'), ('erp', 'payables'),
    ('erp', 'purchase_requests'), ('erp', 'receivables'), ('erp', 'stock_counts'), ('erp', 'stock_movements'),
    ('erp', 'suppliers'), ('facilities', 'inspections'), ('facilities', 'maintenance_orders'),
    ('fiscal', 'bookkeeping_details'), ('fiscal', 'bookkeeping_documents'),
    ('fiscal', 'fiscal_document_instalments'), ('fiscal', 'fiscal_document_items'),
    ('fiscal', 'fiscal_document_taxes'), ('fiscal', 'fiscal_documents'), ('fiscal', 'fiscal_events'),
    ('fiscal', 'fiscal_number_gaps'), ('fiscal', 'fiscal_transmissions'), ('fiscal', 'ledger_balances'),
    ('fiscal', 'tax_filings'), ('helpdesk', 'ticket_events'), ('helpdesk', 'tickets'),
    ('investments', 'project_cash_flows'), ('investments', 'projects'), ('it', 'changes'), ('it', 'incidents'),
    ('it', 'services'), ('legal', 'compliance_actions'), ('legal', 'contracts'), ('legal', 'lawsuits'),
    ('logistics', 'shipment_lines'), ('logistics', 'shipments'), ('organisation', 'business_units'),
    ('organisation', 'cost_centres'), ('people', 'absences'), ('people', 'employees'), ('people', 'payroll'),
    ('people', 'requisitions'), ('people', 'trainings'), ('people', 'vacations'), ('strategy', 'check_ins'),
    ('strategy', 'key_results'), ('strategy', 'objectives'), ('surveys', 'employee_survey'),
    ('surveys', 'nps_responses'),
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
    select business_unit from {{ known(source(system, table_name)) }} as versions
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

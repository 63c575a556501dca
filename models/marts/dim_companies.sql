-- Companies with a name come from their export. One that only other exports name is shown by its code, never dropped.
{%- set tables = [
    ('bank', 'balances'), ('bank', 'bank_transactions'), ('bank', 'collection_returns'), ('erp', 'accounts'),
    ('erp', 'budget'), ('erp', 'closings'), ('erp', 'customers'), ('erp', 'discount_policies'), ('erp', 'items'),
    ('erp', 'journal_lines'), ('erp', 'order_lines'), ('erp', 'orders'), ('erp', 'payables'),
    ('erp', 'purchase_requests'), ('erp', 'receivables'), ('erp', 'stock_counts'), ('erp', 'stock_movements'),
    ('erp', 'suppliers'), ('facilities', 'inspections'), ('facilities', 'maintenance_orders'),
    ('fiscal', 'bookkeeping_details'), ('fiscal', 'bookkeeping_documents'),
    ('fiscal', 'fiscal_transmissions'), ('fiscal', 'ledger_balances'),
    ('fiscal', 'tax_filings'), ('helpdesk', 'ticket_events'), ('helpdesk', 'tickets'),
    ('investments', 'project_cash_flows'), ('investments', 'projects'), ('it', 'changes'), ('it', 'incidents'),
    ('it', 'services'), ('legal', 'compliance_actions'), ('legal', 'contracts'), ('legal', 'lawsuits'),
    ('logistics', 'shipment_lines'), ('logistics', 'shipments'), ('organisation', 'business_units'),
    ('organisation', 'companies'), ('organisation', 'cost_centres'), ('people', 'absences'),
    ('people', 'employees'), ('people', 'payroll'), ('people', 'requisitions'), ('people', 'trainings'),
    ('people', 'vacations'), ('strategy', 'check_ins'), ('strategy', 'key_results'), ('strategy', 'objectives'),
    ('surveys', 'employee_survey'), ('surveys', 'nps_responses'),
] %}
{#- Fiscal documents name their company by its tax number; where no mapping says more, the mart finds it. -#}
{%- set documents = [
    ('fiscal', 'fiscal_document_instalments'), ('fiscal', 'fiscal_document_items'),
    ('fiscal', 'fiscal_document_taxes'), ('fiscal', 'fiscal_documents'), ('fiscal', 'fiscal_events'),
    ('fiscal', 'fiscal_number_gaps'),
] %}
with

named as (
    select * from {{ ref('stg_organisation__companies') }}
),

seen as (
    {%- for system, table_name in tables %}
    select company from {{ known(source(system, table_name)) }} as versions
    union
    {%- endfor %}
    {%- for system, table_name in documents %}
    select company from {{ known(source(system, table_name)) }} as versions
    where company <> 'unassigned'
    union
    {%- endfor %}
    select company from {{ ref('fct_fiscal_documents') }}
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

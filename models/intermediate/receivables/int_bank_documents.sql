-- Documents that money stands behind: instalments paid to suppliers and received from customers, each once. Only those
-- settled within the days of the statements that are there, or no line could ever explain them.
{{ config(materialized='table') }}

with

statements as (
    select
        {{ add_days('min(posted_date)', -10) }} as first_day,
        {{ add_days('max(posted_date)', 10) }} as last_day
    from {{ ref('int_bank_lines_read') }}
),

documents as (
    select
        'payable' as document_kind,
        'payable|' || payables.payable_id as document_id,
        payables.company,
        payables.business_unit,
        'out' as direction,
        payables.supplier_id as party_id,
        suppliers.search_name as party_name,
        payables.document,
        payables.paid_date as settled_date,
        payables.paid_amount_brl as value_brl
    from {{ ref('fct_payables') }} as payables
    left join {{ ref('stg_erp__suppliers') }} as suppliers
        on
            payables.company = suppliers.company
            and payables.supplier_id = suppliers.supplier_id
    where payables.is_paid
    union all
    select
        'receivable' as document_kind,
        'receivable|' || receivables.receivable_id as document_id,
        receivables.company,
        receivables.business_unit,
        'in' as direction,
        receivables.customer_id as party_id,
        customers.search_name as party_name,
        receivables.document,
        receivables.settled_date,
        receivables.settled_amount_brl as value_brl
    from {{ ref('fct_receivables') }} as receivables
    left join {{ ref('stg_erp__customers') }} as customers
        on
            receivables.company = customers.company
            and receivables.customer_id = customers.customer_id
    where receivables.is_settled
)

select
    document_kind,
    document_id,
    company,
    business_unit,
    direction,
    party_id,
    coalesce(party_name, '') as party_name,
    -- Letters before and a series behind the number differ from system to system; the number itself does not.
    {{ document_number('document') }} as document_number,
    settled_date,
    value_brl
from documents
inner join statements
    on
        documents.settled_date >= statements.first_day
        and documents.settled_date <= statements.last_day
where value_brl > 0

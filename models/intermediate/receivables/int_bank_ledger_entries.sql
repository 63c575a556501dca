-- Entries that move a bank account, and the class of cash flow of what stands against it: the largest other line.
{{ config(materialized='table') }}

with

lines as (
    select
        lines.company,
        lines.business_unit,
        lines.entry_id,
        lines.line_number,
        lines.posting_date,
        accounts.cash_flow,
        lines.debit_brl - lines.credit_brl as amount_brl
    from {{ ref('stg_erp__journal_lines') }} as lines
    inner join {{ ref('dim_accounts') }} as accounts
        on
            lines.company = accounts.company
            and lines.account = accounts.account
),

moved as (
    select
        company,
        entry_id,
        min_by(business_unit, line_number) as business_unit,
        min(posting_date) as posting_date,
        sum(amount_brl) as amount_brl
    from lines
    where cash_flow = 'cash'
    group by company, entry_id
),

against as (
    select
        company,
        entry_id,
        max_by(cash_flow, abs(amount_brl) * 1000 - line_number) as category
    from lines
    where cash_flow <> 'cash'
    group by company, entry_id
)

select
    'entry|' || moved.company || '|' || moved.entry_id as document_id,
    moved.company,
    moved.business_unit,
    moved.entry_id,
    moved.posting_date,
    moved.amount_brl,
    against.category
from moved
inner join against
    on
        moved.company = against.company
        and moved.entry_id = against.entry_id
where moved.amount_brl <> 0

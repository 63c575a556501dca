-- The trial balance is the journal added up: debits and credits of the period, account by account. A company whose
-- journal does not reach back to the period's first day has nothing to compare.
{{ config(severity='warn') }}

with

moved as (
    select
        balances.company,
        balances.account,
        balances.period_end,
        balances.debit_brl,
        balances.credit_brl,
        sum(lines.debit_brl) as booked_debit_brl,
        sum(lines.credit_brl) as booked_credit_brl
    from {{ ref('stg_fiscal__ledger_balances') }} as balances
    inner join {{ ref('stg_erp__journal_lines') }} as lines
        on
            balances.company = lines.company
            and balances.account = lines.account
            and lines.posting_date between balances.period_start and balances.period_end
    where balances.cost_centre = 'none'
    group by
        balances.company,
        balances.account,
        balances.period_end,
        balances.debit_brl,
        balances.credit_brl
)

select *
from moved
where
    debit_brl <> booked_debit_brl
    or credit_brl <> booked_credit_brl

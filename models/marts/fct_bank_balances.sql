-- One row an account and date: the balance that the bank states, and what the statement lines add up to
-- since the balance before. They differ where lines are missing.
with

balances as (
    select
        *,
        lag(balance_date) over (
            partition by company, bank_id, account_id
            order by balance_date
        ) as previous_balance_date,
        lag(ledger_balance_brl) over (
            partition by company, bank_id, account_id
            order by balance_date
        ) as previous_balance_brl
    from {{ ref('stg_bank__balances') }}
),

movements as (
    select
        balances.company,
        balances.bank_id,
        balances.account_id,
        balances.balance_date,
        sum(bank_transactions.amount_brl) as movement_brl
    from balances
    inner join {{ ref('stg_bank__bank_transactions') }} as bank_transactions
        on
            balances.company = bank_transactions.company
            and balances.bank_id = bank_transactions.bank_id
            and balances.account_id = bank_transactions.account_id
            and balances.previous_balance_date < bank_transactions.posted_date
            and balances.balance_date >= bank_transactions.posted_date
    group by
        balances.company,
        balances.bank_id,
        balances.account_id,
        balances.balance_date
)

select
    balances.company,
    balances.business_unit,
    balances.bank_id,
    balances.account_id,
    balances.balance_date,
    balances.ledger_balance_brl,
    balances.previous_balance_date,
    cast(
        balances.previous_balance_brl + coalesce(movements.movement_brl, 0) as decimal(18, 2)
    ) as expected_balance_brl,
    cast(
        balances.ledger_balance_brl - balances.previous_balance_brl - coalesce(movements.movement_brl, 0)
        as decimal(18, 2)
    ) as difference_brl,
    balances.source_file_id,
    balances.source_line,
    balances.known_from
from balances
left join movements
    on
        balances.company = movements.company
        and balances.bank_id = movements.bank_id
        and balances.account_id = movements.account_id
        and balances.balance_date = movements.balance_date

-- What each unit bought on credit on every day, and what it owed its suppliers at the end of it.
with

changes as (
    select
        receipt_date as date_day,
        business_unit,
        amount_brl as bought_brl,
        amount_brl as open_brl,
        1 as count_bought
    from {{ ref('fct_payables') }}
    where is_measured
    union all
    select
        -- Paid in advance is a prepayment, not a debt: both happen on the day of receipt.
        greatest(paid_date, receipt_date) as date_day,
        business_unit,
        0 as bought_brl,
        -amount_brl as open_brl,
        0 as count_bought
    from {{ ref('fct_payables') }}
    where is_measured and is_paid
)

select * from {{ daily_balance('changes', ['business_unit'], ['open_brl'], ['bought_brl', 'count_bought']) }} as days

-- What each unit sold on credit on every day, and what its customers owed at the end of it.
with

changes as (
    select
        issue_date as date_day,
        business_unit,
        amount_brl as sold_brl,
        amount_brl as open_brl,
        1 as count_sold
    from {{ ref('fct_receivables') }}
    where is_measured
    union all
    select
        -- Received in advance is a prepayment, not a debt below zero: both happen on the day of issue.
        greatest(settled_date, issue_date) as date_day,
        business_unit,
        0 as sold_brl,
        -amount_brl as open_brl,
        0 as count_sold
    from {{ ref('fct_receivables') }}
    where is_measured and is_settled
)

select * from {{ daily_balance('changes', ['business_unit'], ['open_brl'], ['sold_brl', 'count_sold']) }} as days

-- A payable or receivable below zero is a credit note and counts nowhere; a payment below zero takes from what was
-- paid. Programs that write the other sign for one of the two sides would leave everything out, or turn sums round.
{{ config(severity='warn') }}

with instalments as (

    select
        'payables' as records_of,
        amount_brl,
        paid_amount_brl as settled_brl,
        status,
        source_file_id,
        source_line
    from {{ ref('fct_payables') }}

    union all

    select
        'receivables' as records_of,
        amount_brl,
        settled_amount_brl as settled_brl,
        status,
        source_file_id,
        source_line
    from {{ ref('fct_receivables') }}

),

shares as (

    select
        *,
        avg(case when amount_brl < 0 then 1.0 else 0.0 end) over (partition by records_of, source_file_id)
            as share_below_zero
    from instalments

)

select
    records_of,
    source_file_id,
    source_line,
    amount_brl,
    settled_brl
from shares
where
    amount_brl > 0 and settled_brl < 0
    or amount_brl < 0 and share_below_zero > 0.5

-- Every instalment passes from band to band while it stays open: each band has a first day, and a last one that is the
-- day before the next band or before the money came.
with

bands as (
    select
        '1_to_30' as ageing_band,
        1 as first_age,
        31 as next_age
    union all
    select
        '31_to_60' as ageing_band,
        31 as first_age,
        61 as next_age
    union all
    select
        '61_to_90' as ageing_band,
        61 as first_age,
        91 as next_age
    union all
    select
        'over_90' as ageing_band,
        91 as first_age,
        cast(null as integer) as next_age
),

passages as (
    select
        receivables.business_unit,
        bands.ageing_band,
        receivables.amount_brl,
        {{ add_days('receivables.effective_due_date', 'bands.first_age') }} as first_day,
        -- least leaves nulls out: still open in the last band, there is no end
        least(
            {{ add_days('receivables.effective_due_date', 'bands.next_age') }}, receivables.settled_date
        ) as end_day
    from {{ ref('fct_receivables') }} as receivables
    cross join bands
    where receivables.is_measured
),

changes as (
    select
        first_day as date_day,
        business_unit,
        ageing_band,
        amount_brl,
        1 as count_open
    from passages
    where end_day is null or end_day > first_day
    union all
    select
        end_day as date_day,
        business_unit,
        ageing_band,
        -amount_brl as amount_brl,
        -1 as count_open
    from passages
    where end_day > first_day
),

standing as (
    select * from {{ daily_balance('changes', ['business_unit', 'ageing_band'], ['amount_brl', 'count_open']) }} as days
)

select
    date_day,
    business_unit,
    ageing_band,
    {{ components('amount_brl', 'null', 'count_open') }}
from standing

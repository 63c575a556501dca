-- A line that nothing explains today stands from its day on, and grows older from band to band.
with

bands as (
    select
        '0_to_7' as age_band,
        0 as first_age,
        8 as next_age
    union all
    select
        '8_to_30' as age_band,
        8 as first_age,
        31 as next_age
    union all
    select
        'over_30' as age_band,
        31 as first_age,
        cast(null as integer) as next_age
),

passages as (
    select
        lines.business_unit,
        bands.age_band,
        abs(lines.amount_brl) as value_brl,
        {{ add_days('lines.posted_date', 'bands.first_age') }} as first_day,
        {{ add_days('lines.posted_date', 'bands.next_age') }} as end_day
    from {{ ref('fct_bank_transactions') }} as lines
    cross join bands
    where not lines.is_reconciled
),

changes as (
    select
        first_day as date_day,
        business_unit,
        age_band,
        value_brl,
        1 as count_lines
    from passages
    union all
    select
        end_day as date_day,
        business_unit,
        age_band,
        -value_brl as value_brl,
        -1 as count_lines
    from passages
    where end_day is not null
),

standing as (
    select * from {{ daily_balance('changes', ['business_unit', 'age_band'], ['value_brl', 'count_lines']) }} as days
)

select
    date_day,
    business_unit,
    age_band,
    {{ components('value_brl', 'null', 'count_lines') }}
from standing

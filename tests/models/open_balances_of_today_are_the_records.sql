-- Opening, sales and purchases, settlements and payments: what rolls from day to day ends at what is open today.
with

rolled as (
    select
        'receivables' as side,
        business_unit,
        open_brl
    from {{ ref('int_receivable_days') }}
    where date_day = {{ as_of_date() }}
    union all
    select
        'payables' as side,
        business_unit,
        open_brl
    from {{ ref('int_payable_days') }}
    where date_day = {{ as_of_date() }}
),

records as (
    select
        'receivables' as side,
        business_unit,
        sum(case when is_settled then 0 else amount_brl end) as open_brl
    from {{ ref('fct_receivables') }}
    where is_measured
    group by business_unit
    union all
    select
        'payables' as side,
        business_unit,
        sum(case when is_paid then 0 else amount_brl end) as open_brl
    from {{ ref('fct_payables') }}
    where is_measured
    group by business_unit
)

select
    records.side,
    records.business_unit,
    rolled.open_brl as rolled_brl,
    records.open_brl as records_brl
from records
left join rolled
    on
        records.side = rolled.side
        and records.business_unit = rolled.business_unit
where coalesce(rolled.open_brl, 0) <> records.open_brl

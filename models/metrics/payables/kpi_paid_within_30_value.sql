-- By value, over the payments made in the period: what is still open belongs to no band.
select
    paid_date as date_day,
    business_unit,
    category,
    {{ components(
        "sum(case when payment_band = 'within_30' then paid_amount_brl else 0 end)",
        'sum(paid_amount_brl)'
    ) }}
from {{ ref('fct_payables') }}
where
    is_measured
    and is_paid
group by
    paid_date,
    business_unit,
    category

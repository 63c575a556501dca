-- Money that left for suppliers, at the date of payment.
select
    paid_date as date_day,
    business_unit,
    category,
    {{ components('sum(paid_amount_brl)', 'null') }}
from {{ ref('fct_payables') }}
where
    is_measured
    and is_paid
group by
    paid_date,
    business_unit,
    category

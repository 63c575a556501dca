-- Histogram by date of receipt and age: every instalment is at risk at the ages 0 to exit_age, once at each.
select
    receipt_date as date_day,
    business_unit,
    category,
    0 as entry_age,
    age_days as exit_age,
    is_paid as is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('fct_payables') }}
where is_measured
group by
    receipt_date,
    business_unit,
    category,
    age_days,
    is_paid

-- Histogram by date of request and age: every request is at risk at the ages 0 to exit_age, once at each.
select
    requested_date as date_day,
    business_unit,
    category,
    0 as entry_age,
    age_days as exit_age,
    is_received as is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('fct_purchase_requests') }}
where is_measured
group by
    requested_date,
    business_unit,
    category,
    age_days,
    is_received

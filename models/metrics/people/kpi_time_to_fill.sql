-- Histogram by date of approval and age: every vacancy is at risk at the ages 0 to exit_age, once at each.
select
    approved_date as date_day,
    business_unit,
    department,
    0 as entry_age,
    age_days as exit_age,
    is_filled as is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('fct_requisitions') }}
where is_measured
group by approved_date, business_unit, department, age_days, is_filled

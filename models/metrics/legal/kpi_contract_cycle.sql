-- Histogram by date of request and age: every contract is at risk at the ages 0 to exit_age, once at each.
select
    requested_date as date_day,
    business_unit,
    kind,
    0 as entry_age,
    age_days as exit_age,
    is_signed as is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('fct_contracts') }}
where is_measured
group by requested_date, business_unit, kind, age_days, is_signed

-- Histogram by date of issue and age: every instalment is at risk at the ages 0 to exit_age, once at each.
select
    issue_date as date_day,
    business_unit,
    customer_group,
    0 as entry_age,
    age_days as exit_age,
    is_settled as is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('fct_receivables') }}
where is_measured
group by
    issue_date,
    business_unit,
    customer_group,
    age_days,
    is_settled

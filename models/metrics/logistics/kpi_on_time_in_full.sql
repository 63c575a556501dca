-- Over the orders promised for the day, delivered or not: what never arrives is not on time.
select
    promised_date as date_day,
    business_unit,
    customer_group,
    {{ components('sum(case when is_on_time_in_full then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_orders') }}
where
    is_due
    and is_on_time_in_full is not null
group by
    promised_date,
    business_unit,
    customer_group

-- Orders entered, by the day of entry.
select
    order_date as date_day,
    business_unit,
    channel,
    customer_group,
    {{ components('count(*)', 'null') }}
from {{ ref('fct_orders') }}
where
    not is_cancelled
    and order_date <= {{ as_of_date() }}
group by
    order_date,
    business_unit,
    channel,
    customer_group

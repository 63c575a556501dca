-- By the day of entry: a correction that comes later restates the day on which the mistake was made.
select
    order_date as date_day,
    business_unit,
    channel,
    {{ components('sum(case when is_corrected then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_orders') }}
where order_date <= {{ as_of_date() }}
group by
    order_date,
    business_unit,
    channel

-- Orders by the day of entry and their age at delivery, or today: open orders are at risk for as long as they wait.
select
    order_date as date_day,
    business_unit,
    channel,
    0 as entry_age,
    age_days as exit_age,
    is_delivered as is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('fct_orders') }}
where
    not is_cancelled
    and order_date <= {{ as_of_date() }}
group by
    order_date,
    business_unit,
    channel,
    age_days,
    is_delivered

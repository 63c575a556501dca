-- Discounted lines within the policy of the order date, or approved beyond it, over discounted lines.
select
    order_date as date_day,
    business_unit,
    customer_group,
    item_category,
    {{ components('sum(case when is_within_policy then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_order_lines') }}
where
    is_discounted
    and not is_cancelled
    and order_date <= {{ as_of_date() }}
group by
    order_date,
    business_unit,
    customer_group,
    item_category

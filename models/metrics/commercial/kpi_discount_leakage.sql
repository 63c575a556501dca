-- Money given away beyond the policy without an approval. Days with compliant discounts only are zero, not missing.
select
    order_date as date_day,
    business_unit,
    customer_group,
    item_category,
    {{ components('sum(leakage_brl)', 'null') }}
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

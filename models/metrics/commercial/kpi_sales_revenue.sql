-- Value of what was sent, with the quantity beside it: a change splits into volume and price.
select
    shipped_date as date_day,
    business_unit,
    item_category,
    customer_group,
    {{ components('sum(revenue_brl)', 'sum(quantity_sent)') }}
from {{ ref('fct_shipment_lines') }}
where
    is_sent
    and revenue_brl is not null
group by
    shipped_date,
    business_unit,
    item_category,
    customer_group

-- What was asked of each item and warehouse on each day: cancelled lines too, for whoever gave up had asked as well.
select
    company,
    business_unit,
    warehouse,
    item_id,
    order_date as date_day,
    sum(quantity) as quantity_demanded,
    count(*) as count_lines
from {{ ref('fct_order_lines') }}
where
    warehouse <> 'unknown'
    and quantity > 0
    and order_date <= {{ as_of_date() }}
group by company, business_unit, warehouse, item_id, order_date

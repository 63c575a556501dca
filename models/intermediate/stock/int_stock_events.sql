-- Movements and demand by item, warehouse and day: one row a day on which something happened.
with

moved as (
    select
        company,
        warehouse,
        item_id,
        movement_date as date_day,
        max(business_unit) as business_unit,
        sum(case when quantity > 0 then quantity else 0 end) as quantity_in,
        sum(case when quantity < 0 then -quantity else 0 end) as quantity_out,
        sum(cost_brl) as value_change_brl,
        sum(cost_of_goods_brl) as cost_of_goods_brl,
        0 as quantity_demanded,
        0 as count_lines
    from {{ ref('fct_stock_movements') }}
    group by company, warehouse, item_id, movement_date
),

demanded as (
    select
        company,
        warehouse,
        item_id,
        date_day,
        max(business_unit) as business_unit,
        0 as quantity_in,
        0 as quantity_out,
        0 as value_change_brl,
        0 as cost_of_goods_brl,
        sum(quantity_demanded) as quantity_demanded,
        sum(count_lines) as count_lines
    from {{ ref('int_stock_demand') }}
    group by company, warehouse, item_id, date_day
),

events as (
    select * from moved
    union all
    select * from demanded
)

select
    company,
    warehouse,
    item_id,
    date_day,
    max(business_unit) as business_unit,
    cast(sum(quantity_in) as decimal(18, 6)) as quantity_in,
    cast(sum(quantity_out) as decimal(18, 6)) as quantity_out,
    cast(sum(value_change_brl) as decimal(18, 2)) as value_change_brl,
    cast(sum(cost_of_goods_brl) as decimal(18, 2)) as cost_of_goods_brl,
    cast(sum(quantity_demanded) as decimal(18, 6)) as quantity_demanded,
    cast(sum(count_lines) as bigint) as count_lines_demanded
from events
group by company, warehouse, item_id, date_day

-- Stock identity: a day opens with what the day before closed with, and the last closing is the sum of all movements.
with

days as (
    select
        company,
        warehouse,
        item_id,
        date_day,
        opening_quantity,
        closing_quantity,
        closing_value_brl,
        lag(closing_quantity) over (partition by company, warehouse, item_id order by date_day) as closing_before,
        row_number() over (partition by company, warehouse, item_id order by date_day desc) as place_from_the_end
    from {{ ref('fct_stock_days') }}
),

movements as (
    select
        company,
        warehouse,
        item_id,
        sum(quantity) as quantity,
        sum(cost_brl) as cost_brl
    from {{ ref('fct_stock_movements') }}
    group by company, warehouse, item_id
)

select
    days.company,
    days.warehouse,
    days.item_id,
    days.date_day,
    days.opening_quantity,
    days.closing_before,
    days.closing_quantity,
    movements.quantity
from days
left join movements
    on
        days.company = movements.company
        and days.warehouse = movements.warehouse
        and days.item_id = movements.item_id
where
    days.opening_quantity <> coalesce(days.closing_before, 0)
    or (days.place_from_the_end = 1 and days.closing_quantity <> coalesce(movements.quantity, 0))
    or (days.place_from_the_end = 1 and days.closing_value_brl <> coalesce(movements.cost_brl, 0))

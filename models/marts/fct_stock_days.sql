-- One row an item, warehouse and day on which stock moved or somebody asked for it; between two rows nothing changes.
with

rolled as (
    select
        *,
        sum(quantity_in - quantity_out) over (
            partition by company, warehouse, item_id
            order by date_day
            rows between unbounded preceding and current row
        ) as closing_quantity,
        sum(value_change_brl) over (
            partition by company, warehouse, item_id
            order by date_day
            rows between unbounded preceding and current row
        ) as closing_value_brl,
        sum(quantity_in + quantity_out) over (
            partition by company, warehouse, item_id
            order by date_day
            rows between unbounded preceding and current row
        ) as quantity_ever_moved
    from {{ ref('int_stock_events') }}
),

judged as (
    select
        *,
        closing_quantity - quantity_in + quantity_out as opening_quantity,
        -- an item that this warehouse has never held cannot run out of stock there
        quantity_demanded > 0 and quantity_ever_moved > 0 as is_demanded
    from rolled
)

select
    judged.company,
    judged.business_unit,
    judged.warehouse,
    judged.item_id,
    coalesce(items.item_category, 'unknown') as item_category,
    coalesce(items.abc_class, 'unknown') as abc_class,
    judged.date_day,
    cast(judged.opening_quantity as decimal(18, 6)) as opening_quantity,
    judged.quantity_in,
    judged.quantity_out,
    cast(judged.closing_quantity as decimal(18, 6)) as closing_quantity,
    cast(judged.closing_value_brl as decimal(18, 2)) as closing_value_brl,
    judged.cost_of_goods_brl,
    judged.quantity_demanded,
    judged.count_lines_demanded,
    judged.is_demanded,
    -- nothing was there to sell at any time of the day
    judged.is_demanded and judged.opening_quantity + judged.quantity_in <= 0 as is_stockout
from judged
left join {{ ref('dim_items') }} as items
    on
        judged.company = items.company
        and judged.item_id = items.item_id

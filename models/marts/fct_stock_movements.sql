-- One row a movement of stock dated by the moment of knowledge.
with

movements as (
    select * from {{ ref('stg_erp__stock_movements') }}
    where movement_date <= {{ as_of_date() }}
)

select
    movements.company || '|' || movements.movement_id as movement_id,
    movements.company,
    movements.business_unit,
    movements.warehouse,
    movements.item_id,
    coalesce(items.item_category, 'unknown') as item_category,
    coalesce(items.abc_class, 'unknown') as abc_class,
    movements.movement_date,
    movements.kind,
    movements.quantity,
    movements.cost_brl,
    -- what was sold, less what customers sent back
    cast(
        case when movements.kind in ('sale', 'customer_return') then -movements.cost_brl else 0 end as decimal(18, 2)
    ) as cost_of_goods_brl,
    movements.document,
    movements.source_file_id,
    movements.source_line,
    movements.known_from
from movements
left join {{ ref('dim_items') }} as items
    on
        movements.company = items.company
        and movements.item_id = items.item_id

-- One row a line of a shipment: what was asked, what was sent, and what it sold for.
with

lines as (
    select * from {{ ref('stg_logistics__shipment_lines') }}
),

joined as (
    select
        lines.*,
        shipments.order_id,
        shipments.warehouse,
        shipments.carrier,
        shipments.shipped_date,
        order_lines.customer_group,
        order_lines.channel,
        order_lines.quantity as quantity_ordered,
        order_lines.amount_brl as amount_ordered_brl,
        items.item_category
    from lines
    inner join {{ ref('fct_shipments') }} as shipments
        on
            lines.company = shipments.company
            and lines.shipment_id = shipments.shipment_id
    left join {{ ref('fct_order_lines') }} as order_lines
        on
            lines.company = order_lines.company
            and shipments.order_id = order_lines.order_id
            and lines.order_line_number = order_lines.line_number
    left join {{ ref('dim_items') }} as items
        on
            lines.company = items.company
            and lines.item_asked = items.item_id
)

select
    company || '|' || shipment_id || '|' || cast(line_number as varchar) as shipment_line_id,
    company,
    business_unit,
    shipment_id,
    line_number,
    order_id,
    order_line_number,
    warehouse,
    carrier,
    shipped_date,
    coalesce(customer_group, 'unknown') as customer_group,
    coalesce(channel, 'unknown') as channel,
    item_asked,
    item_sent,
    coalesce(item_category, 'unknown') as item_category,
    quantity_asked,
    quantity_sent,
    coalesce(quantity_sent > 0 and shipped_date is not null, false) as is_sent,
    coalesce(quantity_sent > 0 and item_sent <> item_asked, false) as is_wrong_item,
    is_damaged,
    -- the part of the line's value that the quantity sent is
    cast({{ ratio('amount_ordered_brl * quantity_sent', 'quantity_ordered') }} as decimal(18, 2)) as revenue_brl,
    source_file_id,
    source_line,
    known_from
from joined

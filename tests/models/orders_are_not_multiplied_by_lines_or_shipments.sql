-- Fan-out: an order with five lines and three shipments is one order, and its lines are five; money is there once.
with

orders as (
    select
        count(*) as count_orders,
        sum(count_lines) as count_lines,
        sum(count_shipments) as count_shipments,
        sum(amount_brl) as amount_brl
    from {{ ref('fct_orders') }}
),

lines as (
    select
        count(*) as count_lines,
        sum(amount_brl) as amount_brl
    from {{ ref('fct_order_lines') }}
),

heads as (
    select count(*) as count_orders
    from {{ ref('stg_erp__orders') }}
),

shipments as (
    select count(*) as count_shipments
    from {{ ref('fct_shipments') }} as shipments
    inner join {{ ref('stg_erp__orders') }} as orders
        on
            shipments.company = orders.company
            and shipments.order_id = orders.order_id
)

select
    orders.count_orders,
    orders.count_lines,
    orders.count_shipments,
    orders.amount_brl
from orders
cross join lines
cross join heads
cross join shipments
where
    orders.count_orders <> heads.count_orders
    or coalesce(orders.count_lines, 0) <> lines.count_lines
    or coalesce(orders.count_shipments, 0) <> shipments.count_shipments
    or coalesce(orders.amount_brl, 0) <> coalesce(lines.amount_brl, 0)

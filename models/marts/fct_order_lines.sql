-- One row an order line, with the discount policy in force on the order date and the stock that was there.
with

orders as (
    select
        *,
        {{ local_date('entered_at') }} as order_date
    from {{ ref('stg_erp__orders') }}
),

joined as (
    select
        lines.*,
        orders.customer_id,
        coalesce(orders.customer_group, 'unknown') as customer_group,
        coalesce(orders.channel, 'unknown') as channel,
        orders.order_date,
        coalesce(items.item_category, 'unknown') as item_category,
        coalesce(items.abc_class, 'unknown') as abc_class,
        (
            lines.status = 'cancelled'
            or orders.status = 'cancelled'
            or orders.cancelled_at is not null
        ) as is_cancelled,
        cast(lines.quantity * lines.list_price_brl as decimal(18, 2)) as list_amount_brl
    from {{ ref('stg_erp__order_lines') }} as lines
    inner join orders
        on
            lines.company = orders.company
            and lines.order_id = orders.order_id
    left join {{ ref('dim_items') }} as items
        on
            lines.company = items.company
            and lines.item_id = items.item_id
),

judged as (
    select
        joined.*,
        limits.policy_id,
        -- no policy, no discount
        coalesce(limits.limit_percent, 0) as limit_percent,
        joined.discount_percent > 0 as is_discounted,
        joined.discount_percent > coalesce(limits.limit_percent, 0) as is_beyond_limit
    from joined
    left join {{ ref('int_discount_limits') }} as limits
        on
            joined.company = limits.company
            and joined.customer_group = limits.customer_group
            and joined.item_category = limits.item_category
            and joined.order_date = limits.order_date
            and joined.discount_percent > 0
)

select
    company || '|' || order_id || '|' || cast(line_number as varchar) as order_line_id,
    company,
    business_unit,
    order_id,
    line_number,
    customer_id,
    customer_group,
    channel,
    order_date,
    item_id,
    item_category,
    abc_class,
    warehouse,
    quantity,
    list_price_brl,
    list_amount_brl,
    discount_percent,
    amount_brl,
    is_cancelled,
    is_discounted,
    policy_id,
    limit_percent,
    is_approved_exception,
    not is_beyond_limit or is_approved_exception as is_within_policy,
    cast(
        case
            when is_beyond_limit and not is_approved_exception and not is_cancelled
                -- a quotient would leave the decimals, and half a cent with them
                then list_amount_brl * cast(discount_percent - limit_percent as decimal(9, 6)) * 0.01
            else 0
        end
        as decimal(18, 2)
    ) as leakage_brl,
    available_quantity,
    -- null where the ERP did not look: greatest() would take the null for 0
    case when available_quantity is not null then quantity > greatest(available_quantity, 0) end as is_oversold,
    status,
    source_file_id,
    source_line,
    known_from
from judged

-- One row a customer order. Lines and shipments are summed before they meet it, so that neither multiplies the other.
with

orders as (
    select
        *,
        (status = 'cancelled' or cancelled_at is not null) as is_cancelled,
        coalesce(corrected_at <= {{ as_of_timestamp() }}, false) as is_corrected
    from {{ ref('stg_erp__orders') }}
),

dated as (
    select
        orders.*,
        {{ local_date('orders.entered_at') }} as order_date,
        {{ local_date('delivered.delivered_at') }} as delivered_date,
        {{ local_date('delivered.first_shipped_at') }} as first_shipped_date,
        delivered.delivered_at,
        coalesce(delivered.delivered_at is not null and not orders.is_cancelled, false) as is_delivered,
        coalesce(delivered.count_shipments, 0) as count_shipments,
        coalesce(delivered.carrier, 'unknown') as carrier,
        coalesce(delivered.warehouse, 'unknown') as warehouse,
        delivered.is_documented,
        coalesce(delivered.has_unknown_lines, false) as has_unknown_lines,
        not delivered.has_damage as is_undamaged,
        coalesce(filled.count_lines, 0) as count_lines,
        coalesce(filled.amount_brl, 0) as amount_brl,
        coalesce(filled.count_live_lines, 0) > 0 and filled.count_short_lines = 0 as is_filled,
        coalesce(filled.count_wrong_lines, 0) as count_wrong_lines
    from orders
    left join {{ ref('int_orders_delivered') }} as delivered
        on
            orders.company = delivered.company
            and orders.order_id = delivered.order_id
    left join {{ ref('int_orders_filled') }} as filled
        on
            orders.company = filled.company
            and orders.order_id = filled.order_id
)

select
    company,
    business_unit,
    order_id,
    customer_id,
    customer_group,
    channel,
    salesperson,
    status,
    entered_at,
    order_date,
    promised_date,
    total_brl,
    cast(amount_brl as decimal(18, 2)) as amount_brl,
    cast(count_lines as bigint) as count_lines,
    is_corrected,
    corrected_at,
    correction_reason,
    is_cancelled,
    cancelled_at,
    cancellation_reason,
    warehouse,
    carrier,
    cast(count_shipments as bigint) as count_shipments,
    first_shipped_date,
    delivered_at,
    delivered_date,
    is_delivered,
    -- dates, never times of day: promised for today and delivered tonight is on time
    case when is_delivered then delivered_date <= promised_date end as is_on_time,
    case when is_delivered and not has_unknown_lines then is_filled end as is_in_full,
    case when is_delivered and not has_unknown_lines then count_wrong_lines = 0 end as is_right_item,
    case when is_delivered then is_documented end as is_documented,
    case when is_delivered then is_undamaged end as is_undamaged,
    -- judged where everything is known: else the late ones alone would be, whose verdict needs no more
    case
        when is_delivered and not has_unknown_lines and is_documented is not null
            then
                delivered_date <= promised_date
                and is_filled
                and count_wrong_lines = 0
                and is_documented
                and is_undamaged
    end as is_perfect,
    not is_cancelled and promised_date <= {{ last_full_day() }} as is_due,
    case
        when not has_unknown_lines then is_delivered and is_filled and delivered_date <= promised_date
    end as is_on_time_in_full,
    cast(
        case
            when is_cancelled then null
            else
                greatest(
                    0,
                    {{ days_between('order_date',
                        'case when is_delivered then delivered_date else ' ~ as_of_date() ~ ' end') }}
                )
        end
        as integer
    ) as age_days,
    cast(
        case when is_delivered then greatest(0, {{ days_between('order_date', 'delivered_date') }}) end
        as integer
    ) as cycle_days,
    source_file_id,
    source_line,
    known_from
from dated

-- One row an order with lines: how many of them are short. Lines that were cancelled ask for nothing.
with

lines as (
    select
        lines.company,
        lines.order_id,
        lines.amount_brl,
        lines.is_cancelled,
        coalesce(delivered.quantity_right, 0) < lines.quantity as is_short,
        coalesce(delivered.count_wrong, 0) > 0 as has_wrong
    from {{ ref('fct_order_lines') }} as lines
    left join {{ ref('int_order_lines_delivered') }} as delivered
        on
            lines.company = delivered.company
            and lines.order_id = delivered.order_id
            and lines.line_number = delivered.line_number
)

select
    company,
    order_id,
    count(*) as count_lines,
    sum(amount_brl) as amount_brl,
    sum(case when is_cancelled then 0 else 1 end) as count_live_lines,
    sum(case when is_short and not is_cancelled then 1 else 0 end) as count_short_lines,
    sum(case when has_wrong then 1 else 0 end) as count_wrong_lines
from lines
group by company, order_id

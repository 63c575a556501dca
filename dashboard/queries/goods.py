"""Small aggregates for the pages of stock, logistics and the commercial back office, asked as those of `areas`."""

from __future__ import annotations

import polars as pl

from dashboard.published import Publication
from dashboard.queries.windows import SOURCE, UNIT, ask

FAULTS = ("late", "short", "wrong_item", "undocumented", "damaged")

QUERIES = {
    "stock_by_class": f"""
        select f.abc_class as member, cast(sum(f.balance) as double) as amount,
            cast(sum(sum(f.balance)) over () as double) as whole
        from metrics.kpi_stock_turnover as f
        where f.date_day = $as_of and {UNIT}
        group by member order by member
    """,
    # Stock of an item in a warehouse by the day of its last sale there.
    "stock_by_last_sale": f"""
        select case
                when b.last_sale_date is null then 'never'
                when cast($as_of as date) - b.last_sale_date <= 30 then 'within_30'
                when cast($as_of as date) - b.last_sale_date <= 90 then 'within_90'
                else 'over_90'
            end as band,
            count(*) as items, cast(sum(b.cost_brl) as double) as amount_brl
        from (
            select f.company, f.warehouse, f.item_id, sum(f.cost_brl) as cost_brl,
                max(case when f.cost_of_goods_brl > 0 then f.movement_date end) as last_sale_date
            from marts.fct_stock_movements as f
            where {UNIT}
            group by f.company, f.warehouse, f.item_id
        ) as b
        where b.cost_brl > 0
        group by band
    """,
    "out_of_stock": f"""
        select i.item_description, f.item_id, f.abc_class, f.warehouse, f.business_unit,
            max(case when f.closing_quantity > 0 or f.quantity_out > 0 then f.date_day end) as empty_since,
            count(*) filter (where f.is_stockout and f.date_day > $since) as days_asked_for,
            cast(sum(case when f.is_stockout and f.date_day > $since then f.quantity_demanded else 0 end) as double)
                as quantity_demanded
        from (
            select *, last_value(closing_quantity) over (
                partition by company, warehouse, item_id order by date_day
                rows between unbounded preceding and unbounded following
            ) as last_quantity
            from marts.fct_stock_days
        ) as f
        left join marts.dim_items as i on i.company = f.company and i.item_id = f.item_id
        where f.last_quantity <= 0 and {UNIT}
        group by all having days_asked_for > 0
        order by quantity_demanded desc, f.item_id, f.warehouse limit 12
    """,
    "order_faults": f"""
        select count(*) as orders,
            count(*) filter (where not f.is_on_time) as late,
            count(*) filter (where not f.is_in_full) as short,
            count(*) filter (where not f.is_right_item) as wrong_item,
            count(*) filter (where not f.is_documented) as undocumented,
            count(*) filter (where not f.is_undamaged) as damaged
        from marts.fct_orders as f
        where f.is_perfect is not null and f.delivered_date > $since and {UNIT}
        having count(*) > 0
    """,
    "late_orders": f"""
        select f.order_id, f.customer_id, f.business_unit, f.carrier, f.order_date, f.promised_date,
            $as_of - f.promised_date as days_late, cast(f.amount_brl as double) as amount_brl, {SOURCE},
            count(*) over () as all_orders, cast(sum(f.amount_brl) over () as double) as all_brl
        from marts.fct_orders as f
        where f.is_due and not f.is_delivered and f.promised_date < $as_of and {UNIT}
        order by f.promised_date, f.order_id limit 12
    """,
    "leakage_by_group": f"""
        select f.customer_group as member, cast(sum(f.leakage_brl) as double) as amount, count(*) as lines,
            cast(sum(sum(f.leakage_brl)) over () as double) as whole
        from marts.fct_order_lines as f
        where f.leakage_brl > 0 and f.order_date > $since and f.order_date <= $as_of and {UNIT}
        group by member order by amount desc, member limit 8
    """,
    "correction_reasons": f"""
        select coalesce(f.correction_reason, 'unknown') as member, count(*) as orders,
            cast(sum(count(*)) over () as bigint) as all_orders
        from marts.fct_orders as f
        where f.is_corrected and f.order_date > $since and f.order_date <= $as_of and {UNIT}
        group by member order by orders desc, member limit 8
    """,
    "largest_leakages": f"""
        select f.order_id, f.line_number, f.order_date, f.customer_id, f.customer_group, f.item_id, f.business_unit,
            cast(f.discount_percent as double) as discount_percent, cast(f.limit_percent as double) as limit_percent,
            cast(f.leakage_brl as double) as leakage_brl, {SOURCE}
        from marts.fct_order_lines as f
        where f.leakage_brl > 0 and f.order_date > $since and f.order_date <= $as_of and {UNIT}
        order by f.leakage_brl desc, f.order_id, f.line_number limit 12
    """,
}


def goods_table(publication: Publication, name: str, unit: str, grain: str = "week") -> pl.DataFrame:
    """The rows of one of QUERIES for a unit ('all' for every one). Raises KeyError for an unknown name."""
    return ask(publication, QUERIES[name], unit, grain)

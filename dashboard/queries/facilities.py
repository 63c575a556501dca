"""Small aggregates for the page of facilities, asked by `windows.ask`."""

from __future__ import annotations

from dashboard.queries.windows import SOURCE, UNIT

QUERIES = {
    "open_orders": f"""
        select case
                when f.is_due and f.due_date < cast($as_of as date) - 30 then 'overdue_over_30'
                when f.is_due then 'overdue_30'
                when f.due_date <= cast($as_of as date) then 'in_window'
                else 'ahead'
            end as band,
            count(*) as orders
        from marts.fct_maintenance_orders as f
        where f.status = 'open' and not f.is_cancelled and {UNIT}
        group by band
    """,
    "maintenance": f"""
        select cast(date_trunc($grain, f.due_date) as date) as period_start, count(*) filter (where f.is_compliant) as in_window,
            count(*) filter (where not f.is_compliant and f.done_date is not null) as off_window,
            count(*) filter (where not f.is_compliant and f.done_date is null) as not_done
        from marts.fct_maintenance_orders as f
        where f.is_due and f.due_date >= $first and f.due_date <= $as_of and {UNIT}
        group by period_start order by period_start
    """,
    "by_equipment": f"""
        select coalesce(f.asset_class, 'unknown') as asset_class, count(*) as orders,
            count(*) filter (where f.is_compliant) as in_window
        from marts.fct_maintenance_orders as f
        where f.is_due and f.due_date > $since and f.due_date <= $as_of and {UNIT}
        group by asset_class order by asset_class
    """,
    "inspections": f"""
        select f.subject, count(*) filter (where f.is_due) as due, count(*) filter (where f.is_compliant) as compliant,
            count(*) filter (where f.is_due and not f.is_on_time and f.done_date is null) as missing,
            count(*) filter (where f.is_compliant and f.result = 'conditional') as conditional,
            min(case when f.done_date is null then f.due_date end) as next_due_date
        from marts.fct_inspections as f
        where not f.is_cancelled and f.due_date > $since and {UNIT}
        group by f.subject order by f.subject
    """,
    "next_orders": f"""
        select f.order_id as work_order_id, f.asset, f.asset_class, f.business_unit, f.due_date,
            case when f.is_due then cast($as_of as date) - f.due_date end as days_overdue, f.interval_days, {SOURCE}
        from marts.fct_maintenance_orders as f
        where f.status = 'open' and not f.is_cancelled and {UNIT}
        order by f.due_date, f.order_id limit 12
    """,
}

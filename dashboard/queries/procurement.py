"""Small aggregates for the page of procurement, asked by `windows.ask`."""

from __future__ import annotations

from dashboard.queries.windows import SOURCE, UNIT

QUERIES = {
    # What waits since when: for approval since the request, for the order since the approval, for goods since the order.
    "waiting": f"""
        select f.step, count(*) as requests, cast(sum(f.amount_brl) as double) as amount_brl,
            median(cast($as_of as date) - coalesce(f.ordered_date, f.approved_date, f.requested_date)) as median_days,
            max(cast($as_of as date) - coalesce(f.ordered_date, f.approved_date, f.requested_date)) as most_days
        from marts.fct_purchase_requests as f
        where f.is_measured and not f.is_received and {UNIT}
        group by f.step
    """,
    "waiting_longest": f"""
        select f.request_id, f.category, f.business_unit, f.step,
            coalesce(f.ordered_date, f.approved_date, f.requested_date) as waiting_since,
            cast($as_of as date) - coalesce(f.ordered_date, f.approved_date, f.requested_date) as days_waiting,
            cast(f.amount_brl as double) as amount_brl, {SOURCE}
        from marts.fct_purchase_requests as f
        where f.is_measured and not f.is_received and {UNIT}
        order by waiting_since, f.request_id limit 12
    """,
    "spend": f"""
        with spent as (
            select f.supplier_id, any_value(f.supplier_name) as supplier_name, sum(f.amount_brl) as amount_brl,
                count(*) as invoices
            from marts.fct_supplier_invoices as f
            where f.is_measured and f.receipt_date > $since and f.receipt_date <= $as_of and {UNIT}
            group by f.company, f.supplier_id having sum(f.amount_brl) > 0
        ),
        ranked as (
            select *, sum(amount_brl) over (order by amount_brl desc, supplier_id rows unbounded preceding) as running_brl,
                sum(amount_brl) over () as all_brl, row_number() over (order by amount_brl desc, supplier_id) as place,
                count(*) over () as suppliers
            from spent
        )
        select supplier_name, supplier_id, invoices, cast(amount_brl as double) as amount_brl,
            cast(running_brl as double) as running_brl, cast(all_brl as double) as all_brl, suppliers,
            -- class A: who together make up four fifths, the one that reaches them included
            count(*) filter (where running_brl - amount_brl < all_brl * 0.8) over () as class_a
        from ranked qualify place <= 10 order by place
    """,
    # The mart counts all days from the request; a step that nobody recorded took none, so that the steps add up.
    "steps": f"""
        select cast(date_trunc($grain, f.received_date) as date) as period_start, count(*) as requests,
            avg(coalesce(f.days_to_approve, 0)) as approve,
            avg(coalesce(f.days_to_order, f.days_to_approve, 0) - coalesce(f.days_to_approve, 0)) as order_days,
            avg(f.days_to_receive - coalesce(f.days_to_order, f.days_to_approve, 0)) as receive
        from marts.fct_purchase_requests as f
        where f.is_measured and f.is_received and f.received_date >= $first and f.received_date <= $as_of and {UNIT}
        group by period_start order by period_start
    """,
    "register": f"""
        select f.first_fault, count(*) as suppliers, count(*) filter (where f.is_duplicate) as duplicates
        from marts.fct_supplier_checks as f
        where {UNIT}
        group by f.first_fault
    """,
    "faulty_suppliers": f"""
        select f.supplier_id, f.supplier_name, f.business_unit, f.first_fault, f.reviewed_date, f.duplicate_evidence, {SOURCE}
        from marts.fct_supplier_checks as f
        where (not f.is_good or f.is_duplicate) and {UNIT}
        order by f.is_duplicate desc, f.first_fault, f.reviewed_date, f.supplier_id limit 40
    """,
}

"""Small aggregates for the page of fiscal documents and filings, asked by `windows.ask`."""

from __future__ import annotations

from dashboard.queries.windows import SOURCE, UNIT

QUERIES = {
    "rejections": f"""
        select f.status_code, any_value(f.status_reason) as status_reason, count(*) as transmissions,
            cast(sum(count(*)) over () as bigint) as all_rejections,
            (select count(*) from marts.fct_fiscal_transmissions as f
                where f.is_counted and f.sent_date > $since and {UNIT}) as all_transmissions
        from marts.fct_fiscal_transmissions as f
        where f.is_rejected and f.sent_date > $since and {UNIT}
        group by f.status_code order by transmissions desc, f.status_code limit 8
    """,
    # By the day of authorisation, as the rate of cancellations is.
    "documents": f"""
        select cast(date_trunc($grain, f.authorised_date) as date) as period_start, count(*) as documents,
            count(*) filter (where f.is_cancelled and not f.is_cancelled_late) as cancelled_in_time,
            count(*) filter (where f.is_cancelled_late) as cancelled_late,
            cast(sum(case when f.is_cancelled then f.total_brl else 0 end) as double) as cancelled_brl
        from marts.fct_fiscal_documents as f
        where f.is_counted and f.authorised_date >= $first and f.authorised_date <= $as_of and {UNIT}
        group by period_start order by period_start
    """,
    "filings": f"""
        select cast(date_trunc($grain, f.due_date) as date) as period_start,
            count(*) filter (where f.is_on_time) as on_time,
            count(*) filter (where not f.is_on_time and f.is_filed) as late,
            count(*) filter (where not f.is_filed) as missing
        from marts.fct_tax_filings as f
        where f.is_due and f.due_date >= $first and {UNIT}
        group by period_start order by period_start
    """,
    "filings_late": f"""
        select f.obligation, f.period, f.business_unit, f.due_date, f.filed_date, f.status, f.days_late, {SOURCE}
        from marts.fct_tax_filings as f
        where f.is_due and not f.is_on_time and f.due_date >= $first and {UNIT}
        order by f.is_filed, f.due_date desc, f.obligation limit 12
    """,
    # On the company's own sales: what the notes state, before credits.
    "taxes": f"""
        select cast(date_trunc($grain, f.authorised_date) as date) as period_start,
            cast(sum(f.total_brl) as double) as total,
            cast(coalesce(sum(f.icms_brl), 0) as double) as icms, cast(coalesce(sum(f.icms_st_brl), 0) as double) as icms_st,
            cast(coalesce(sum(f.ipi_brl), 0) as double) as ipi, cast(coalesce(sum(f.pis_brl), 0) as double) as pis,
            cast(coalesce(sum(f.cofins_brl), 0) as double) as cofins
        from marts.fct_fiscal_documents as f
        where f.is_sale and f.authorised_date >= $first and f.authorised_date <= $as_of and {UNIT}
        group by period_start order by period_start
    """,
    "number_gaps": f"""
        select f.model, f.series, f.business_unit, f.first_number, f.last_number, f.count_numbers, f.count_declared,
            f.date_before as note_before_date, f.date_after as note_after_date, {SOURCE}, f.is_declared,
            cast(sum(f.count_numbers) over () as bigint) as all_numbers,
            cast(sum(f.count_declared) over () as bigint) as all_declared
        from marts.fct_fiscal_number_gaps as f
        where {UNIT}
        order by f.is_declared, f.date_after desc, f.series, f.first_number limit 12
    """,
}

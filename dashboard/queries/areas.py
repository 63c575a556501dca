"""Small aggregates for the charts of the area pages. Their parameters are those of `windows.ask`."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from dashboard.published import Publication
from dashboard.queries.windows import SOURCE, UNIT, ask

QUERIES = {
    "score_counts": f"""
        select f.score, count(*) as responses
        from marts.fct_survey_responses as f
        where f.is_answered and f.score is not null and f.answered_date > $since and f.answered_date <= $as_of and {UNIT}
        group by f.score order by f.score
    """,
    "score_by_segment": f"""
        select f.segment as member, cast(sum(f.promoters) as bigint) as promoters,
            cast(sum(f.detractors) as bigint) as detractors, cast(sum(f.responses) as bigint) as responses
        from metrics.kpi_nps as f
        where f.date_day > $since and f.date_day <= $as_of and {UNIT}
        group by f.segment having sum(f.responses) > 0 order by member
    """,
    "comments": f"""
        select f.answered_date, f.score, f.comment, f.business_unit, f.segment,
            {SOURCE}
        from marts.fct_survey_responses as f
        where f.is_answered and f.comment is not null and f.score <= 6
            and f.answered_date > $since and f.answered_date <= $as_of and {UNIT}
        order by f.answered_date desc, f.score, f.response_id limit 40
    """,
    "payables_ageing": f"""
        select
            case
                when $as_of <= f.effective_due_date then 'not_overdue'
                when $as_of - f.effective_due_date <= 30 then '1_to_30'
                when $as_of - f.effective_due_date <= 60 then '31_to_60'
                when $as_of - f.effective_due_date <= 90 then '61_to_90'
                else 'over_90'
            end as ageing_band,
            count(*) as documents, cast(sum(f.amount_brl) as double) as amount_brl
        from marts.fct_payables as f
        where f.is_measured and not f.is_paid and {UNIT}
        group by ageing_band
    """,
    # By code: several suppliers may have one name, and one supplier's documents other spellings of it.
    "overdue_suppliers": f"""
        select any_value(f.supplier_name) as supplier_name, f.supplier_id, count(*) as documents, cast(sum(f.amount_brl) as double) as amount_brl,
            min(f.effective_due_date) as due_date,
            count(*) over () as parties, cast(sum(sum(f.amount_brl)) over () as double) as all_brl
        from marts.fct_payables as f
        where f.is_measured and not f.is_paid and f.effective_due_date < $as_of and {UNIT}
        group by f.company, f.supplier_id order by amount_brl desc, f.supplier_id limit 12
    """,
    "error_kinds": f"""
        select f.error_kind as member, count(*) as entries, cast(sum(f.value_brl) as double) as amount,
            cast(sum(count(*)) over () as bigint) as all_entries
        from marts.fct_journal_entries as f
        where f.is_measured and f.is_error and f.posting_date > $since and {UNIT}
        group by f.error_kind order by entries desc, member
    """,
    "error_modules": f"""
        select coalesce(f.module, 'unknown') as member, count(*) as entries, cast(sum(f.value_brl) as double) as amount,
            cast(sum(count(*)) over () as bigint) as all_entries
        from marts.fct_journal_entries as f
        where f.is_measured and f.is_error and f.posting_date > $since and {UNIT}
        group by member order by entries desc, member limit 8
    """,
    "largest_errors": f"""
        select f.entry_id, f.posting_date, f.business_unit, f.module, f.error_kind, f.correction_date,
            cast(f.value_brl as double) as amount_brl, {SOURCE}
        from marts.fct_journal_entries as f
        where f.is_measured and f.is_error and f.posting_date > $since and f.posting_date <= $as_of and {UNIT}
        order by f.value_brl desc, f.entry_id limit 12
    """,
    "objectives": f"""
        select f.objective_id, f.business_unit, f.title, f.cycle, cast(f.score as double) as score,
            cast(f.expected_by_now as double) as expected, f.band, f.is_at_risk
        from marts.fct_objectives as f
        where $as_of between f.cycle_start_date and f.cycle_end_date and {UNIT}
        order by f.business_unit, f.objective_id
    """,
    "key_results": f"""
        select f.objective_id, f.title, f.ambition, cast(f.start_value as double) as start_value,
            cast(f.current_value as double) as current_value, cast(f.target_value as double) as target_value, f.unit,
            cast(f.progress as double) as progress, cast(f.projected_end_value as double) as projected_end_value,
            cast(f.projected_low as double) as projected_low, cast(f.projected_high as double) as projected_high,
            f.kpi, f.check_in_date,
            {SOURCE}
        from marts.fct_key_results as f
        where {UNIT} order by f.objective_id, f.key_result_id
    """,
    "cash_flows": f"""
        select cast(date_trunc('quarter', f.flow_date) as date) as quarter, f.scenario,
            cast(sum(f.amount_brl) as double) as amount
        from marts.fct_project_cash_flows as f
        -- As in the KPIs: what has come up to the as-of date, what is planned after it, never both of one day.
        where f.is_in_outlook and (f.scenario = 'realised') = (f.flow_date <= $as_of) and {UNIT}
        group by quarter, f.scenario order by quarter, f.scenario
    """,
    "projects": f"""
        select f.project, f.name, f.business_unit, f.status, cast(f.approved_amount_brl as double) as approved_amount_brl,
            cast(f.cost_to_date_brl as double) as cost_to_date_brl,
            cast(f.benefit_to_date_brl as double) as benefit_to_date_brl, f.horizon_date
        from marts.fct_projects as f where {UNIT} order by f.project
    """,
    "open_tickets": f"""
        select f.desk as member, f.breached_date is not null and f.breached_date <= $as_of as is_breached,
            count(*) as tickets
        from marts.fct_tickets as f
        where f.is_open and not f.is_cancelled and {UNIT}
        group by f.desk, is_breached order by f.desk
    """,
    "oldest_tickets": f"""
        select f.ticket_id, f.business_unit, f.desk, f.category, f.priority, f.opened_date,
            round(f.business_minutes_elapsed / 60.0, 1) as business_hours,
            {SOURCE}
        from marts.fct_tickets as f
        where f.is_open and not f.is_cancelled and {UNIT}
        order by f.business_minutes_elapsed desc, f.ticket_id limit 12
    """,
}


def area_table(publication: Publication, name: str, unit: str, grain: str = "week") -> pl.DataFrame:
    """The rows of one of QUERIES for a unit ('all' for every one). Raises KeyError for an unknown name."""
    return ask(publication, QUERIES[name], unit, grain)


@lru_cache(maxsize=32)
def latest_by_project(
    publication: Publication, kpis: tuple[str, ...]
) -> dict[str, dict[str, tuple[float | None, str]]]:
    """KPI → project → (value, state) in the last complete month."""
    sql = """
        select kpi, member, value, state from (
            select kpi, member, value, state, row_number() over (partition by kpi, member order by period_start desc) as age
            from kpi.kpi_values
            where grain = 'month' and dimension = 'project' and not is_partial and list_contains(?, kpi)
        )
        where age = 1
    """
    found: dict[str, dict[str, tuple[float | None, str]]] = {}
    for kpi, member, value, state in publication.fetch(sql, (list(kpis),)).iter_rows():
        found.setdefault(kpi, {})[member] = (value, state)
    return found

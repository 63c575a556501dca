"""Small aggregates for the page of legal affairs, asked by `windows.ask`."""

from __future__ import annotations

from dashboard.queries.windows import SOURCE, UNIT

MONTHS_AHEAD = 12
IN_FORCE = "f.is_in_force"

QUERIES = {
    # The notice date decides: after it a contract renews or ends whatever anybody wishes.
    "contracts_ahead": f"""
        select cast(date_trunc('month', f.notice_date) as date) as month_start, count(*) as contracts,
            cast(coalesce(sum(f.value_brl), 0) as double) as amount_brl,
            count(*) filter (where f.notice_date <= cast($as_of as date) + 90) as within_90,
            cast(coalesce(sum(case when f.notice_date <= cast($as_of as date) + 90 then f.value_brl end), 0) as double)
                as within_90_brl
        from marts.fct_contracts as f
        where {IN_FORCE} and f.notice_date >= $as_of
            and f.notice_date < date_trunc('month', cast($as_of as date)) + interval {MONTHS_AHEAD} month and {UNIT}
        group by month_start order by month_start
    """,
    "notices_passed": f"""
        select count(*) as contracts from marts.fct_contracts as f
        where {IN_FORCE} and f.notice_date < $as_of and {UNIT}
    """,
    "next_notices": f"""
        select f.contract_id, f.title, f.kind, f.counterparty, f.business_unit, f.notice_date,
            f.notice_date - cast($as_of as date) as days_left, f.end_date, cast(f.value_brl as double) as value_brl, {SOURCE}
        from marts.fct_contracts as f
        where {IN_FORCE} and f.notice_date >= $as_of and {UNIT}
        order by f.notice_date, f.value_brl desc, f.contract_id limit 12
    """,
    "lawsuits": f"""
        select f.loss_class, f.nature, count(*) as lawsuits, cast(coalesce(sum(f.amount_brl), 0) as double) as amount_brl
        from marts.fct_lawsuit_days as f
        where f.date_day = $as_of and {UNIT}
        group by f.loss_class, f.nature order by f.loss_class, amount_brl desc
    """,
    # The cases are kept for the ends of weeks and months only; the exposure for every day.
    "lawsuits_a_year_ago": f"""
        select cast(coalesce(sum(case when f.loss_class = 'probable' then f.numerator end), 0) as double) as amount_brl,
            count(*) as known
        from metrics.kpi_litigation_exposure as f
        where f.date_day = cast(cast($as_of as date) - interval 1 year as date) and {UNIT}
    """,
    "actions": f"""
        select case
                when f.due_date < cast($as_of as date) - 30 then 'overdue_over_30'
                when f.due_date < cast($as_of as date) then 'overdue_30'
                when f.due_date <= cast($as_of as date) + 30 then 'next_30'
                when f.due_date <= cast($as_of as date) + 90 then 'next_90'
                else 'later'
            end as band,
            count(*) as actions
        from marts.fct_compliance_actions as f
        where f.done_date is null and not f.is_cancelled and {UNIT}
        group by band
    """,
    "actions_done": f"""
        select count(*) filter (where f.is_on_time) as on_time, count(*) as due
        from marts.fct_compliance_actions as f
        where f.is_due and f.due_date > $since and {UNIT}
    """,
    "open_actions": f"""
        select f.action_id, f.title, f.subject, f.business_unit, f.responsible, f.due_date, {SOURCE}
        from marts.fct_compliance_actions as f
        where f.done_date is null and not f.is_cancelled and {UNIT}
        order by f.due_date, f.action_id limit 40
    """,
}

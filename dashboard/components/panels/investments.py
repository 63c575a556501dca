"""Investments: the cash of all projects over time, and each project's returns with their states."""

from __future__ import annotations

import polars as pl

from dashboard import formats, vocabulary
from dashboard.charts.bars import Flow, cash_flow_columns
from dashboard.charts.template import nice_ticks
from dashboard.components.area import empty, listing, panel
from dashboard.language import _, active
from dashboard.published import Publication
from dashboard.queries.areas import area_table, latest_by_project
from dashboard.queries.definitions import definitions

RETURNS = ("investment_irr", "investment_npv", "payback_months", "roi", "investment_budget_overrun")


def cash_flows(publication: Publication, unit: str) -> None:
    """Net cash by quarter: realised solid, planned hollow, and the running total."""
    question = _("When does the money come back?")
    rows = area_table(publication, "cash_flows", unit)
    if rows.is_empty():
        empty(publication, "fct_project_cash_flows", unit, question, _("No cash flow is known."))
        return
    quarters = rows.pivot(on="scenario", index="quarter", values="amount").sort("quarter").fill_null(0.0)
    for scenario in ("realised", "planned"):
        if scenario not in quarters.columns:
            quarters = quarters.with_columns(pl.lit(0.0).alias(scenario))
    quarters = quarters.with_columns((pl.col("realised") + pl.col("planned")).cum_sum().alias("running"))
    flows = []
    for quarter, realised, planned, running in quarters.select("quarter", "realised", "planned", "running").iter_rows():
        name = formats.period(quarter, "quarter")
        hover = "<br>".join(
            [
                f"<b>{name}</b>",
                f"{_('realised')}: {formats.money_compact(realised)}",
                f"{_('planned')}: {formats.money_compact(planned)}",
                f"{_('running total')}: {formats.money_compact(running)}",
            ]
        )
        flows.append(Flow(name, realised, planned, running, hover))
    levels = [value for flow in flows for value in (flow.realised + flow.planned, flow.running)]
    ticks = [(tick, formats.money_compact(tick, is_tick=True)) for tick in nice_ticks(min(levels), max(levels))]
    answer = _("{realised} so far, {planned} planned: {running} in the end.").format(
        realised=formats.money_compact(sum(flow.realised for flow in flows), signed=True),
        planned=formats.money_compact(sum(flow.planned for flow in flows), signed=True),
        running=formats.money_compact(flows[-1].running, signed=True),
    )
    names = [formats.period(quarter, "quarter") for quarter in quarters["quarter"]]
    table = quarters.select(pl.Series("period", names), "realised", "planned", pl.col("running").alias("running_total"))
    panel(publication, question, answer, cash_flow_columns(flows, ticks), "cash_flows", table, kpi="investment_npv",
          note=_(":blue[■] realised · :blue[□] planned · grey line: running total, by quarter"))  # fmt: skip


def projects(publication: Publication, unit: str) -> None:
    """A row a project; a return that has no number says why."""
    question = _("What does each project return?")
    rows = area_table(publication, "projects", unit)
    if rows.is_empty():
        empty(publication, "fct_projects", unit, question, _("No project is known."))
        return
    latest = latest_by_project(publication, RETURNS)
    catalogue = definitions(publication, active())
    shown = rows.select("name", "business_unit", "approved_amount_brl", "cost_to_date_brl")
    for kpi in RETURNS:
        if kpi not in catalogue:
            continue
        texts = []
        for project in rows["project"]:
            value, state = latest.get(kpi, {}).get(project, (None, "no_data"))
            known = value is not None
            texts.append(
                formats.quantity(value, catalogue[kpi].unit, catalogue[kpi].decimals, compact=True)
                if known
                else vocabulary.state(state)
            )
        shown = shown.with_columns(pl.Series(catalogue[kpi].label, texts))
    listing(publication, "fct_projects", unit, question, "", shown, kpi="roi")

"""Investments: the cash of all projects over time, and each project's returns with their states."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import formats, vocabulary
from dashboard.charts.bars import Flow, cash_flow_columns
from dashboard.charts.template import nice_ticks
from dashboard.codes import worded
from dashboard.components.area import chart, nothing
from dashboard.components.tables import draw
from dashboard.language import _, active
from dashboard.published import Publication
from dashboard.queries.areas import area_table, latest_by_project
from dashboard.queries.definitions import business_units, definitions

RETURNS = ("investment_irr", "investment_npv", "payback_months", "roi", "investment_budget_overrun")


def cash_flows(publication: Publication, unit: str) -> None:
    """Net cash by quarter: realised solid, planned hollow, and the running total."""
    st.subheader(_("Cash flow of all projects, by quarter"), anchor=False)
    rows = area_table(publication, "cash_flows", unit)
    if rows.is_empty():
        nothing(_("No cash flow is known."))
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
    ticks = [(tick, formats.money_compact(tick)) for tick in nice_ticks(min(levels), max(levels))]
    chart(cash_flow_columns(flows, ticks), "cash_flows", _("Net cash flow by quarter, realised and planned"))
    st.caption(_(":blue[■] realised · :blue[□] planned · grey line: running total"))


def projects(publication: Publication, unit: str) -> None:
    """A row a project; a return that has no number says why."""
    st.subheader(_("Projects"), anchor=False)
    rows = area_table(publication, "projects", unit)
    if rows.is_empty():
        nothing(_("No project is known."))
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
    draw(worded(shown, business_units(publication)), _("Projects with their returns"))

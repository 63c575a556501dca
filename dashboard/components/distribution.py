"""How a duration is spread: the survival curve of the period's life table, against the period before."""

from __future__ import annotations

import streamlit as st

from dashboard import formats
from dashboard.charts.survival import survival_chart
from dashboard.charts.template import CONFIG
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point, life_tables_around


def distribution(publication: Publication, definition: Definition, focus: Point, grain: str) -> None:
    """The curve of the month (or quarter) that holds the period, and in grey the one before it."""
    curve_grain = "quarter" if grain == "quarter" else "month"
    dimension, member = focus.dimension, focus.member
    if dimension not in ("total", "business_unit"):
        dimension, member = "total", "total"
    tables = life_tables_around(publication, definition.name, curve_grain, focus.period_start, dimension, member)
    if not tables:
        return
    st.subheader(_("Distribution"), anchor=False)
    (start, curve), *rest = tables.items()
    name = formats.period(start, curve_grain)
    before_start, before = rest[0] if rest else (None, [])
    before_name = formats.period(before_start, curve_grain) if before_start else ""
    st.plotly_chart(
        survival_chart(curve, definition.unit, before, (name, before_name)),
        config=CONFIG,
        key="survival",
        alt=_("Share still open by age, {period}").format(period=name),
    )
    caption = _("Share still open by age: :blue[**{period}**]").format(period=name)
    if before_name:
        caption += _(", in grey {period}").format(period=before_name)
    st.caption(caption + ". " + _("Open cases count as long as they are open (Kaplan–Meier)."))

"""Durations: the survival curve of the last complete month, as on the KPI page."""

from __future__ import annotations

import streamlit as st

from dashboard import formats, state
from dashboard.charts.survival import survival_chart
from dashboard.components.area import chart, nothing
from dashboard.language import _, active
from dashboard.published import Publication
from dashboard.queries.definitions import definitions
from dashboard.queries.publication import stamp
from dashboard.queries.values import life_tables_around


def still_open(kpi: str, publication: Publication, unit: str) -> None:
    """The share still open by age, in the last complete month and, in grey, the month before."""
    definition = definitions(publication, active())[kpi]
    st.subheader(_("{label}: share still open by age").format(label=definition.label), anchor=False)
    dimension, member = ("total", "total") if unit == state.ALL else ("business_unit", unit)
    last_of_month_before = stamp(publication).as_of.replace(day=1)
    before_this_month = last_of_month_before.fromordinal(last_of_month_before.toordinal() - 1)
    tables = life_tables_around(publication, kpi, "month", before_this_month, dimension, member)
    if not tables:
        nothing(_("Too few cases for a curve."))
        return
    (start, curve), *rest = tables.items()
    before_start, before = rest[0] if rest else (None, [])
    names = (formats.period(start, "month"), formats.period(before_start, "month") if before_start else "")
    figure = survival_chart(curve, definition.unit, before, names, height=230)
    chart(figure, f"still_open_{kpi}", _("Share still open by age, {period}").format(period=names[0]))
    caption = _("Share still open by age: :blue[**{period}**]").format(period=names[0])
    if before_start:
        caption += _(", in grey {period}").format(period=names[1])
    st.caption(caption)

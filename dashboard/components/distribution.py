"""How the cases behind a figure are spread: a duration's survival curve, any other KPI's records in columns."""

from __future__ import annotations

from math import floor

import streamlit as st

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, columns
from dashboard.charts.survival import curve_note, survival_chart
from dashboard.charts.template import CONFIG, ORDINARY, nice_ticks
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries import records
from dashboard.queries.definitions import Definition
from dashboard.queries.records import Extent, RecordQuestion
from dashboard.queries.values import Point, life_tables_around

COLUMNS = 18  # about as many as a phone can show
LABELS = 6


def distribution(
    publication: Publication, definition: Definition, focus: Point, grain: str, question: RecordQuestion
) -> None:
    """The section; nothing where records have no value."""
    if definition.kind == "duration":
        survival(publication, definition, focus, grain)
    else:
        histogram(publication, definition, question)


def histogram(publication: Publication, definition: Definition, question: RecordQuestion) -> None:
    """The values of the records behind the figure, in columns of equal width; what lies far out is in the outer ones."""
    extent = records.extent(publication, question)
    if extent is None or extent.low == extent.high:
        return
    edges = spaced(extent)
    counted = records.counts(publication, question, edges)
    name = definition.records_value_column or ""
    st.header(_("Distribution"), anchor=False)
    bars = []
    every = -(-len(counted) // LABELS)
    unit = "brl" if name.endswith("_brl") else "ratio"
    for place, count in enumerate(counted):
        low, high = (formats.tick(edge, edges, unit) for edge in edges[place : place + 2])
        label = low if extent.is_whole and edges[1] - edges[0] == 1 else f"{low} – {high}"
        share = formats.percent(count / extent.count)
        bars.append(
            Bar(low if place % every == 0 else "", count, "", ORDINARY, f"{label}: {formats.number(count)} ({share})")
        )
    title = vocabulary.column(name)
    st.plotly_chart(
        columns(bars), config=CONFIG, key="distribution",
        alt=_("{column} of {count} records").format(column=title, count=formats.number(extent.count)),
    )  # fmt: skip
    text = _(
        "{column} of the {count} records behind the figure; half lie below {median}. The outer columns take what lies beyond."
    )
    told = text.format(column=title, count=formats.number(extent.count), median=_value(name, extent.median))
    st.caption(formats.markdown(told))


def spaced(extent: Extent) -> tuple[float, ...]:
    """Round edges from the lowest to the highest value, about COLUMNS of them; whole numbers get columns of their own."""
    if extent.is_whole and extent.high - extent.low <= COLUMNS:
        return tuple(float(edge) for edge in range(floor(extent.low), floor(extent.high) + 2))
    if extent.low == extent.high:
        return (extent.low, extent.low + 1.0)
    ticks = nice_ticks(extent.low, extent.high, COLUMNS)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else extent.high - extent.low
    low = ticks[0] if ticks[0] <= extent.low else ticks[0] - step
    count = int((extent.high - low) / step) + 1
    return tuple(round(low + place * step, 9) for place in range(count + 1))


def _value(column: str, value: float) -> str:
    """A value in the unit that the column's name tells."""
    if column.endswith("_brl"):
        return formats.money_compact(value)
    return formats.number(value, 0 if value == int(value) else 1)


def survival(publication: Publication, definition: Definition, focus: Point, grain: str) -> None:
    """The curve of the month (or quarter) that holds the period, and in grey the one before it."""
    curve_grain = "quarter" if grain == "quarter" else "month"
    dimension, member = focus.dimension, focus.member
    if dimension not in ("total", "business_unit"):
        dimension, member = "total", "total"
    tables = life_tables_around(publication, definition.name, curve_grain, focus.period_start, dimension, member)
    if not tables:
        return
    st.header(_("Distribution"), anchor=False)
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
    st.caption(curve_note((name, before_name), _("the whole company") if dimension != focus.dimension else ""))

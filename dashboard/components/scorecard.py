"""The scorecard: a row per KPI. On a wide screen the cells stand in columns; on a phone they wrap below the name."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from dashboard import formats, state, vocabulary
from dashboard.charts.sparkline import Mark, sparkline
from dashboard.components import signals
from dashboard.headlines import Headline
from dashboard.language import _
from dashboard.navigation import page
from dashboard.queries.values import Point

# Pixels: one line on a laptop of 1280 pixels with the menu open. On a phone of 390 pixels the name takes a line of its own and the other cells stand two by two.
NAME, VALUE, TARGET, CHANGE, PICTURE = 232, 132, 132, 150, 140
PERIODS = 26  # shown in a sparkline: half a year of weeks


def marks(points: Sequence[Point]) -> list[Mark]:
    """Points as a sparkline takes them."""
    return [
        Mark(
            point.value,
            point.lower_limit,
            point.upper_limit,
            point.centre,
            point.direction if point.rule else None,
            point.is_partial,
        )
        for point in points
    ]


def picture(row: Headline, grain: str) -> str:
    """The sparkline of a row, with a title for people who cannot see it."""
    definition = row.definition
    latest = formats.quantity(row.latest.value, definition.unit, definition.decimals) if row.latest else formats.MISSING
    title = _("{label}, last {periods}: {value}").format(
        label=definition.label, periods=vocabulary.periods(len(row.points), grain), value=latest
    )
    return sparkline(
        marks(row.points),
        title=title,
        target=row.latest.target if row.latest else definition.target,
        width=PICTURE,
        height=40,
    )


def legend(grain: str) -> None:
    """How to read a row, in one grey line."""
    text = _(
        "Value with its 95 % interval · target, and whether the process can reach it · change against the period before"
        " · last {periods}."
    )
    st.caption(
        text.format(periods=vocabulary.periods(PERIODS, grain))
        + f"  \n:blue[▲] {vocabulary.direction('better')} · :orange[■] {vocabulary.direction('worse')}"
        + f" · :violet[◆] {vocabulary.direction('changed')} · ○ {vocabulary.state('provisional')} · "
        + _("grey band: ordinary variation · dashed line: target")
    )


def scorecard(rows: Sequence[Headline], grain: str, warned: Collection[str]) -> None:
    """All rows, grouped by area; `warned` are the KPIs with a test that did not pass."""
    for area in dict.fromkeys(row.definition.area for row in rows):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="xxsmall"):
            st.subheader(vocabulary.area(area), anchor=False, width="content")
            st.page_link(page(area), label=":gray[:material/arrow_forward:]", icon="", query_params=state.link())
        with st.container(border=True, gap="small"):
            for row in (row for row in rows if row.definition.area == area):
                scorecard_row(row, grain, row.definition.name in warned)
    legend(grain)


def scorecard_row(row: Headline, grain: str, warned: bool = False) -> None:
    """One KPI: name, value with interval, target with assurance, change with signal, sparkline with limits."""
    definition, latest = row.definition, row.latest
    notes = ["data_warning"] if warned else []
    if latest is not None and latest.value is not None and latest.state not in ("ok", "no_target"):
        notes.append(latest.state)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small",
        key=f"row_{definition.name}",
    ):  # fmt: skip
        st.page_link(
            page("kpi"), label=f"**{formats.markdown(definition.label)}**", icon="", width=NAME,
            query_params=state.link({"kpi": definition.name}),
        )  # fmt: skip
        st.markdown(signals.value(latest, definition, notes), width=VALUE)
        st.markdown(signals.target(latest, definition), width=TARGET)
        st.markdown(signals.change(latest, definition), width=CHANGE)
        st.image(picture(row, grain), width=PICTURE)

"""What of a frozen week's figures is another today, above a tolerance; each opens to the rows that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, navigation, state
from dashboard.components import downloads
from dashboard.components.restatement_rows import explanation
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.snapshots import Snapshot, restatements
from dashboard.reports.notes import cause, figure, moved
from kpis.restatements import beyond

TOLERANCES = ("0", "0.001", "0.005", "0.01", "0.05", "0.1")
TOLERANCE = "0.005"
PAGE_SIZE = 25
NAME, MOVE = 290, 310


def tolerance_words(code: str) -> str:
    """`more than 0.5 %`."""
    if code == "0":
        return _("every difference")
    return _("more than {size}").format(size=formats.percent(float(code), 1))


def restated(
    publication: Publication,
    snapshot: Snapshot,
    catalogue: Mapping[str, Definition],
    scope: tuple[str, str],
    units: Mapping[str, str],
) -> None:
    """How many figures are others, the choice of the tolerance, and a line a figure."""
    every = restatements(publication, snapshot.week, *scope).filter(pl.col("kpi").is_in(list(catalogue)))
    if every.is_empty():
        st.success(_("Every figure is today what was reported."), icon=":material/check:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        tolerance = state.select(
            "tolerance", _("Tolerance"), TOLERANCES, default=TOLERANCE, words=tolerance_words, width=200,
        )  # fmt: skip
        found = beyond(every, float(tolerance))
        text = plural(
            "{count} figure has another value today; {beyond} beyond the tolerance.",
            "{count} figures have another value today; {beyond} beyond the tolerance.", every.height,
        )  # fmt: skip
        st.markdown(text.format(count=formats.number(every.height), beyond=formats.number(found.height)))
    st.caption(
        _("Shares differ by percentage points, scores by points of 100, all others by percent of what was reported; a"
          " figure that came or went always counts.")
    )  # fmt: skip
    if found.is_empty():
        st.caption(_("Choose a smaller tolerance to see the others."))
        return
    opened = state.read("restated")
    names = [f"{row['kpi']}.{row['grain']}" for row in found.iter_rows(named=True)]
    pages = -(-found.height // PAGE_SIZE)
    first = names.index(opened) // PAGE_SIZE + 1 if opened in names else 1
    key = f"restated_{snapshot.week}_{tolerance}_{scope[1]}_{opened}"
    number = st.pagination(pages, default=first, key=key) if pages > 1 else 1
    with st.container(border=True, gap="small"):
        for place in range((number - 1) * PAGE_SIZE, min(number * PAGE_SIZE, found.height)):
            one = found.slice(place, 1)
            kpi = catalogue[one["kpi"].item()]
            _line(one.row(0, named=True), kpi, is_open=names[place] == opened, name=names[place])
            if names[place] == opened:
                _opened(publication, one, kpi, units)
    with st.container(horizontal=True, gap="small"):
        downloads.buttons(found, f"{snapshot.week}_restatements")


def _line(row: Mapping[str, Any], kpi: Definition, *, is_open: bool, name: str) -> None:
    period = "" if row["grain"] == "week" else f" :small[:gray[{formats.period(row['period_start'], row['grain'])}]]"
    icon = ":material/keyboard_arrow_down:" if is_open else ":material/keyboard_arrow_right:"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"restated_{name}"):
        with st.container(width=NAME):
            st.button(
                f"**{formats.markdown(kpi.label)}**{period}", icon=icon, type="tertiary", key=f"open_{name}",
                on_click=state.write, args=("restated", "" if is_open else name),
            )  # fmt: skip
        reported, now = (formats.markdown(figure(row, side, kpi)) for side in ("reported", "now"))
        difference = formats.markdown(moved(row, kpi))
        st.markdown(f":gray[{reported}] → **{now}** :small[({difference})]", width=MOVE)
        st.markdown(f":small[:gray[{cause(row) or _('time passed')}]]", width="stretch")


def _opened(publication: Publication, one: pl.DataFrame, kpi: Definition, units: Mapping[str, str]) -> None:
    where = {"kpi": kpi.name, "grain": one["grain"].item(), "period": one["period_start"].item().isoformat()}
    with st.container(border=True):
        explanation(publication, one, kpi, units)
        st.page_link(
            navigation.page("kpi"), label=_("The KPI's page"), icon=":material/show_chart:",
            query_params=state.link(where),
        )  # fmt: skip

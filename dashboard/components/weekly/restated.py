"""What of a frozen week's figures is another today, above a tolerance; each opens to the rows that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, navigation, state
from dashboard.components import downloads
from dashboard.components.linked import linked
from dashboard.components.restatement_lines import Line, lines
from dashboard.components.restatement_rows import explanation
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.snapshots import Snapshot, restatements
from kpis.restatements import beyond

TOLERANCES = ("0", "0.001", "0.005", "0.01", "0.05", "0.1")
TOLERANCE = "0.005"
PAGE_SIZE = 25
HERE = ("week", "view", "area", "tolerance")  # what a link to another figure of this view keeps


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
    shown = range((number - 1) * PAGE_SIZE, min(number * PAGE_SIZE, found.height))
    entries = [_line(found.row(place, named=True), catalogue, opened) for place in shown]
    # The rows behind the open figure stand below its line: the table is drawn in two parts.
    cut = next((place for place, name in enumerate(names[shown.start : shown.stop], 1) if name == opened), len(entries))
    linked(lines(entries[:cut], _("Indicator")), "restated_first")
    if opened in names[shown.start : shown.stop]:
        one = found.slice(names.index(opened), 1)
        _opened(publication, one, catalogue[one["kpi"].item()], units)
    if entries[cut:]:
        linked(lines(entries[cut:], _("Indicator")), "restated_rest")
    with st.container(horizontal=True, gap="small"):
        downloads.buttons(found, f"{snapshot.week}_restatements")


def _line(row: Mapping[str, Any], catalogue: Mapping[str, Definition], opened: str) -> Line:
    """A figure's line; its link opens it, or closes it where it is open."""
    kpi, name = catalogue[row["kpi"]], f"{row['kpi']}.{row['grain']}"
    here = {key: st.query_params[key] for key in HERE if key in st.query_params}
    period = "" if row["grain"] == "week" else formats.period(row["period_start"], row["grain"])
    if name == opened:
        return Line(row, kpi, kpi.label, here, period, "▾")
    return Line(row, kpi, kpi.label, {**here, "restated": name}, period)


def _opened(publication: Publication, one: pl.DataFrame, kpi: Definition, units: Mapping[str, str]) -> None:
    where = {"kpi": kpi.name, "grain": one["grain"].item(), "period": one["period_start"].item().isoformat()}
    with st.container(border=True):
        explanation(publication, one, kpi, units)
        st.page_link(
            navigation.page("kpi"), label=_("The KPI's page"), icon=":material/show_chart:",
            query_params=state.link(where),
        )  # fmt: skip

"""A KPI as it was reported beside what is known now: the legend of the diamonds in its chart, and every difference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard import formats, navigation, state
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.snapshots import reported_series, restatements_of
from dashboard.queries.values import Point
from dashboard.reports.notes import cause, figure, moved

SHOWN = 6  # differences told at once; the others on demand
PERIOD, MOVE = 150, 310


def reported_points(
    publication: Publication, kpi: str, grain: str, dimension: str, member: str
) -> Mapping[date, Point]:
    """The frozen figures of a KPI by period, for its chart."""
    found = reported_series(publication, kpi, grain, dimension, member)
    return {start: point for start, (_week, point) in found.items()}


def as_reported(publication: Publication, definition: Definition, grain: str, dimension: str, member: str) -> None:
    """What the diamonds mean, and a line for each frozen figure that is another today. Nothing before the first freeze."""
    frozen = reported_series(publication, definition.name, grain, dimension, member)
    if not frozen:
        return
    rows = restatements_of(publication, definition.name, grain, dimension, member).to_dicts()
    text = plural(
        "◇ as reported: {count} frozen figure; line: as known now.",
        "◇ as reported: {count} frozen figures; line: as known now.", len(frozen),
    ).format(count=formats.number(len(frozen)))  # fmt: skip
    if not rows:
        st.caption(f"{text} {_('Each stands as it was reported.')}")
        return
    st.caption(text)
    st.subheader(_("As reported, and as known now"), anchor=False)
    with st.container(gap="xsmall"):
        for row in rows[:SHOWN]:
            _line(row, definition)
    if len(rows) > SHOWN:
        more = _("{count} more").format(count=formats.number(len(rows) - SHOWN))
        with st.expander(more), st.container(gap="xsmall"):
            for row in rows[SHOWN:]:
                _line(row, definition)


def _line(row: Mapping[str, Any], definition: Definition) -> None:
    """One difference; its period leads to the rows that explain it, on the page of its week."""
    where = {"week": row["week"], "view": "restated", "tolerance": "0", "restated": f"{row['kpi']}.{row['grain']}"}
    reported, now = (formats.markdown(figure(row, side, definition)) for side in ("reported", "now"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            navigation.page("weekly"), label=formats.period(row["period_start"], row["grain"]), icon=":material/history:",
            query_params=state.link(where), width=PERIOD,
        )  # fmt: skip
        difference = formats.markdown(moved(row, definition))
        st.markdown(f":gray[{reported}] → **{now}** :small[({difference})]", width=MOVE)
        st.markdown(f":small[:gray[{cause(row) or _('time passed')}]]", width="stretch")

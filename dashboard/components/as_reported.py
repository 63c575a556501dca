"""A KPI as it was reported beside what is known now: the legend of the diamonds in its chart, and every difference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.components.linked import linked
from dashboard.components.restatement_lines import Line, lines
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.snapshots import reported_series, restatements_of
from dashboard.queries.values import Point

SHOWN = 6  # differences told at once; the others on demand


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
    st.header(_("As reported, and as known now"), anchor=False)
    linked(lines([_line(row, definition) for row in rows[:SHOWN]], _("Period")), "as_reported")
    if len(rows) > SHOWN:
        with st.expander(_("{count} more").format(count=formats.number(len(rows) - SHOWN))):
            linked(lines([_line(row, definition) for row in rows[SHOWN:]], _("Period")), "as_reported_rest")


def _line(row: Mapping[str, Any], definition: Definition) -> Line:
    """One difference; its period leads to the rows that explain it, on the page of its week."""
    where = {"week": row["week"], "view": "restated", "tolerance": "0", "restated": f"{row['kpi']}.{row['grain']}"}
    return Line(row, definition, formats.period(row["period_start"], row["grain"]), where)

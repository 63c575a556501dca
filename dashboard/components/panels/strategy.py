"""Strategy: objectives against where they should be by now, and their key results."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import formats
from dashboard.charts.bars import Progress, progress_bars
from dashboard.charts.template import BETTER, ORDINARY, WORSE
from dashboard.components.area import empty, listing, panel
from dashboard.components.panels.timelines import total
from dashboard.language import _, active, plural
from dashboard.published import Publication
from dashboard.queries.areas import area_table
from dashboard.queries.definitions import definitions

COLOURS = {"green": BETTER, "yellow": ORDINARY, "red": WORSE}


def objectives(publication: Publication, unit: str) -> None:
    """Each objective of the running cycle: score, and a tick where it should stand today."""
    question = _("Where do our objectives stand?")
    rows = area_table(publication, "objectives", unit)
    if rows.is_empty():
        empty(publication, "fct_objectives", unit, question, _("No objective is running."))
        return
    bars = []
    for row in rows.iter_rows(named=True):
        expected = None if row["expected"] is None else min(row["expected"], 1.0)
        risk = f" · {_('at risk')}" if row["is_at_risk"] else ""
        text = _("{score}, expected {expected}").format(
            score=formats.number(row["score"], 2), expected=formats.number(expected, 2)
        )
        colour = WORSE if row["is_at_risk"] else COLOURS.get(row["band"], ORDINARY)
        bars.append(Progress(f"{row['objective_id']} {row['title']}", row["score"], expected, text + risk, colour))
    at_risk = total(rows, "is_at_risk")
    answer = plural(
        "{risk} of {count} objectives of the running cycle is at risk.",
        "{risk} of {count} objectives of the running cycle are at risk.", at_risk,
    ).format(risk=formats.number(at_risk), count=formats.number(rows.height))  # fmt: skip
    panel(publication, question, answer, progress_bars(bars), "objectives", rows, kpi="okr_score",
          note=_("Bar: score from 0 to 1 · tick: where it should stand today · :orange[■] at risk"))  # fmt: skip


def key_results(publication: Publication, unit: str) -> None:
    """The key results of those objectives, from start to target, with file and line."""
    question = _("How far are the key results?")
    running = area_table(publication, "objectives", unit)["objective_id"]
    rows = area_table(publication, "key_results", unit).filter(pl.col("objective_id").is_in(running.to_list()))
    if rows.is_empty():
        empty(publication, "fct_key_results", unit, question, _("No key result is running."))
        return
    labels = {name: kpi.label for name, kpi in definitions(publication, active()).items()}
    named = rows.drop("unit").with_columns(pl.col("kpi").replace(labels))
    listing(publication, "fct_key_results", unit, question, "", named, kpi="okr_pace")
    st.caption(
        _(
            "Projected: least squares through the start and the check-ins of the cycle, with the range in which 80% of"
            " such values end. Committed results expect all of the way, aspirational ones 70%. Where a KPI is named, its"
            " figure for the cycle so far is the value."
        )
    )

"""The pack of a frozen week on the page: what changed in sentences, then the scorecard, all as it was reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from dashboard import formats, headlines
from dashboard.components.changes import what_changed
from dashboard.components.legend import legend
from dashboard.components.scorecard import scorecard
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.snapshots import Snapshot, redefined, reported, reported_units
from dashboard.queries.weeks import weeks_until

PERIODS = 26  # weeks in a picture, as in the pack


def reading(
    publication: Publication,
    snapshot: Snapshot,
    catalogue: Mapping[str, Definition],
    scope: tuple[str, str],
    area: str | None,
    units: Mapping[str, str],
) -> None:
    """Sentences and scorecard. With an area all its KPIs are shown, else those of the scorecard, as in the pack."""
    points = reported(publication, snapshot.week, *scope)
    before = weeks_until(publication, snapshot.start, *scope, PERIODS)
    runs = {
        name: [*(one for one in before.get(name, ()) if one.period_start < snapshot.start), point]
        for name, point in points.items()
    }
    every = headlines.headlines(catalogue, runs, area, only_headline=False)
    rows = [row for row in every if row.definition.name in points]
    if not rows:
        st.caption(_("Nothing was reported of this unit and area in this week."))
        return
    place = {"period": snapshot.start.isoformat(), "grain": "week"}
    by_unit = reported_units(publication, snapshot.week) if scope[0] == "total" else {}
    shown = [row for row in rows if area or row.definition.headline]
    what_changed(shown, [row for row in rows if row not in shown], "week", by_unit, units, place)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.header(_("Scorecard"), anchor=False, width="content")
        legend()
    totals = Counter(row.definition.area for row in rows)
    scorecard(shown, "week", None, "weekly_scorecard", totals=None if area else totals, place=place)
    st.caption(_("The last point of each picture is the figure as reported; the weeks before it are as known now."))
    others = redefined(publication, snapshot.week)
    labels = [row.definition.label for row in rows if row.definition.name in others]
    if labels:
        text = _("Reported by another definition than today's: {labels}.")
        st.caption(text.format(labels=formats.markdown("; ".join(labels))))

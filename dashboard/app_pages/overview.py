"""Overview: what changed this week, then the scorecard."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from dashboard import headlines, state, vocabulary
from dashboard.components import page
from dashboard.components.changes import what_changed
from dashboard.components.legend import legend
from dashboard.components.scorecard import PERIODS, doubts, scorecard
from dashboard.language import N_, _, active
from dashboard.queries.definitions import business_units, definitions
from dashboard.queries.overview import glance
from dashboard.queries.publication import troubles

publication = page.publication()
units = business_units(publication)
catalogue = definitions(publication, active())
areas = [state.ALL, *dict.fromkeys(kpi.area for kpi in catalogue.values())]


def filters() -> None:
    """Unit, grain and area, on the title line."""
    state.select(
        "unit",
        _("Business unit"),
        [state.ALL, *units],
        words=lambda code: units.get(code, _("All units")),
        width=172,
        label_visibility="collapsed",
    )
    state.select(
        "area",
        _("Area"),
        areas,
        words=lambda name: _("All areas") if name == state.ALL else vocabulary.area(name),
        width=168,
        label_visibility="collapsed",
    )
    state.segments("grain", _("Period"), state.GRAINS, words=vocabulary.grain, label_visibility="collapsed")


page.title_line(_("Overview"), filters)
page.stamp_line(publication)
grain = state.read("grain", state.GRAINS, "week")
area = state.read("area", areas, state.ALL)
dimension, member = state.scope()
if member not in units:
    dimension, member = "total", "total"

seen = glance(publication, grain, dimension, member, PERIODS)
every = headlines.headlines(catalogue, seen.points, None if area == state.ALL else area, only_headline=False)
rows = [row for row in every if row.definition.headline]
what_changed(rows, [row for row in every if not row.definition.headline], grain, seen.units, units)
page.stale_notice(publication, [row.definition.name for row in rows])

FILTERS = {
    state.ALL: (N_("All"), lambda row: True),
    "signals": (N_("With a signal"), lambda row: row.is_signal),
    "missed": (N_("Target missed"), headlines.misses_target),
}
counts = {name: sum(map(belongs, rows)) for name, (_title, belongs) in FILTERS.items()}
with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.header(_("Scorecard"), anchor=False, width="content")
    shown = state.segments(
        "show", _("Show"), list(FILTERS), label_visibility="collapsed",
        words=lambda name: f"{_(FILTERS[name][0])} ({counts[name]})",
    )  # fmt: skip
    legend()
chosen = [row for row in rows if FILTERS[shown][1](row)]
if chosen:
    totals = Counter(row.definition.area for row in every)
    scorecard(chosen, grain, doubts(troubles(publication)), "scorecard", totals=totals)
else:
    st.caption(_("No KPI of the scorecard is in this state."))

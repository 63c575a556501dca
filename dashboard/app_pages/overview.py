"""Overview: what changed this week, then the scorecard."""

from __future__ import annotations

from dashboard import headlines, state, vocabulary
from dashboard.components import page
from dashboard.components.changes import what_changed
from dashboard.components.scorecard import PERIODS, scorecard
from dashboard.language import _, active
from dashboard.queries.definitions import business_units, definitions
from dashboard.queries.publication import troubles
from dashboard.queries.values import overview

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

points = overview(publication, grain, dimension, member, PERIODS)
rows = headlines.headlines(catalogue, points, None if area == state.ALL else area)
what_changed(publication, rows, grain, is_total=dimension == "total", units=units)
page.stale_notice(publication, [row.definition.name for row in rows])
scorecard(rows, grain, troubles(publication).tests_by_kpi)

"""The pack of a frozen week on the page: what changed in sentences, then the scorecard, all as it was reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import formats, headlines, state
from dashboard.components.scorecard import scorecard
from dashboard.components.signals import direction_mark
from dashboard.headlines import Headline
from dashboard.language import _
from dashboard.navigation import page
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
    every = headlines.headlines(catalogue, runs, area, only_headline=area is None)
    rows = [row for row in every if row.definition.name in points]
    if not rows:
        st.caption(_("Nothing was reported of this unit and area in this week."))
        return
    _exceptions(publication, snapshot, rows, scope, units)
    scorecard(rows, "week", ())
    st.caption(_("The last point of each picture is the figure as reported; the weeks before it are as known now."))
    others = redefined(publication, snapshot.week)
    labels = [row.definition.label for row in rows if row.definition.name in others]
    if labels:
        text = _("Reported by another definition than today's: {labels}.")
        st.caption(text.format(labels=formats.markdown(", ".join(labels))))


def _exceptions(
    publication: Publication,
    snapshot: Snapshot,
    rows: Sequence[Headline],
    scope: tuple[str, str],
    units: Mapping[str, str],
) -> None:
    """One sentence for each KPI that carried a signal, and how many signals chance alone would give."""
    found = headlines.signalled(rows)
    by_unit = reported_units(publication, snapshot.week) if scope[0] == "total" else {}
    st.subheader(_("What had changed, as reported"), anchor=False)
    with st.container(gap="xsmall"):
        for row in found:
            cause = headlines.main_cause(row, by_unit.get(row.definition.name, ()))
            _sentence(row, snapshot, units.get(cause, cause) if cause else None)
    parts = [] if found else [_("Nothing beyond ordinary variation.")]
    chance = _("Chance alone would give about {expected} signals among {count} KPIs.")
    expected = formats.number(headlines.expected_by_chance(rows), 1)
    parts.append(chance.format(expected=expected, count=headlines.watched(rows)))
    st.caption(" ".join(parts))


def _sentence(row: Headline, snapshot: Snapshot, cause: str | None) -> None:
    mark = direction_mark(row.latest.direction if row.latest else None)
    where = {"kpi": row.definition.name, "period": snapshot.start.isoformat(), "grain": "week"}
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
        st.page_link(
            page("kpi"), label=f"{mark} **{formats.markdown(row.definition.label)}**", icon="",
            query_params=state.link(where),
        )  # fmt: skip
        st.markdown(formats.markdown(headlines.sentence(row, "week", cause)))

"""One KPI: its figure, behaviour, breakdowns, why it changed, distribution, records and definition."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import formats, navigation, state, vocabulary
from dashboard.charts.behaviour import behaviour_chart, behaviour_description
from dashboard.charts.reported import with_reported
from dashboard.charts.template import CONFIG
from dashboard.components import page
from dashboard.components.annotations import annotations_of, annotations_panel, remarks
from dashboard.components.as_reported import as_reported, reported_points
from dashboard.components.breakdown import breakdown
from dashboard.components.definition_card import definition_card
from dashboard.components.distribution import distribution
from dashboard.components.headline import headline, verdict
from dashboard.components.records import record_table
from dashboard.components.why import why_did_it_change
from dashboard.language import _, active
from dashboard.queries import values
from dashboard.queries.definitions import business_units, definition_changes, definitions, member_labels
from dashboard.queries.publication import stamp
from dashboard.queries.records import behind

LENGTHS = {"week": 78, "month": 30, "quarter": 12}  # periods in the behaviour chart
BREAKDOWN_PERIODS = {"week": 26, "month": 18, "quarter": 8}

publication = page.publication()
units = business_units(publication)
catalogue = definitions(publication, active())
names = list(catalogue)
name = state.read("kpi", names, names[0])
definition = catalogue[name]
member = state.read("member") if state.read("by") in definition.dimensions else ""


def filters() -> None:
    """KPI, unit and grain, on the title line."""
    state.select(
        "kpi", _("KPI"), names, words=lambda kpi: catalogue[kpi].label, clears=("by", "member", "period", "against"),
        width=230, label_visibility="collapsed",
    )  # fmt: skip
    if not member:
        state.select(
            "unit", _("Business unit"), [state.ALL, *units], words=lambda code: units.get(code, _("All units")),
            width=172, label_visibility="collapsed",
        )  # fmt: skip
    state.segments(
        "grain", _("Period"), state.GRAINS, words=vocabulary.grain, clears=("period",), label_visibility="collapsed"
    )


st.page_link(
    navigation.page(definition.area), label=f":small[:gray[{vocabulary.area(definition.area)}]]",
    icon=":material/arrow_back:", query_params=state.link(),
)  # fmt: skip
page.title_line(definition.label, filters)
page.stamp_line(publication)
with st.container():
    page.stale_notice(publication, [name])
    page.data_warnings(publication, name)

grain = state.read("grain", state.GRAINS, "week")
dimension, chosen = (state.read("by"), member) if member else state.scope()
if dimension == "business_unit" and chosen not in units:
    dimension, chosen = "total", "total"
points = values.series(publication, name, grain, dimension, chosen, LENGTHS[grain])
if member:
    st.page_link(
        navigation.page("kpi"),
        label=f"{vocabulary.dimension(dimension)}: **{formats.markdown(vocabulary.member(chosen, member_labels(publication, dimension)))}** :small[:gray[{_('show all')}]]",
        icon=":material/close:",
        query_params=state.link({"kpi": name}),
    )

complete = [point for point in points if not point.is_partial]
starts = [point.period_start.isoformat() for point in reversed(points)]
default = complete[-1].period_start.isoformat() if complete else (starts[0] if starts else "")
period = state.read("period", starts, default)
focus = next((point for point in points if point.period_start.isoformat() == period), None)

# Each section has a container of its own, also where it is empty: what stands below keeps its place when a filter
# brings a section or takes it away, and the browser need not draw charts and tables anew that are the same.
with st.container():
    headline(focus, definition, grain)
noted = annotations_of(name, dimension, chosen)
with st.container():
    if any(point.value is not None for point in points):
        changes = [formats.local_day(moment) for moment in definition_changes(publication, name)]
        frozen = reported_points(publication, name, grain, dimension, chosen)
        also = [frozen[point.period_start].value for point in points if point.period_start in frozen]
        figure = behaviour_chart(
            points, definition, grain, focus, changes=changes, remarks=remarks(noted),
            also=[value for value in also if value is not None],
        )  # fmt: skip
        picked = st.plotly_chart(
            with_reported(figure, points, frozen, definition, grain),
            key=f"behaviour_{name}_{grain}_{dimension}_{chosen}",
            config=CONFIG,
            on_select="rerun",
            selection_mode="points",
            alt=behaviour_description(points, definition, grain),
        )
        page.follow_selection(picked, starts, default)
        verdict(focus, definition)
with st.container():
    as_reported(publication, definition, grain, dimension, chosen)
with st.container():
    annotations_panel(name, noted, units, focus.period_start if focus else None)

with st.container():
    if definition.dimensions and points and not member:
        since = points[-min(len(points), BREAKDOWN_PERIODS[grain])].period_start
        unit = chosen if dimension == "business_unit" else state.ALL
        breakdown(
            definition,
            grain,
            lambda by: values.members(publication, name, grain, by, since),
            lambda by: member_labels(publication, by),
            unit,
            units.get(unit, unit),
        )

why, spread, behind_it = st.container(), st.container(), st.container()
question = None
if focus is not None:
    end = min(focus.period_end, stamp(publication).as_of)
    of_member = (None, None) if dimension == "total" else (dimension, chosen)
    question = behind(definition, focus.period_start, end, *of_member)
    with why:
        why_did_it_change(publication, definition, focus, grain)
    with spread:
        distribution(publication, definition, focus, grain, question)

with behind_it:
    st.header(_("Records"), anchor=False)
    if starts:
        state.select(
            "period", _("Period"), starts, default=default, width=230, label_visibility="collapsed",
            words=lambda start: formats.period(date.fromisoformat(start), grain),
        )  # fmt: skip
    if question is not None:
        record_table(publication, question)

st.header(_("Definition"), anchor=False)
definition_card(definition)

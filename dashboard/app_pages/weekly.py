"""Frozen weeks: read what was reported, download its pack, compare it with the week before and with what is known now."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import formats, state, vocabulary
from dashboard.components import page
from dashboard.components.weekly.archive import archive
from dashboard.components.weekly.check import check
from dashboard.components.weekly.deliveries import deliveries
from dashboard.components.weekly.differences import differences
from dashboard.components.weekly.files import pack_files
from dashboard.components.weekly.marks import days, explained, marks
from dashboard.components.weekly.reading import reading
from dashboard.components.weekly.restated import restated
from dashboard.components.weekly.unpublished import not_frozen_yet, not_published, nothing_frozen
from dashboard.language import N_, _, active
from dashboard.published import data_folder
from dashboard.queries.definitions import business_units, definitions
from dashboard.queries.snapshots import snapshots
from dashboard.reports.frozen import weeks_on_disk
from dashboard.reports.weeks import week_name

VIEWS = {
    "reported": N_("As reported"),
    "before": N_("Against the week before"),
    "restated": N_("Restated since"),
    "archive": N_("All weeks"),
}

publication = page.publication()
units = business_units(publication)
catalogue = definitions(publication, active())
areas = [state.ALL, *dict.fromkeys(kpi.area for kpi in catalogue.values())]
kept = {one.week: one for one in snapshots(publication)}
unpublished = [week for week in weeks_on_disk(data_folder()) if week not in kept]
weeks = sorted((*kept, *unpublished), reverse=True)
latest = next(iter(kept), weeks[0] if weeks else "")


def filters() -> None:
    """Week, unit and area, on the title line."""
    state.select(
        "week", _("Week"), weeks, default=latest, clears=("restated",), width=150, label_visibility="collapsed",
        words=lambda week: formats.period(kept[week].start, "week") if week in kept else week,
    )  # fmt: skip
    state.select(
        "unit", _("Business unit"), [state.ALL, *units], words=lambda code: units.get(code, _("All units")), width=172,
        clears=("restated",), label_visibility="collapsed",
    )  # fmt: skip
    state.select(
        "area", _("Area"), areas, words=lambda name: _("All areas") if name == state.ALL else vocabulary.area(name),
        width=168, label_visibility="collapsed",
    )  # fmt: skip


page.title_line(_("Weeks"), filters if weeks else None)
page.stamp_line(publication)
if not weeks:
    nothing_frozen()
    st.stop()

not_frozen_yet(publication, next(iter(kept.values()), None))
week = state.read("week", weeks, latest)
area = state.read("area", areas, state.ALL)
shown = {name: kpi for name, kpi in catalogue.items() if area in (state.ALL, kpi.area)}
scope = state.scope()
if scope[1] not in units:
    scope = ("total", "total")
view = state.read("view", list(VIEWS), "reported")

places: list[tuple[str, DeltaGenerator]] = []
altered = None
if week in kept and view != "archive":
    snapshot = kept[week]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(f"{formats.period(snapshot.start, 'week')} :small[:gray[{days(snapshot)}]]", anchor=False,
                     width="content")  # fmt: skip
        st.markdown(marks(snapshot), width="content")
        places.append((week, st.empty()))
    altered = st.container()
    st.caption(explained(publication, snapshot))
    pack_files(week)
    deliveries(week)
state.segments("view", _("View"), list(VIEWS), words=lambda name: _(VIEWS[name]), clears=("restated",),
               label_visibility="collapsed")  # fmt: skip

if view == "archive":
    places += archive(publication, list(kept.values()), unpublished)
elif week not in kept:
    not_published(publication, week)
elif view == "before":
    before = kept.get(week_name(kept[week].start - timedelta(days=7)))
    differences(publication, kept[week], before, shown, scope)
elif view == "restated":
    restated(publication, kept[week], shown, scope, units)
else:
    reading(publication, kept[week], catalogue, scope, None if area == state.ALL else area, units)

check(publication, places, altered)

"""Every frozen week, the latest first: its state, whether its files are intact, and how much was restated since."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import formats, navigation
from dashboard.components.weekly.marks import days, marks
from dashboard.components.weekly.restated import TOLERANCE, tolerance_words
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.snapshots import Snapshot, restated_counts
from kpis.restatements import beyond

PAGE_SIZE = 26


def archive(
    publication: Publication, kept: Sequence[Snapshot], unpublished: Sequence[str]
) -> list[tuple[str, DeltaGenerator]]:
    """The list. Returns the places for the integrity marks: they are drawn when the files have been checked."""
    counts = dict(beyond(restated_counts(publication), float(TOLERANCE))["week"].value_counts().iter_rows())
    pages = -(-len(kept) // PAGE_SIZE)
    number = st.pagination(pages, key="archive_page") if pages > 1 else 1
    with st.container(border=True, gap="small"):
        places = [(week, _unpublished(week)) for week in unpublished]
        shown = kept[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        places += [(one.week, _line(one, counts.get(one.week, 0))) for one in shown]
    st.caption(
        _("Restated: figures of the company that are others today by {tolerance}.").format(
            tolerance=tolerance_words(TOLERANCE)
        )
    )
    return places


def _here(**changes: str) -> dict[str, str]:
    return {**{key: st.query_params[key] for key in ("lang", "unit", "area") if key in st.query_params}, **changes}


def _line(snapshot: Snapshot, restated: int) -> DeltaGenerator:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"week_{snapshot.week}"):
        st.page_link(
            navigation.page("weekly"), label=f"**{formats.period(snapshot.start, 'week')}**", icon="", width=130,
            query_params=_here(week=snapshot.week),
        )  # fmt: skip
        st.markdown(f":small[:gray[{days(snapshot)}]]", width=200)
        st.markdown(marks(snapshot), width=330)
        with st.container(width=110):
            place = st.empty()
        text = plural("{count} restated", "{count} restated", restated).format(count=formats.number(restated))
        st.page_link(
            navigation.page("weekly"), label=f":small[{text}]", icon="", width=130,
            query_params=_here(week=snapshot.week, view="restated"),
        )  # fmt: skip
        frozen = _("frozen on {day}").format(day=formats.moment(snapshot.frozen_at))
        st.markdown(f":small[:gray[{frozen}]]", width="content")
    return place


def _unpublished(week: str) -> DeltaGenerator:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"week_{week}"):
        st.page_link(navigation.page("weekly"), label=f"**{week}**", icon="", width=130, query_params=_here(week=week))
        st.markdown(f":orange-badge[:material/visibility_off: {_('not published')}]", width=330)
        with st.container(width=110):
            place = st.empty()
    return place

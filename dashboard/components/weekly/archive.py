"""Every frozen week, the latest first: its state, whether its files are intact, and how much was restated since."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import formats, state
from dashboard.components.weekly.marks import days, marks
from dashboard.components.weekly.restated import TOLERANCE, tolerance_words
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.snapshots import Snapshot, restated_counts
from kpis.restatements import beyond

PAGE_SIZE = 26
NAME, DAYS, MARKS, INTEGRITY = 140, 210, 310, 110


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
        _("Restated: figures of the company that differ today by {tolerance}.").format(
            tolerance=tolerance_words(TOLERANCE)
        )
    )
    return places


def _go(week: str, view: str) -> None:
    for name, value in (("week", week), ("view", view), ("restated", "")):
        state.write(name, value)


def _week_button(week: str, title: str) -> None:
    with st.container(width=NAME):
        st.button(
            f"**{title}**", type="tertiary", icon=":material/chevron_right:", key=f"read_{week}", on_click=_go,
            args=(week, ""),
        )  # fmt: skip


def _line(snapshot: Snapshot, restated: int) -> DeltaGenerator:
    frozen = _("frozen on {day}").format(day=formats.moment(snapshot.frozen_at))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"week_{snapshot.week}"):
        _week_button(snapshot.week, formats.period(snapshot.start, "week"))
        st.markdown(f"{days(snapshot)}  \n:small[:gray[{frozen}]]", width=DAYS)
        st.markdown(marks(snapshot), width=MARKS)
        with st.container(width=INTEGRITY):
            place = st.empty()
        if restated:
            text = plural("{count} figure restated", "{count} figures restated", restated)
            st.button(
                text.format(count=formats.number(restated)), type="tertiary", icon=":material/history:",
                key=f"restated_{snapshot.week}", on_click=_go, args=(snapshot.week, "restated"),
            )  # fmt: skip
        else:
            st.markdown(f":gray[{_('nothing restated')}]", width="content")
    return place


def _unpublished(week: str) -> DeltaGenerator:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"week_{week}"):
        _week_button(week, week)
        st.markdown("", width=DAYS)
        st.markdown(f":orange-badge[:material/visibility_off: {_('not published')}]", width=MARKS)
        with st.container(width=INTEGRITY):
            place = st.empty()
    return place

"""What every page has: title line with filters, the publication's stamp, and notices when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from dashboard import formats, state
from dashboard.language import NAMES, _, active, plural
from dashboard.published import Publication, current, last_build
from dashboard.queries.definitions import COLUMN_SUFFIX
from dashboard.queries.publication import Stamp, stamp, troubles

SOURCES_NAMED = 3  # overdue sources that a notice names; the data page lists them all


def title_line(title: str, filters: Callable[[], None] | None = None) -> None:
    """The page's title with its filters on the same line; on a phone the filters go below."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.title(title, anchor=False, width="stretch")
        if filters:
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width="content"):
                filters()


def stamp_text(shown: Stamp) -> str:
    """`dados até 20/11/2026, publicado às 06:12, 2 avisos`."""
    until = formats.day(shown.data_until or shown.as_of)
    if formats.local_day(shown.published_at) == (shown.data_until or shown.as_of):
        text = _("data until {day}, published at {time}").format(day=until, time=formats.clock(shown.published_at))
    else:
        text = _("data until {day}, published {moment}").format(day=until, moment=formats.moment(shown.published_at))
    if shown.warnings:
        count = plural("{count} warning", "{count} warnings", shown.warnings).format(count=shown.warnings)
        text += f", {count}"
    return text


def stamp_line(publication: Publication) -> None:
    """The publication that this page shows, in one grey line."""
    shown = stamp(publication)
    company = f"{shown.company} · " if shown.company else ""
    st.caption(formats.markdown(company + stamp_text(shown)))


def build_notice() -> None:
    """A warning when the last build failed and an older publication is shown."""
    build = last_build()
    if build.state != "failed":
        return
    when = formats.moment(build.finished_at) if build.finished_at else ""
    text = _("The last build failed ({when}). What you see is the publication before it.").format(when=when)
    if build.reason:
        text += "  \n" + formats.markdown(build.reason)
    if build.failed_tests:
        text += "  \n" + _("Tests that did not pass: {tests}").format(
            tests=", ".join(f"`{name}`" for name in build.failed_tests[:5])
        )
    st.warning(text, icon=":material/report:")


def stale_notice(publication: Publication, kpis: Collection[str]) -> None:
    """One quiet line naming the overdue sources that stand behind the KPIs shown."""
    shown = set(kpis)
    sources = [source for source in troubles(publication).sources if shown.intersection(source["kpis"] or ())]
    if not sources:
        return
    suffix = COLUMN_SUFFIX[active()]
    names = []
    for source in sources[:SOURCES_NAMED]:
        days = formats.quantity(float(str(source["days_since"])), "days")
        label = str(source[f"label_{suffix}"] or source["table_name"])
        names.append(_("{source} (last loaded {days} ago)").format(source=label, days=days))
    text = _("Overdue: {sources}").format(sources=formats.markdown(", ".join(names)))
    more = len(sources) - SOURCES_NAMED
    if more > 0:
        text += " " + plural("and {count} more", "and {count} more", more).format(count=formats.number(more))
    st.caption(f":orange[:material/schedule:] {text}")


def data_warnings(publication: Publication, kpi: str) -> None:
    """One quiet line for each test that guards a KPI and did not pass."""
    for test, rows in troubles(publication).tests_by_kpi.get(kpi, ()):
        text = plural("Data warning: {test} ({rows} row)", "Data warning: {test} ({rows} rows)", rows)
        st.caption(":orange[:material/report:] " + text.format(test=f"`{test}`", rows=formats.number(rows)))


def language_choice() -> None:
    """One button that changes to the other language and keeps everything else."""
    other = "en" if active() == "pt_BR" else "pt_BR"
    st.button(
        NAMES[other],
        icon=":material/translate:",
        type="tertiary",
        key="language",
        on_click=state.set_language,
        args=(other,),
    )


def follow_selection(picked: object, starts: Sequence[str], default: str) -> None:
    """Put the period of a point that the reader has just picked in a chart into the URL, and draw the page for it."""
    selected = getattr(picked, "selection", None)
    chosen = selected["points"] if selected else []
    day = str(chosen[0].get("x", ""))[:10] if chosen else ""
    # The chart keeps its selection over later runs: only a new one moves the page.
    if day == st.session_state.get("last_picked", ""):
        return
    st.session_state["last_picked"] = day
    if day in starts and day != state.read("period", starts, default):
        state.write("period", day, default)
        st.rerun()


def publication() -> Publication:
    """The publication to show. Raises NothingPublished, which `app.py` turns into a page that says what to do."""
    return current()

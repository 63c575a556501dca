"""What changed: one sentence for each KPI that carries a signal in the last complete period."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import formats, headlines, state
from dashboard.components.signals import direction_mark
from dashboard.headlines import Headline
from dashboard.language import _, plural
from dashboard.navigation import page
from dashboard.published import Publication
from dashboard.queries.values import unit_points

SHOWN = 6


def heading(grain: str) -> str:
    """`O que mudou nesta semana`: named after the grain."""
    match grain:
        case "week":
            return _("What changed this week")
        case "month":
            return _("What changed this month")
        case _other:
            return _("What changed this quarter")


def what_changed(
    publication: Publication, rows: Sequence[Headline], grain: str, *, is_total: bool, units: dict[str, str]
) -> None:
    """Sentences for at most SHOWN KPIs, the count of the others, and how many signals chance alone would give."""
    latest = [row.latest for row in rows if row.latest is not None]
    if not latest:
        st.info(_("No complete period yet."), icon=":material/info:")
        return
    start = max(point.period_start for point in latest)
    st.subheader(f"{heading(grain)} :small[:gray[{formats.period(start, grain)}]]", anchor=False)
    if not any(point.centre is not None for point in latest):
        st.caption(_("Signals are computed by week and by month."))
        return
    found = headlines.signalled(rows)
    by_unit = unit_points(publication, grain, start) if is_total else {}
    with st.container(gap="xsmall"):
        for row in found[:SHOWN]:
            cause = headlines.main_cause(row, by_unit.get(row.definition.name, ()))
            _sentence(row, grain, units.get(cause, cause) if cause else None)
    st.caption(_footnote(rows, found))


def _sentence(row: Headline, grain: str, cause: str | None) -> None:
    point = row.latest
    mark = direction_mark(point.direction if point else None)
    label = formats.markdown(row.definition.label)
    text = formats.markdown(headlines.sentence(row, grain, cause))
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
        st.page_link(
            page("kpi"), label=f"{mark} **{label}**", icon="", query_params=state.link({"kpi": row.definition.name})
        )
        st.markdown(text)


def _footnote(rows: Sequence[Headline], found: Sequence[Headline]) -> str:
    others = len(found) - SHOWN
    expected = formats.number(headlines.expected_by_chance(rows), 1)
    parts = []
    if not found:
        parts.append(_("Nothing beyond ordinary variation."))
    if others > 0:
        parts.append(plural("And {count} more below.", "And {count} more below.", others).format(count=others))
    parts.append(
        _("Chance alone would give about {expected} signals among {count} KPIs.").format(
            expected=expected, count=headlines.watched(rows)
        )
    )
    return " ".join(parts)

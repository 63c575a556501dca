"""A KPI by the members of a dimension: small multiples on one scale, each with its own limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import formats, state, vocabulary
from dashboard.charts.sparkline import bounds, sparkline
from dashboard.components import signals
from dashboard.components.scorecard import marks
from dashboard.language import _
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point

MOST = 12  # more small pictures than these cannot be told apart


def breakdown(
    members: Mapping[str, Sequence[Point]], definition: Definition, grain: str, labels: dict[str, str]
) -> None:
    """One small chart a member, the one with most records first; the others are counted."""
    shown = dict(list(members.items())[:MOST])
    if not shown:
        st.caption(_("No figure by this dimension."))
        return
    additive = definition.kind in ("count", "amount")
    extents = [extent for points in shown.values() if (extent := bounds(marks(points)))]
    scale = (min(low for low, _high in extents), max(high for _low, high in extents)) if extents else None
    with st.grid(min(4, len(shown)), min_column_width=150, gap="medium"):
        for name, points in shown.items():
            with st.container(gap="xxsmall"):
                _member(name, points, definition, grain, labels, None if additive else scale)
    hidden = len(members) - len(shown)
    note = _("Each chart has its own scale.") if additive else _("All charts share one scale.")
    if hidden > 0:
        note += " " + _("{count} smaller members are not drawn.").format(count=formats.number(hidden))
    st.caption(note)


def _member(
    name: str,
    points: Sequence[Point],
    definition: Definition,
    grain: str,
    labels: dict[str, str],
    scale: tuple[float, float] | None,
) -> None:
    complete = [point for point in points if not point.is_partial]
    latest = complete[-1] if complete else None
    word = vocabulary.member(name, labels)
    mark = (
        signals.direction_mark(latest.direction) + " "
        if latest is not None and latest.is_signal and latest.value is not None
        else ""
    )
    figure = (
        formats.quantity(latest.value, definition.unit, definition.decimals, compact=True)
        if latest
        else formats.MISSING
    )
    note = ""
    if latest is not None:
        note = signals.state(latest.state) if latest.value is None else f":small[:gray[n = {formats.number(latest.n)}]]"
    st.button(
        formats.markdown(word), type="tertiary", key=f"drill_{points[0].dimension}_{name}",
        on_click=_drill, args=(points[0].dimension, name), help=_("Show only this member"),
    )  # fmt: skip
    st.markdown(f"{mark}**{formats.markdown(figure)}** {note}")
    title = _("{label}, last {periods}: {value}").format(
        label=word, periods=vocabulary.periods(len(points), grain), value=figure
    )
    target = points[-1].target
    picture = sparkline(marks(points), title=title, target=target, width=260, height=76, scale=scale)
    st.image(picture, width="stretch")


def _drill(dimension: str, member: str) -> None:
    """Turn the page to one member: a business unit is the filter that every page knows."""
    if dimension == "business_unit":
        state.write("unit", member, state.ALL)
        state.write("member", "")
    else:
        state.write("by", dimension)
        state.write("member", member)
        state.write("unit", state.ALL, state.ALL)


def dimension_choice(definition: Definition) -> str | None:
    """The dimension in the URL (`by`), chosen with a segmented control; None where the KPI has none."""
    if not definition.dimensions:
        return None
    if len(definition.dimensions) == 1:
        return definition.dimensions[0]
    return state.segments(
        "by", _("By"), definition.dimensions, words=vocabulary.dimension, label_visibility="collapsed"
    )

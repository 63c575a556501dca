"""What was reported, on a behaviour chart of what is known now: a hollow diamond, and a stem where the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard import formats
from dashboard.charts.behaviour import UNDIMMED
from dashboard.language import _
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point

COLOUR = "#8592a0"  # seen around a point on light ground and on dark
SAME = "rgba(125, 137, 150, 0.55)"


def with_reported(
    drawn: dict[str, Any], points: Sequence[Point], reported: Mapping[date, Point], definition: Definition, grain: str
) -> dict[str, Any]:
    """The figure with a diamond for every frozen figure among its periods; its scale grows to hold them."""
    pairs = [
        (reported[now.period_start], now)
        for now in points
        if now.period_start in reported and reported[now.period_start].value is not None
    ]
    if not pairs:
        return drawn
    moved = [pair for pair in pairs if pair[0].value != pair[1].value]
    same = [pair for pair in pairs if pair[0].value == pair[1].value]
    added = [_stems(moved), _diamonds(moved, COLOUR, 2, definition, grain), _diamonds(same, SAME, 1, definition, grain)]
    values = [was.value for was, _now in pairs if was.value is not None]
    axis = drawn["layout"]["yaxis"]
    low, high = axis["range"]
    room = (high - low) * 0.06
    bounds = [min(low, min(values) - room), max(high, max(values) + room)]
    layout = {**drawn["layout"], "yaxis": {**axis, "range": bounds}}
    return {"data": [*drawn["data"], *filter(None, added)], "layout": layout}


def _stems(moved: Sequence[tuple[Point, Point]]) -> dict[str, Any] | None:
    """A line from each reported figure to the one known now."""
    days: list[str | None] = []
    values: list[float | None] = []
    for was, now in moved:
        if now.value is not None:
            days += [was.period_start.isoformat()] * 2 + [None]
            values += [was.value, now.value, None]
    if not days:
        return None
    line = {"color": COLOUR, "width": 1.5, "dash": "dot"}
    return {"type": "scatter", "mode": "lines", "x": days, "y": values, "line": line, "hoverinfo": "skip",
            "connectgaps": False, "name": _("difference")}  # fmt: skip


def _diamonds(
    pairs: Sequence[tuple[Point, Point]], colour: str, width: int, definition: Definition, grain: str
) -> dict[str, Any] | None:
    if not pairs:
        return None
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [was.period_start.isoformat() for was, _now in pairs],
        "y": [was.value for was, _now in pairs],
        "text": [_hover(was, now, definition, grain) for was, now in pairs],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": "diamond-open", "size": 11, "color": colour, "line": {"width": width, "color": colour}},
        "name": _("as reported"),
        **UNDIMMED,
    }


def _hover(was: Point, now: Point, definition: Definition, grain: str) -> str:
    unit, decimals = definition.unit, definition.decimals
    return "<br>".join(
        [
            f"<b>{formats.period(was.period_start, grain)}</b>",
            _("As reported: {value}").format(value=formats.quantity(was.value, unit, decimals)),
            _("Known now: {value}").format(value=formats.quantity(now.value, unit, decimals)),
        ]
    )

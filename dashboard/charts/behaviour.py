"""The process-behaviour chart: values in time, their natural limits, centre and target, and the signals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboard import formats, vocabulary
from dashboard.charts.remarks import Remark, remark_marks, words_room
from dashboard.charts.template import (
    BAND,
    DIRECTION_COLOURS,
    DIRECTION_SYMBOLS,
    LIMIT,
    ORDINARY,
    TARGET,
    axis,
    figure,
    layout,
    nice_ticks,
    spread,
)
from dashboard.language import _, plural
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point

# Picking a point chooses a period; the other points keep their meaning, so they are not dimmed.
UNDIMMED = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}


def hover_text(point: Point, definition: Definition, grain: str) -> str:
    """What a tooltip says of a point: period, value, interval, n, signal, state."""
    unit, decimals = definition.unit, definition.decimals
    lines = [f"<b>{formats.period(point.period_start, grain)}</b>", formats.quantity(point.value, unit, decimals)]
    bounds = formats.interval(point.low, point.high, unit, decimals)
    if bounds:
        lines.append(_("95% interval: {bounds}").format(bounds=bounds))
    if point.n is not None:
        lines.append(f"n = {formats.number(point.n)}")
    if point.rule:
        lines.append(_("Signal: {rule}").format(rule=vocabulary.rule(point.rule)))
    if point.state not in ("ok", "no_target"):
        lines.append(vocabulary.state(point.state))
    return "<br>".join(lines)


def behaviour_chart(
    points: Sequence[Point],
    definition: Definition,
    grain: str,
    focus: Point | None = None,
    height: int = 340,
    changes: Sequence[date] = (),
    remarks: Sequence[Remark] = (),
    also: Sequence[float] = (),
) -> dict[str, Any]:
    """The figure. Signals differ by shape and colour, the provisional point is hollow, lines are labelled directly.

    `focus` is the period that the page speaks of: a thin vertical line stands behind it. `changes` are the days on
    which the KPI's definition changed: a dotted line with a word marks the period of each. `also` are values that the
    scale must hold besides those of the points.
    """
    days = [point.period_start.isoformat() for point in points]
    texts = [hover_text(point, definition, grain) for point in points]
    data: list[dict[str, Any]] = [*_limits(points, days), *_target(points, days)]
    whole = [None if point.is_partial else point.value for point in points]
    data.append(_line(days, whole, texts))
    for direction, colour in DIRECTION_COLOURS.items():
        chosen = [i for i, p in enumerate(points) if p.direction == direction and _is_marked(p)]
        if chosen:
            marker = {"size": 10, "color": colour, "symbol": DIRECTION_SYMBOLS[direction]}
            data.append(_markers(days, points, texts, chosen, marker, vocabulary.direction(direction)))
    partial = [i for i, point in enumerate(points) if point.is_partial and point.value is not None]
    if partial:
        marker = {"size": 9, "color": ORDINARY, "symbol": "circle-open", "line": {"width": 2}}
        data.append(_markers(days, points, texts, partial, marker, vocabulary.state("provisional")))

    numbers = [n for p in points for n in (p.value, p.lower_limit, p.upper_limit, p.target) if n is not None]
    numbers += also
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    reach = (high - low) or abs(high) or 1.0
    low, high = low - reach * 0.08, high + reach * 0.08
    labels = _direct_labels(points, definition, (high - low) / (height / 22))
    shapes, words = _definition_changes(points, changes)
    labels += words
    bands, noted = remark_marks(points, remarks)
    shapes += bands
    labels += noted
    if focus is not None:
        day = focus.period_start.isoformat()
        line = {"color": LIMIT, "width": 1.2}
        shapes.append(
            {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "line": line, "layer": "below"}
        )
    ticks = nice_ticks(low, high, 5)
    every = max(1, -(-len(points) // 4))  # few enough for a phone
    shown = list(range(len(points) - 1, -1, -every))[::-1]
    arrangement = layout(
        height,
        margin={"l": 8, "r": 92, "t": 16, "b": 8},
        shapes=shapes,
        annotations=labels,
        xaxis=axis(
            type="date",
            tickmode="array",
            tickvals=[days[i] for i in shown],
            ticktext=[formats.period_short(points[i].period_start, grain) for i in shown],
            tickangle=0,
        ),
        yaxis=axis(
            showgrid=True,
            range=[low - (high - low) * words_room(noted) / height, high],
            tickmode="array",
            tickvals=ticks,
            # The unit stands once, at the top.
            ticktext=[formats.tick(tick, ticks, definition.unit, is_bare=tick != ticks[-1]) for tick in ticks],
        ),
    )
    return figure(data, arrangement)


def _is_marked(point: Point) -> bool:
    return point.rule is not None and point.value is not None and not point.is_partial


def _line(days: list[str], values: list[float | None], texts: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": days,
        "y": values,
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": ORDINARY, "width": 1.8},
        "marker": {"size": 5, "color": ORDINARY},
        "connectgaps": False,
        **UNDIMMED,
        "name": _("value"),
    }


def _markers(
    days: list[str], points: Sequence[Point], texts: list[str], chosen: list[int], marker: dict[str, Any], name: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [days[i] for i in chosen],
        "y": [points[i].value for i in chosen],
        "text": [texts[i] for i in chosen],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": marker,
        "name": name,
        **UNDIMMED,
    }


def _limits(points: Sequence[Point], days: list[str]) -> list[dict[str, Any]]:
    """Upper and lower limit with the band between them; the dashes of trial limits are longer apart."""
    if not any(point.upper_limit is not None for point in points):
        return []
    dash = "dot" if any(point.is_trial for point in points) else "dash"
    line = {"color": LIMIT, "width": 1, "dash": dash, "shape": "linear"}
    shared = {"type": "scatter", "mode": "lines", "x": days, "hoverinfo": "skip", "line": line}
    lower = {**shared, "y": [point.lower_limit for point in points], "name": _("lower limit")}
    upper = {**shared, "y": [point.upper_limit for point in points], "name": _("upper limit"), "fill": "tonexty",
             "fillcolor": BAND}  # fmt: skip
    centre = {**shared, "y": [point.centre for point in points], "name": _("centre"),
              "line": {"color": LIMIT, "width": 1}}  # fmt: skip
    return [lower, upper, centre]


def _target(points: Sequence[Point], days: list[str]) -> list[dict[str, Any]]:
    """The target in force in each period, as steps."""
    if not any(point.target is not None for point in points):
        return []
    return [{
        "type": "scatter", "mode": "lines", "x": days, "y": [point.target for point in points], "hoverinfo": "skip",
        "line": {"color": TARGET, "width": 1.5, "dash": "dashdot", "shape": "hv"}, "connectgaps": False,
        "name": _("target"),
    }]  # fmt: skip


def _definition_changes(
    points: Sequence[Point], changes: Sequence[date]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A dotted line and its word in each period in which the definition changed."""
    days = [p.period_start.isoformat() for p in points if any(p.period_start <= day <= p.period_end for day in changes)]
    line = {"color": ORDINARY, "width": 1, "dash": "dot"}
    shapes = [{"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "line": line} for day in days]
    words = [
        {
            "x": day, "yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": "right", "showarrow": False,
            "font": {"size": 11, "color": ORDINARY}, "text": _("definition changed"),
        }
        for day in days
    ]  # fmt: skip
    return shapes, words


def _direct_labels(points: Sequence[Point], definition: Definition, gap: float) -> list[dict[str, Any]]:
    """Labels at the right edge for limits, centre and target, moved apart where they would meet."""
    last = next((point for point in reversed(points) if point.centre is not None), None)
    named: list[tuple[str, float, str]] = []
    if last is not None:
        for word, value in ((_("limit"), last.upper_limit), (_("centre"), last.centre), (_("limit"), last.lower_limit)):
            if value is not None:
                named.append((word, value, ORDINARY))
    promised = points[-1].target if points else None
    if promised is not None:
        named.append((_("target"), promised, TARGET))
    places = spread([value for _word, value, _colour in named], gap)
    return [
        {
            "xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": place, "yanchor": "middle", "showarrow": False,
            "align": "left", "font": {"size": 11.5, "color": colour},
            "text": f"{word} {formats.quantity(value, definition.unit, definition.decimals, compact=True)}",
        }
        for (word, value, colour), place in zip(named, places, strict=True)
    ]  # fmt: skip


def behaviour_description(points: Sequence[Point], definition: Definition, grain: str) -> str:
    """The chart in words, for people who cannot see it."""
    known = [point for point in points if point.value is not None]
    if not known:
        return _("{label}: nothing to draw.").format(label=definition.label)
    signals = sum(1 for point in points if point.is_signal)
    text = plural(
        "{label} from {first} to {last}: latest value {value}; {signals} period with a signal.",
        "{label} from {first} to {last}: latest value {value}; {signals} periods with a signal.", signals,
    )  # fmt: skip
    return text.format(
        label=definition.label,
        first=formats.period(known[0].period_start, grain),
        last=formats.period(known[-1].period_start, grain),
        value=formats.quantity(known[-1].value, definition.unit, definition.decimals),
        signals=signals,
    )

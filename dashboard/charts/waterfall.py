"""Why a figure changed: a waterfall whose effects add up exactly from the figure before to the figure after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import formats
from dashboard.charts.bars import LETTER
from dashboard.charts.template import (
    BETTER,
    CHANGED,
    LIMIT,
    ORDINARY,
    WORSE,
    axis,
    figure,
    layout,
    literal,
    nice_ticks,
    shortened,
)
from dashboard.queries.definitions import Definition

PLOT = 180  # pixels of the chart on a phone, without the labels on its left


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: a total (`is_total`: the level itself) or an effect (a signed part of the change)."""

    label: str
    value: float
    is_total: bool = False


def effect_colour(value: float, better: str) -> str:
    """Blue when the effect helps, orange when it hurts, violet where there is no good side."""
    if value == 0:
        return ORDINARY
    if better == "neutral":
        return CHANGED
    return BETTER if (value > 0) == (better == "higher") else WORSE


def finer(definition: Definition) -> int:
    """Decimals of an effect: one more than the figure's own, except where there are no parts of a unit to show."""
    return definition.decimals if definition.unit in ("brl", "count") else definition.decimals + 1


def waterfall_chart(steps: Sequence[Step], definition: Definition) -> dict[str, Any]:
    """The figure: horizontal, so that labels stay whole on a phone; totals are points, effects are bars between them.

    Bars are not rooted at zero because they are differences; the totals, which would have to be, are drawn as points.
    """
    level, spans = 0.0, list[tuple[float, float]]()
    for step in steps:
        begin = level
        level = step.value if step.is_total else level + step.value
        spans.append((level if step.is_total else begin, level))
    low, high = min(min(span) for span in spans), max(max(span) for span in spans)
    reach = (high - low) or abs(high) or 1.0
    rows = list(range(len(steps)))
    effects = [i for i in rows if not steps[i].is_total]
    totals = [i for i in rows if steps[i].is_total]
    texts = [
        formats.quantity(step.value, definition.unit, definition.decimals, compact=True)
        if step.is_total
        else formats.difference(step.value, definition.unit, finer(definition))
        for step in steps
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": effects,
        "x": [spans[i][1] - spans[i][0] for i in effects],
        "base": [spans[i][0] for i in effects],
        "marker": {"color": [effect_colour(steps[i].value, definition.better) for i in effects]},
        "width": 0.55,
        "hovertext": [f"{literal(steps[i].label)}<br>{texts[i]}" for i in effects],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    points = {
        "type": "scatter",
        "mode": "markers",
        "y": totals,
        "x": [spans[i][1] for i in totals],
        "marker": {"size": 11, "color": ORDINARY, "symbol": "circle"},
        "hovertext": [f"{literal(steps[i].label)}<br>{texts[i]}" for i in totals],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    labels = [
        {
            "x": max(spans[i]), "y": i, "xanchor": "left", "xshift": 9, "showarrow": False, "text": texts[i],
            # In the ground's own ink: the violet of a bar could not be read on a dark ground.
            "font": {"size": 12.5},
        }
        for i in rows
    ]  # fmt: skip
    joints = [
        {
            "type": "line", "x0": spans[i][1], "x1": spans[i][1], "y0": i, "y1": i + 1,
            "line": {"color": LIMIT, "width": 1, "dash": "dot"},
        }
        for i in rows[:-1]
    ]  # fmt: skip
    left = low - reach * 0.08
    # Each text stands right of its mark: the axis reaches so far that it is not cut on a phone.
    room = [
        left + (max(span) - left) / (1 - min((LETTER * len(text) + 14) / PLOT, 0.7))
        for span, text in zip(spans, texts, strict=True)
    ]
    right = max([high + reach * 0.34, *room])
    ticks = nice_ticks(low - reach * 0.05, max(high, right - (right - high) * 0.3), 4)
    if definition.unit == "count":
        ticks = [tick for tick in ticks if tick == int(tick)]
    arrangement = layout(
        60 + 34 * len(steps),
        annotations=labels,
        shapes=joints,
        yaxis=axis(
            autorange="reversed", tickmode="array", tickvals=rows, ticktext=[literal(shortened(step.label, 30)) for step in steps],
            tickfont={"size": 12.5},
        ),
        xaxis=axis(
            showgrid=True, range=[left, right], tickmode="array", tickvals=ticks,
            ticktext=[formats.tick(tick, ticks, definition.unit) for tick in ticks],
        ),
        bargap=0.4,
    )  # fmt: skip
    return figure([bars, points], arrangement)

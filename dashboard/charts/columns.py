"""Columns over periods: stacked parts on one scale, and small multiples, one row of columns a member."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import formats
from dashboard.charts.template import BETTER, GRID, ORDINARY, axis, figure, layout, literal, nice_ticks, shortened

PALE = 0.45  # opacity of a period that is not over
MOST_NAMED = 7  # periods named on the axis
ROW = 62  # pixels a small multiple takes


@dataclass(frozen=True)
class Part:
    """One part of every column, from the bottom up: its name, its colour, and its value in each period."""

    name: str
    colour: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Multiple:
    """One row of a small multiple: the member, what is said of it now, and its value in each period."""

    label: str
    text: str
    values: Sequence[float | None]
    colour: str = BETTER


def stacked_columns(
    starts: Sequence[date],
    parts: Sequence[Part],
    grain: str,
    words: Callable[[float], str],
    *,
    is_running: bool = False,
    before: Sequence[float | None] = (),
    height: int = 250,
) -> dict[str, Any]:
    """Columns from zero, a period each; the running one is pale. `words` writes a value with its unit.

    `before` are the totals of a year before: a grey line across each column.
    """
    places = list(range(len(starts)))
    opacity = [PALE if is_running and place == len(places) - 1 else 1.0 for place in places]
    data = [
        {
            "type": "bar",
            "name": literal(part.name),
            "x": places,
            "y": list(part.values),
            "marker": {"color": part.colour, "opacity": opacity},
            "hovertext": [
                f"<b>{formats.period(start, grain)}</b><br>{literal(part.name)}: "
                + (formats.MISSING if value is None else words(value))
                for start, value in zip(starts, part.values, strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        for part in parts
    ]
    tops = [sum(part.values[place] or 0.0 for part in parts) for place in places]
    known = [(place, value) for place, value in zip(places, before, strict=bool(before)) if value is not None]
    if known:
        data.append({
            "type": "scatter", "mode": "markers", "x": [place for place, _value in known],
            "y": [value for _place, value in known], "hoverinfo": "skip",
            "marker": {"symbol": "line-ew-open", "size": 22, "color": ORDINARY, "line": {"width": 2.5}},
        })  # fmt: skip
    highest = max([*tops, *(value for _place, value in known)], default=0.0) or 1.0
    ticks = nice_ticks(0, highest, 4)
    if all(value == int(value) for part in parts for value in part.values if value is not None):
        ticks = [tick for tick in ticks if tick == int(tick)]  # there is no half of what is counted
    arrangement = layout(
        height,
        barmode="stack",
        bargap=0.28,
        xaxis=_periods_axis(starts, grain),
        yaxis=axis(
            showgrid=True,
            range=[0, highest * 1.06],
            tickmode="array",
            tickvals=ticks,
            ticktext=[words(tick) for tick in ticks],
        ),
    )
    return figure(data, arrangement)


def small_columns(
    starts: Sequence[date], rows: Sequence[Multiple], grain: str, words: Callable[[float], str], *, is_running: bool
) -> dict[str, Any]:
    """A row of columns a member, all on one scale, with the member's name and figure above it."""
    places = list(range(len(starts)))
    opacity = [PALE if is_running and place == len(places) - 1 else 1.0 for place in places]
    highest = max((value for row in rows for value in row.values if value is not None), default=0.0) or 1.0
    count = max(len(rows), 1)
    arrangement = layout(ROW * count + 64, bargap=0.28, margin={"l": 8, "r": 8, "t": 22, "b": 8})
    arrangement["xaxis"] = _periods_axis(starts, grain)
    data, notes = list[dict[str, Any]](), list[dict[str, Any]]()
    for number, row in enumerate(rows):
        name = "" if number == 0 else str(number + 1)
        low = 1 - (number + 1) / count
        arrangement[f"yaxis{name}"] = axis(
            visible=False, domain=[low + 0.08 / count, low + 0.66 / count], range=[0, highest * 1.02]
        )
        data.append({
            "type": "bar", "name": literal(row.label), "x": places, "y": list(row.values), "yaxis": f"y{name}",
            "marker": {"color": row.colour, "opacity": opacity},
            "hovertext": [
                f"<b>{literal(row.label)}</b><br>{formats.period(start, grain)}: "
                + (formats.MISSING if value is None else words(value))
                for start, value in zip(starts, row.values, strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
        })  # fmt: skip
        notes.append({
            "xref": "paper", "yref": "paper", "x": 0, "y": 1 - number / count, "xanchor": "left", "yanchor": "top",
            "showarrow": False, "align": "left", "font": {"size": 12.5},
            "text": f"{literal(shortened(row.label, 30))} · <b>{literal(row.text)}</b>",
        })  # fmt: skip
    arrangement["shapes"] = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": f"y{'' if number == 0 else number + 1}", "y0": 0,
         "y1": 0, "line": {"color": GRID, "width": 1}}
        for number in range(len(rows))
    ]  # fmt: skip
    arrangement["xaxis"]["anchor"] = f"y{'' if len(rows) <= 1 else len(rows)}"
    arrangement["annotations"] = notes
    return figure(data, arrangement)


def _periods_axis(starts: Sequence[date], grain: str) -> dict[str, Any]:
    """Names of periods, the newest always among them."""
    every = max(1, -(-len(starts) // MOST_NAMED))
    named = list(range(len(starts)))[::-1][::every][::-1]
    return axis(
        tickmode="array",
        tickvals=named,
        ticktext=[formats.period_short(starts[place], grain) for place in named],
        tickangle=0,
        tickfont={"size": 11.5, "color": ORDINARY},
        range=[-0.6, len(starts) - 0.4],
    )

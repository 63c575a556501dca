"""Bars: one horizontal row a member with the value written at its end; and columns over time or over a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.template import BETTER, ORDINARY, TARGET, axis, figure, layout, literal, shortened

ROW = 34  # pixels a horizontal bar takes
LETTER, PHONE = 6.4, 345  # pixels of a letter, and of a chart on a phone with the labels on its left
LABEL = 30  # letters of a label; the whole name is in the hover text


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its length, the text at its end, and its colour."""

    label: str
    value: float
    text: str
    colour: str = BETTER
    hover: str = ""


def horizontal_bars(bars: Sequence[Bar]) -> dict[str, Any]:
    """Rows from top to bottom in the order given, from zero, each directly labelled."""
    rows = list(reversed(bars))  # Plotly draws the first category at the bottom
    positions = list(range(len(rows)))
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [bar.value for bar in rows],
            "y": positions,
            "width": 0.62,
            "text": [bar.text for bar in rows],
            "textposition": "outside",
            "textfont": {"size": 12.5},
            "cliponaxis": False,
            "hovertext": [literal(bar.hover or f"{bar.label}: {bar.text}") for bar in rows],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "marker": {"color": [bar.colour for bar in rows]},
        }
    ]
    arrangement = layout(
        ROW * max(len(rows), 1) + 28,
        xaxis=axis(visible=False, range=_reach(bars)),
        yaxis=axis(
            tickmode="array", tickvals=positions, ticktext=[literal(shortened(bar.label, LABEL)) for bar in rows]
        ),
    )
    return figure(data, arrangement)


def _reach(bars: Sequence[Bar]) -> list[float]:
    """From where to where the axis goes: zero is in it, and the text beyond each bar's end is not cut."""
    labels = max((len(shortened(bar.label, LABEL)) for bar in bars), default=0)
    plot = max(PHONE - LETTER * labels, PHONE / 3)
    needed = [bar.value / (1 - min((LETTER * len(bar.text) + 8) / plot, 0.7)) for bar in bars]
    low, high = min([0.0, *needed]), max([0.0, *needed])
    if low < 0 < high:  # both sides share the room
        reach = (high - low) * 0.2
        low, high = low - reach, high + reach
    return [low, high] if high > low else [0.0, 1.0]


def columns(bars: Sequence[Bar], height: int = 230) -> dict[str, Any]:
    """Columns over a scale, from zero, with the value above each. A label may have several lines."""
    places = list(range(len(bars)))
    data = [
        {
            "type": "bar",
            "x": places,
            "y": [bar.value for bar in bars],
            "text": [bar.text for bar in bars],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertext": [literal(bar.hover or f"{bar.label}: {bar.text}") for bar in bars],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "marker": {"color": [bar.colour for bar in bars]},
        }
    ]
    arrangement = layout(
        height,
        bargap=0.28,
        margin={"l": 8, "r": 8, "t": 26, "b": 8},
        xaxis=axis(
            tickmode="array", tickvals=places, tickangle=0,
            ticktext=[literal(bar.label).replace("\n", "<br>") for bar in bars],
        ),
        yaxis=axis(visible=False, rangemode="tozero"),
    )  # fmt: skip
    return figure(data, arrangement)


@dataclass(frozen=True)
class Flow:
    """Cash of one quarter: realised and planned parts (signed), their texts, and the running total after it."""

    label: str
    realised: float
    planned: float
    running: float
    hover: str


def cash_flow_columns(flows: Sequence[Flow], ticks: Sequence[tuple[float, str]], height: int = 300) -> dict[str, Any]:
    """Realised flows solid, planned ones hollow, and the running total as a line."""
    places = list(range(len(flows)))
    shared = {
        "type": "bar",
        "x": places,
        "hovertext": [flow.hover for flow in flows],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    data = [
        {**shared, "y": [flow.realised for flow in flows], "marker": {"color": BETTER}},
        {**shared, "y": [flow.planned for flow in flows],
         "marker": {"color": "rgba(47, 120, 196, 0.18)", "line": {"color": BETTER, "width": 1.2}}},
        {"type": "scatter", "mode": "lines", "x": places, "y": [flow.running for flow in flows], "hoverinfo": "skip",
         "line": {"color": ORDINARY, "width": 2}},
    ]  # fmt: skip
    step = max(1, -(-len(flows) // 8))
    arrangement = layout(
        height,
        barmode="relative",
        bargap=0.25,
        xaxis=axis(tickmode="array", tickvals=places[::step], ticktext=[flow.label for flow in flows][::step]),
        yaxis=axis(showgrid=True, zeroline=True, zerolinecolor=ORDINARY, tickmode="array",
                   tickvals=[place for place, _text in ticks], ticktext=[text for _place, text in ticks]),
    )  # fmt: skip
    return figure(data, arrangement)


@dataclass(frozen=True)
class Progress:
    """An objective: how far it is, where it should be by now, and the words beside it."""

    label: str
    score: float | None
    expected: float | None
    text: str
    colour: str


def progress_bars(rows: Sequence[Progress]) -> dict[str, Any]:
    """One row an objective: a bar from 0 to 1, and a tick where it should stand today."""
    ordered = list(reversed(rows))
    places = list(range(len(ordered)))
    data = [
        {
            "type": "bar", "orientation": "h", "x": [1.0] * len(ordered), "y": places, "width": 0.42,
            "marker": {"color": "rgba(125, 137, 150, 0.16)"}, "hoverinfo": "skip",
        },
        {
            "type": "bar", "orientation": "h", "x": [row.score for row in ordered], "y": places, "width": 0.42,
            "marker": {"color": [row.colour for row in ordered]}, "hovertext": [literal(f"{row.label}: {row.text}") for row in ordered],
            "hovertemplate": "%{hovertext}<extra></extra>",
        },
        {
            "type": "scatter", "mode": "markers", "x": [row.expected for row in ordered], "y": places, "hoverinfo": "skip",
            "marker": {"symbol": "line-ns-open", "size": 13, "color": TARGET, "line": {"width": 3}},
        },
    ]  # fmt: skip
    notes = [
        {"x": 0, "y": place, "yshift": 22, "xanchor": "left", "showarrow": False, "font": {"size": 13},
         "text": f"{literal(shortened(row.label, 46))} · <b>{literal(row.text)}</b>"}
        for place, row in zip(places, ordered, strict=True)
    ]  # fmt: skip
    arrangement = layout(
        58 * max(len(ordered), 1) + 24,
        barmode="overlay",
        annotations=notes,
        xaxis=axis(visible=False, range=[0, 1.03]),
        yaxis=axis(visible=False, range=[-0.5, len(ordered) - 0.2]),
    )
    return figure(data, arrangement)

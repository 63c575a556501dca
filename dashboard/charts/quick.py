"""A quick chart of any table: lines, bars or points, bounded in series and points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from polars import selectors

from dashboard import formats
from dashboard.charts.template import BETTER, CHANGED, ORDINARY, TARGET, WORSE, axis, figure, layout, literal, shortened
from dashboard.language import active

MOST_SERIES = 8
MOST_POINTS = 2_000
COLOURS = (BETTER, WORSE, CHANGED, TARGET, "#a0722a", ORDINARY, "#c0508a", "#5b8c2a")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid", "dash", "dot")  # colour is not the only carrier


@dataclass(frozen=True)
class Choice:
    """Which columns a chart shows, and how."""

    across: str
    up: str
    by: str
    form: str


@dataclass(frozen=True)
class Drawn:
    """The figure, and what it leaves out."""

    figure: dict[str, Any]
    hidden_series: int
    hidden_points: int


def numeric_columns(frame: pl.DataFrame) -> list[str]:
    """Columns that can be drawn upwards."""
    return frame.select(selectors.numeric()).columns


def suggested(frame: pl.DataFrame) -> Choice:
    """What most people would draw: time across, the first number up, a line for each word of a short column."""
    numbers = numeric_columns(frame)
    times = frame.select(selectors.temporal()).columns
    words = frame.select(selectors.string()).columns
    across = next(iter([*times, *words]), frame.columns[0])
    up = next((name for name in numbers if name != across), numbers[0])
    by = next((word for word in words if word != across and 1 < frame[word].n_unique() <= MOST_SERIES), "")
    return Choice(across, up, by, "line" if times else "bar" if words else "points")


def quick_chart(frame: pl.DataFrame, across: str, up: str, by: str, form: str) -> Drawn:
    """The figure as a plain dictionary; series are named at their end, or in a legend where there are several."""
    shown = frame.select(
        pl.col(across).alias("across"),
        pl.col(up).cast(pl.Float64).alias("up"),
        (pl.col(by).cast(pl.String).fill_null("–") if by else pl.lit("")).alias("by"),
    ).drop_nulls("across")
    if form == "line":
        shown = shown.sort("across", maintain_order=True)
    names = shown["by"].unique(maintain_order=True).to_list()
    kept = shown.filter(pl.col("by").is_in(names[:MOST_SERIES])).head(MOST_POINTS)
    data = [
        _series(kept.filter(pl.col("by") == name), name, form, number)
        for number, name in enumerate(names[:MOST_SERIES])
    ]
    is_time = frame.schema[across].is_temporal()
    arrangement = layout(
        380,
        showlegend=len(data) > 1,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"color": ORDINARY}},
        barmode="group",
        margin={"l": 8, "r": 16, "t": 24, "b": 8},
        xaxis=axis(
            **({"type": "date"} if is_time else {} if shown["across"].dtype.is_numeric() else {"type": "category"}),
            nticks=8,
            tickformat="%d/%m/%Y" if is_time and active() == "pt_BR" else "%Y-%m-%d" if is_time else "",
        ),
        yaxis=axis(showgrid=True, exponentformat="none", separatethousands=True, rangemode="tozero" if form == "bar" else "normal",
                   title={"text": literal(shortened(up)), "font": {"size": 12, "color": ORDINARY}}),
    )  # fmt: skip
    hidden = shown.filter(pl.col("by").is_in(names[:MOST_SERIES])).height - kept.height
    return Drawn(figure(data, arrangement), max(0, len(names) - MOST_SERIES), hidden)


def _series(rows: pl.DataFrame, name: str, form: str, number: int) -> dict[str, Any]:
    across = rows["across"]
    places = [literal(str(value)) for value in across] if not across.dtype.is_numeric() else across.to_list()
    texts = [f"{place}: {formats.number(value, 2)}" for place, value in zip(places, rows["up"].to_list(), strict=True)]
    shared = {"x": places, "y": rows["up"].to_list(), "name": literal(shortened(name)), "text": texts,
              "hovertemplate": "%{text}<extra>" + literal(shortened(name)) + "</extra>"}  # fmt: skip
    colour = COLOURS[number]
    if form == "bar":
        return {**shared, "type": "bar", "marker": {"color": colour}, "textposition": "none"}
    mode = "lines+markers" if form == "line" else "markers"
    return {**shared, "type": "scatter", "mode": mode, "line": {"color": colour, "width": 1.8, "dash": DASHES[number]},
            "marker": {"color": colour, "size": 5 if form == "line" else 7}}  # fmt: skip

"""One KPI of several members over time, on one scale, each line named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard import formats
from dashboard.charts.quick import COLOURS, DASHES, MOST_SERIES
from dashboard.charts.template import axis, figure, layout, literal, nice_ticks, shortened, spread
from dashboard.queries.definitions import Definition

HEIGHT = 400

Series = Sequence[tuple[date, float | None]]


def comparison_chart(
    series: Mapping[str, Series], definition: Definition, grain: str, running: date | None = None
) -> dict[str, Any]:
    """The figure. At most MOST_SERIES members; gaps stay gaps. `running` is the period that is not over: hollow marks."""
    shown = dict(list(series.items())[:MOST_SERIES])
    numbers = [value for points in shown.values() for _day, value in points if value is not None]
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    reach = (high - low) or abs(high) or 1.0
    low, high = low - reach * 0.06, high + reach * 0.06
    if definition.kind in ("count", "amount") and low > 0:
        low = 0.0
    days = sorted({day for points in shown.values() for day, _value in points})
    every = max(1, -(-len(days) // 5))
    ticks = nice_ticks(low, high, 5)
    data = [
        _line(name, points, definition, grain, number, running) for number, (name, points) in enumerate(shown.items())
    ]
    return figure(
        data,
        layout(
            HEIGHT,
            # One line alone needs no name at its end: the title of the choice is its name.
            margin={"l": 8, "r": 120 if len(shown) > 1 else 12, "t": 12, "b": 8},
            annotations=_ends(shown, (high - low) / (HEIGHT / 20)) if len(shown) > 1 else [],
            xaxis=axis(
                type="date", tickmode="array", tickvals=[day.isoformat() for day in days[::-1][::every][::-1]],
                ticktext=[formats.period_short(day, grain) for day in days[::-1][::every][::-1]], tickangle=0,
            ),
            yaxis=axis(
                showgrid=True, range=[low, high], tickmode="array", tickvals=ticks,
                ticktext=[formats.tick(tick, ticks, definition.unit) for tick in ticks],
            ),
        ),
    )  # fmt: skip


def _line(
    name: str, points: Series, definition: Definition, grain: str, number: int, running: date | None
) -> dict[str, Any]:
    texts = [
        f"<b>{literal(name)}</b><br>{formats.period(day, grain)}<br>"
        + formats.quantity(value, definition.unit, definition.decimals)
        for day, value in points
    ]
    colour = COLOURS[number]
    return {
        "type": "scatter", "mode": "lines+markers", "x": [day.isoformat() for day, _value in points],
        "y": [value for _day, value in points], "text": texts, "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": colour, "width": 1.8, "dash": DASHES[number]}, "marker": {
            "color": colour, "size": [9 if day == running else 4 for day, _value in points],
            "symbol": ["circle-open" if day == running else "circle" for day, _value in points],
        },
        "connectgaps": False, "name": literal(shortened(name)),
    }  # fmt: skip


def _ends(shown: Mapping[str, Series], gap: float) -> list[dict[str, Any]]:
    lasts = [
        (name, value, COLOURS[number])
        for number, (name, points) in enumerate(shown.items())
        if (value := next((value for _day, value in reversed(points) if value is not None), None)) is not None
    ]
    places = spread([value for _name, value, _colour in lasts], gap)
    # The colour is in a mark: as text it could not be read on every ground.
    return [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": place, "yanchor": "middle", "showarrow": False,
         "text": f'<span style="color:{colour}">■</span> {literal(shortened(name, 18))}', "font": {"size": 11.5}}
        for (name, _value, colour), place in zip(lasts, places, strict=True)
    ]  # fmt: skip

"""Remarks in a chart over periods: a band or a line where something happened, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.charts.template import literal, shortened
from dashboard.queries.values import Point

COLOUR = "#a0722a"  # brown: no other mark has it
BAND = "rgba(160, 114, 42, 0.2)"
LEVELS = 3  # heights at which words stand, so that neighbours do not cover one another
LONGEST = 24  # characters in the chart; the list below it has the whole text
WORDS_HEIGHT = 15


@dataclass(frozen=True)
class Remark:
    """What happened in an inclusive range of days."""

    first_day: date
    last_day: date
    text: str


def remark_marks(
    points: Sequence[Point], remarks: Sequence[Remark]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Shapes and words of the remarks that touch the periods drawn."""
    shapes: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for remark in remarks:
        touched = [
            place
            for place, point in enumerate(points)
            if point.period_start <= remark.last_day and remark.first_day <= point.period_end
        ]
        if not touched:
            continue
        first, last = (points[place].period_start.isoformat() for place in (touched[0], touched[-1]))
        shared = {"yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
        if first == last:
            line = {"color": COLOUR, "width": 1.2, "dash": "dot"}
            shapes.append({"type": "line", "x0": first, "x1": last, "line": line, **shared})
        else:
            shapes.append({"type": "rect", "x0": first, "x1": last, "line": {"width": 0}, "fillcolor": BAND, **shared})
        # Words of the right half of the chart stand to the left of their mark, so that they stay inside.
        is_late = touched[0] > len(points) / 2
        words.append(
            {
                "x": first, "xanchor": "right" if is_late else "left", "yref": "paper", "y": 0, "yanchor": "bottom",
                "yshift": 2 + WORDS_HEIGHT * (len(words) % LEVELS), "showarrow": False, "align": "left",
                "font": {"size": 11.5, "color": COLOUR}, "text": literal(shortened(remark.text, LONGEST)),
                "hovertext": literal(remark.text),
            }
        )  # fmt: skip
    return shapes, words


def words_room(words: Sequence[dict[str, Any]]) -> int:
    """Pixels that the words need below the values."""
    return WORDS_HEIGHT * min(LEVELS, len(words)) + 4 if words else 0

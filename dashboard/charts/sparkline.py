"""A sparkline as an SVG picture: limits as a band, centre, target, the last point by shape and colour.

A page may hold dozens; each is a few hundred bytes and needs no script in the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from dashboard.charts.template import DIRECTION_COLOURS, ORDINARY, TARGET


@dataclass(frozen=True, slots=True)
class Mark:
    """One period: its value, its limits (None where there are none), signal and whether it is provisional."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    centre: float | None = None
    direction: str | None = None
    is_partial: bool = False


def bounds(marks: Sequence[Mark], target: float | None = None) -> tuple[float, float] | None:
    """Lowest and highest of values, limits and target; None when there is nothing to draw."""
    numbers = [number for mark in marks for number in (mark.value, mark.lower, mark.upper) if number is not None]
    if not any(mark.value is not None for mark in marks):
        return None
    if target is not None:
        numbers.append(target)
    return min(numbers), max(numbers)


def sparkline(
    marks: Sequence[Mark],
    *,
    title: str,
    target: float | None = None,
    width: int = 160,
    height: int = 40,
    scale: tuple[float, float] | None = None,
    ticks: Sequence[tuple[float, str]] = (),
) -> str:
    """The SVG text. `title` is read to people who cannot see it; `scale` makes several pictures comparable.

    `ticks` are values with their words: thin lines, labelled at the left.
    """
    extent = scale or bounds(marks, target)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img"><title>{escape(title)}</title>'
    )
    if extent is None or len(marks) == 0:
        return head + "</svg>"
    low, high = extent
    reach = (high - low) or 1.0
    edge = 5.0

    def across(index: int) -> float:
        return round(edge + (width - 2 * edge) * (index / max(1, len(marks) - 1)), 1)

    def down(value: float) -> float:
        inside = min(max(value, low - reach), high + reach)
        return round(height - edge - (height - 2 * edge) * (inside - low) / reach, 1)

    parts = [head, *(_tick(down(value), text, width, edge) for value, text in ticks), *_band(marks, across, down)]
    if target is not None and low <= target <= high:
        parts.append(
            f'<line x1="{edge}" x2="{width - edge}" y1="{down(target)}" y2="{down(target)}" stroke="{TARGET}"'
            ' stroke-width="1.2" stroke-dasharray="4 3"/>'
        )
    parts += _lines(marks, across, down)
    last_whole = max((i for i, m in enumerate(marks) if m.value is not None and not m.is_partial), default=-1)
    for index, mark in enumerate(marks):
        if mark.value is None:
            continue
        x, y = across(index), down(mark.value)
        if mark.is_partial:
            parts.append(f'<circle cx="{x}" cy="{y}" r="2.6" fill="none" stroke="{ORDINARY}" stroke-width="1.3"/>')
        elif mark.direction:
            parts.append(_shape(x, y, mark.direction, 3.6 if index == last_whole else 2.2))
        elif index == last_whole:
            parts.append(f'<circle cx="{x}" cy="{y}" r="2.8" fill="{ORDINARY}"/>')
    return "".join(parts) + "</svg>"


def _lines(marks: Sequence[Mark], across: Callable[[int], float], down: Callable[[float], float]) -> list[str]:
    """The values as lines; over periods without one they are thin and pale, and a value between two gaps is a dot."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, mark in enumerate(marks):
        if mark.value is None:
            runs.append([])
        elif not mark.is_partial:
            runs[-1].append((across(place), down(mark.value)))
    runs = [run for run in runs if run]

    def line(points: Sequence[tuple[float, float]], width: float, opacity: float) -> str:
        path = " ".join(f"{x},{y}" for x, y in points)
        return (
            f'<polyline points="{path}" fill="none" stroke="{ORDINARY}" stroke-width="{width}"'
            f' stroke-opacity="{opacity}" stroke-linejoin="round"/>'
        )

    across_gaps = [line((before[-1], after[0]), 0.8, 0.4) for before, after in pairwise(runs)]
    dots = [f'<circle cx="{run[0][0]}" cy="{run[0][1]}" r="1.6" fill="{ORDINARY}"/>' for run in runs if len(run) == 1]
    return [*across_gaps, *(line(run, 1.5, 1) for run in runs if len(run) > 1), *dots]


def _tick(y: float, text: str, width: int, edge: float) -> str:
    """A line across the picture with its word above (below at the top), in the grey of the axis."""
    place = y - 2 if y > 12 else y + 10
    return (
        f'<line x1="{edge}" x2="{width - edge}" y1="{y}" y2="{y}" stroke="{ORDINARY}" stroke-opacity="0.25"/>'
        f'<text x="{edge}" y="{place}" font-size="10" fill="{ORDINARY}">{escape(text)}</text>'
    )


def _band(marks: Sequence[Mark], across: Callable[[int], float], down: Callable[[float], float]) -> list[str]:
    """The area between the limits and the centre line, over the periods that have them."""
    limited = [
        (across(i), m.lower, m.upper, m.centre)
        for i, m in enumerate(marks)
        if m.lower is not None and m.upper is not None
    ]
    if len(limited) < 2:
        return []
    top = " ".join(f"{x},{down(upper)}" for x, _lower, upper, _centre in limited)
    bottom = " ".join(f"{x},{down(lower)}" for x, lower, _upper, _centre in reversed(limited))
    centre = " ".join(f"{x},{down(level)}" for x, _lower, _upper, level in limited if level is not None)
    return [
        f'<polygon points="{top} {bottom}" fill="{ORDINARY}" fill-opacity="0.15"/>',
        f'<polyline points="{centre}" fill="none" stroke="{ORDINARY}" stroke-opacity="0.55" stroke-width="0.8"/>',
    ]


def _shape(x: float, y: float, direction: str, size: float) -> str:
    """Triangle for better, square for worse, diamond for changed."""
    colour = DIRECTION_COLOURS.get(direction, ORDINARY)
    if direction == "better":
        corners = [(x, y - size * 1.15), (x - size, y + size * 0.8), (x + size, y + size * 0.8)]
    elif direction == "worse":
        half = size * 0.85
        corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    else:
        corners = [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
    return f'<polygon points="{points}" fill="{colour}"/>'

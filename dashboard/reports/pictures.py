"""Pictures of the pack as SVG: a series with its limits, and the mark of a signal. No script, no font of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard import formats, vocabulary
from dashboard.charts.template import BETTER, CHANGED, ORDINARY, TARGET, WORSE, spread
from dashboard.language import _, plural
from dashboard.queries.values import Point
from dashboard.reports.content import Row
from dashboard.reports.markup import Element, element

INK = "#57626e"  # grey of small words: 4.5 to 1 on white
COLOURS = {"better": BETTER, "worse": WORSE, "changed": CHANGED}
WIDTH, HEIGHT = 330.0, 104.0
LEFT, RIGHT, TOP, BOTTOM = 6.0, 74.0, 8.0, 16.0
FEWEST = 3  # weeks with a figure: of fewer there is no course to see


def _add(parent: Element, name: str, text: str = "", /, **attributes: object) -> Element:
    child = element(name, text, **{key: str(value) for key, value in attributes.items()})
    parent.append(child)
    return child


def _svg(width: float, height: float, title: str) -> Element:
    root = element("svg", xmlns="http://www.w3.org/2000/svg", width=f"{width:g}", height=f"{height:g}", role="img")
    # A picture takes no style from the page when it is printed.
    root.set("font-family", "Pack Sans, system-ui, sans-serif")
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    _add(root, "title", title)
    return root


def shape(x: float, y: float, direction: str, size: float) -> Element:
    """The shape of a signal: triangle for better, square for worse, diamond for a change without a good side."""
    if direction == "better":
        corners = [(x, y - size), (x + size, y + size * 0.8), (x - size, y + size * 0.8)]
    elif direction == "worse":
        side = size * 0.85
        corners = [(x - side, y - side), (x + side, y - side), (x + side, y + side), (x - side, y + side)]
    else:
        corners = [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]
    points = " ".join(f"{across:.1f},{down:.1f}" for across, down in corners)
    return element("polygon", points=points, fill=COLOURS.get(direction, CHANGED))


def mark(direction: str) -> Element:
    """A signal's shape to stand before words, named for those who cannot see it."""
    root = _svg(11, 11, vocabulary.direction(direction))
    root.set("class", "mark")
    root.append(shape(5.5, 5.8, direction, 4.6))
    return root


def description(row: Row) -> str:
    """The picture in words: label, weeks, latest figure and how many weeks carry a signal."""
    signals = sum(1 for point in row.points if point.is_signal)
    text = plural(
        "{label}, last {periods}: {value}; {signals} week with a signal",
        "{label}, last {periods}: {value}; {signals} weeks with a signal",
        signals,
    )
    return text.format(
        label=row.definition.label,
        periods=vocabulary.periods(len(row.points), "week"),
        value=row.value,
        signals=signals,
    )


def behaviour(row: Row) -> Element | None:
    """The series of one KPI with limits, centre, target and signals; None where too few weeks have a figure."""
    points = row.points
    numbers = [number for point in points for number in (point.value, point.lower_limit, point.upper_limit)]
    known = [number for number in numbers if number is not None]
    if sum(point.value is not None for point in points) < FEWEST:
        return None
    promised = row.point.target if row.point is not None else None
    if promised is not None:
        known.append(promised)
    low, high = min(known), max(known)
    reach = (high - low) or abs(high) or 1.0

    def across(index: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (index / max(1, len(points) - 1)), 1)

    def down(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / reach, 1)

    root = _svg(WIDTH, HEIGHT, description(row))
    _limits(root, points, across, down)
    if promised is not None:
        _line(root, LEFT, WIDTH - RIGHT, down(promised), TARGET, "4 3", 1.2)
    for run in _unbroken(points):
        path = " ".join(f"{across(index)},{down(value)}" for index, value in run)
        _add(root, "polyline", points=path, fill="none", stroke=ORDINARY, stroke_width="1.5", stroke_linejoin="round")
    for index, point in enumerate(points):
        if point.value is None:
            continue
        x, y, is_last = across(index), down(point.value), index == len(points) - 1
        if point.is_partial:
            _add(root, "circle", cx=x, cy=y, r="2.8", fill="#fff", stroke=ORDINARY, stroke_width="1.4")
        elif point.is_signal:
            root.append(shape(x, y, point.direction or "changed", 4.4 if is_last else 2.8))
        else:
            _add(root, "circle", cx=x, cy=y, r="3" if is_last else "1.5", fill=ORDINARY)
    _words(root, row, promised, down)
    for index, anchor in ((0, "start"), (len(points) - 1, "end")):
        week = formats.period(points[index].period_start, "week")
        _add(root, "text", week, x=across(index), y=HEIGHT - 4, font_size="8.5", fill=INK, text_anchor=anchor)
    return root


def _line(root: Element, first: float, last: float, y: float, colour: str, dashes: str, width: float) -> None:
    _add(root, "line", x1=first, x2=last, y1=y, y2=y, stroke=colour, stroke_width=width, stroke_dasharray=dashes)


def _limits(root: Element, points: Sequence[Point], across, down) -> None:
    limited = [
        (across(index), point.lower_limit, point.upper_limit, point.centre)
        for index, point in enumerate(points)
        if point.lower_limit is not None and point.upper_limit is not None and point.centre is not None
    ]
    if len(limited) < 2:
        return
    top = " ".join(f"{x},{down(upper)}" for x, _lower, upper, _centre in limited)
    bottom = " ".join(f"{x},{down(lower)}" for x, lower, _upper, _centre in reversed(limited))
    centre = " ".join(f"{x},{down(middle)}" for x, _lower, _upper, middle in limited)
    _add(root, "polygon", points=f"{top} {bottom}", fill="#eceff2")
    _add(root, "polyline", points=centre, fill="none", stroke="#b4bcc5", stroke_width="1")


def _unbroken(points: Sequence[Point]) -> list[list[tuple[int, float]]]:
    """Runs of neighbouring weeks with figures; the unfinished week is not joined."""
    runs: list[list[tuple[int, float]]] = [[]]
    for index, point in enumerate(points):
        if point.value is None or point.is_partial:
            runs.append([])
        else:
            runs[-1].append((index, point.value))
    return [run for run in runs if len(run) > 1]


def _words(root: Element, row: Row, promised: float | None, down) -> None:
    """Labels at the right edge, moved apart where they would meet."""
    last = next((point for point in reversed(row.points) if point.centre is not None), None)
    named: list[tuple[str, float, str]] = []
    if last is not None:
        for word, value in ((_("limit"), last.upper_limit), (_("limit"), last.lower_limit)):
            if value is not None:
                named.append((word, value, INK))
    if promised is not None:
        named.append((_("target"), promised, "#1c7268"))
    unit, decimals = row.definition.unit, row.definition.decimals
    labels = {
        f"{word} {formats.quantity(value, unit, decimals, compact=True)}": (down(value), colour)
        for word, value, colour in named
    }  # limits that read the same are one label
    for (text, (_place, colour)), y in zip(labels.items(), _label_places(labels.values()), strict=True):
        _add(root, "text", text, x=WIDTH - RIGHT + 6, y=round(y + 3, 1), font_size="8.5", fill=colour)


def _label_places(labels: Iterable[tuple[float, str]]) -> list[float]:
    """Heights of labels: apart from each other, and none above the picture."""
    places = spread([place for place, _colour in labels], 10.0)
    lowest = TOP - 2
    for index in sorted(range(len(places)), key=places.__getitem__):
        places[index] = max(places[index], lowest)
        lowest = places[index] + 10.0
    return places

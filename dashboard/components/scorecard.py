"""The scorecard: a row per KPI, grouped by area, as one light table. On a phone each row becomes a small card."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from dashboard import formats, vocabulary
from dashboard.charts.sparkline import Mark, sparkline
from dashboard.components import signals
from dashboard.components.linked import link, linked, sign
from dashboard.components.signals import Note
from dashboard.headlines import Headline
from dashboard.language import _, active, plural
from dashboard.queries.definitions import COLUMN_SUFFIX, Definition
from dashboard.queries.publication import Troubles
from dashboard.queries.values import Point

PICTURE, PICTURE_HEIGHT = 132, 30  # pixels
PERIODS = 26  # shown in a sparkline: half a year of weeks


@dataclass(frozen=True)
class Doubts:
    """What speaks against trusting a figure: KPIs with a test that did not pass, and those with an overdue source."""

    warned: Collection[str] = ()
    overdue: Mapping[str, tuple[str, float]] = field(default_factory=dict)  # KPI → (source, days since it was loaded)


def doubts(troubles: Troubles) -> Doubts:
    """The doubts about a publication, with the names of sources in the reader's language."""
    suffix = COLUMN_SUFFIX[active()]
    overdue: dict[str, tuple[str, float]] = {}
    for source in troubles.sources:  # the longest overdue comes first
        for kpi in source["kpis"] or ():
            name = str(source[f"label_{suffix}"] or source["table_name"])
            overdue.setdefault(kpi, (name, float(source["days_since"] or 0)))
    return Doubts(frozenset(troubles.tests_by_kpi), overdue)


def marks(points: Sequence[Point]) -> list[Mark]:
    """Points as a sparkline takes them."""
    return [
        Mark(
            point.value,
            point.lower_limit,
            point.upper_limit,
            point.centre,
            point.direction if point.rule else None,
            point.is_partial,
        )
        for point in points
    ]


def picture(row: Headline, grain: str) -> str:
    """The sparkline of a row, with a title for people who cannot see it."""
    definition = row.definition
    latest = formats.quantity(row.latest.value, definition.unit, definition.decimals) if row.latest else formats.MISSING
    title = _("{label}, last {periods}: {value}").format(
        label=definition.label, periods=vocabulary.periods(len(row.points), grain), value=latest
    )
    return sparkline(
        marks(row.points),
        title=title,
        target=row.latest.target if row.latest else definition.target,
        width=PICTURE,
        height=PICTURE_HEIGHT,
    )


def scorecard(
    rows: Sequence[Headline],
    grain: str,
    doubted: Doubts | None,
    key: str,
    *,
    totals: Mapping[str, int] | None = None,
    has_areas: bool = True,
    place: Mapping[str, str] | None = None,
) -> None:
    """Draw the rows below the names of their areas; `totals` (area → all its KPIs) adds a list of areas to jump to.

    Without `doubted` (figures of the past) nothing is said of how old the data is. `place` is what links to a KPI's page
    carry besides the KPI.
    """
    heads = dict.fromkeys((row.definition.area for row in rows), 0) | dict(totals or {}) if has_areas else {}
    linked((jump_list(rows) if totals else "") + table(rows, grain, doubted, heads, place or {}), key)


def table(
    rows: Sequence[Headline], grain: str, doubted: Doubts | None, totals: Mapping[str, int], place: Mapping[str, str]
) -> str:
    """The table as HTML, every text of it escaped. Areas in `totals` have a heading."""
    titles = [
        ("name", _("KPI")), ("value", _("Value · 95% interval")), ("target", _("Target · can it be reached?")),
        ("change", _("Change · signal?")), ("picture", _("Last {periods}").format(periods=vocabulary.periods(PERIODS, grain))),
        *([("data", _("Data"))] if doubted else []),
    ]  # fmt: skip
    columns = "".join(f'<col class="{name}">' for name, _title in titles)
    heads = "".join(f'<th scope="col">{escape(title)}</th>' for _name, title in titles)
    parts = [f"<table><colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>"]
    for area in dict.fromkeys(row.definition.area for row in rows):
        chosen = [row for row in rows if row.definition.area == area]
        parts.append("<tbody>")
        if area in totals:
            parts.append(_area(area, len(chosen), totals[area], len(titles)))
        parts += [_row(row, grain, doubted, place) for row in chosen]
        parts.append("</tbody>")
    return "".join(parts) + "</table>"


def jump_list(rows: Sequence[Headline]) -> str:
    """The areas shown, each with how many of its KPIs turned worse, better or merely changed."""
    entries = []
    for area in dict.fromkeys(row.definition.area for row in rows):
        found = [row.latest.direction for row in rows if row.definition.area == area and row.latest and row.is_signal]
        told = ""
        for direction, (shape, colour) in signals.DIRECTION_MARKS.items():
            if count := sum(1 for one in found if (one or "changed") == direction):
                word = escape(vocabulary.direction(direction))
                told += (
                    f' <span class="{colour}" title="{word}">{count}{shape}<span class="hidden"> {word}</span></span>'
                )
        entries.append(f'<a href="#area-{escape(area)}">{escape(vocabulary.area(area))}</a>{told}')
    words = escape(_("Areas"))
    return f'<nav aria-label="{words}">' + "".join(f"<span>{entry}</span>" for entry in entries) + "</nav>"


def _area(area: str, shown: int, total: int, columns: int) -> str:
    text = plural("{shown} of {total} KPI", "{shown} of {total} KPIs", total).format(shown=shown, total=total)
    count = f' <small class="gray">{escape(text)}</small>' if total > shown else ""
    title = link(area, vocabulary.area(area))
    return (
        f'<tr class="area"><th colspan="{columns}" scope="rowgroup" id="area-{escape(area)}">{title}{count}</th></tr>'
    )


def _row(row: Headline, grain: str, doubted: Doubts | None, place: Mapping[str, str]) -> str:
    definition, latest = row.definition, row.latest
    is_doubted = doubted is not None and definition.name in doubted.warned
    data = _data(doubted.overdue.get(definition.name)) if doubted else ""
    where = {**place, "kpi": definition.name}
    return (
        f'<tr class="kpi"><th scope="row">{link("kpi", definition.label, where)}{_about(definition)}</th>'
        f'<td class="value">{_value(latest, definition, is_doubted)}</td>'
        f'<td class="target">{_target(latest, definition)}</td>'
        f'<td class="change">{_change(latest, definition)}</td>'
        f'<td class="picture">{picture(row, grain)}</td>{data}</tr>'
    )


def _about(definition: Definition) -> str:
    """The way to the definition, which is read on hovering."""
    label = _("Definition of {label}").format(label=definition.label)
    mark = sign("definitions", "info", label, {"kpi": definition.name}, title=definition.definition)
    return f'<span class="about">{mark}</span>'


def _parts(*parts: str) -> str:
    """Pieces that stand side by side where there is room, and below one another where there is not."""
    return "".join(f'<span class="part">{part}</span>' for part in parts if part)


def _html(note: Note | None) -> str:
    return note.html if note else ""


def _value(point: Point | None, definition: Definition, is_doubted: bool) -> str:
    warning = _html(signals.state_note("data_warning")) if is_doubted else ""
    if point is None or point.value is None:
        missing = f'<span class="gray">{formats.MISSING}</span>'
        return _parts(missing, _html(signals.state_note(point.state if point else "no_data")), warning)
    bounds = formats.interval(point.low, point.high, definition.unit, definition.decimals)
    interval = f'<small class="gray">{escape(bounds)}</small>' if bounds else ""
    figure = f"<b>{escape(signals.value_text(point, definition))}</b>"
    return _parts(figure, interval, _html(signals.state_note(point.state)), warning)


def _target(point: Point | None, definition: Definition) -> str:
    text = signals.target_text(point, definition)
    if not text:
        return f'<span class="note gray">{escape(_("no target"))}</span>'
    return _parts(escape(text), _html(signals.assurance_note(point, definition)) if point else "")


def _change(point: Point | None, definition: Definition) -> str:
    if point is None:
        return f'<span class="gray">{formats.MISSING}</span>'
    shown = formats.difference(point.change, definition.unit, definition.decimals)
    figure = escape(shown) if point.is_signal else f'<span class="gray">{escape(shown)}</span>'
    return _parts(figure, _html(signals.signal_note(point)) if point.value is not None else "")


def _data(delay: tuple[str, float] | None) -> str:
    if delay is None:
        return f'<td class="data fine"><span class="note gray">{escape(_("up to date"))}</span></td>'
    source, days = delay
    text = _("loaded {days} ago").format(days=formats.quantity(days, "days", compact=True))
    title = _("{source} (last loaded {days} ago)").format(source=source, days=formats.quantity(days, "days"))
    note = Note(text, signals.STATE_MARKS["stale"], "orange", is_strong=True)
    return f'<td class="data" title="{escape(title)}">{note.html}</td>'

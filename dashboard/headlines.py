"""What the overview says: the latest complete figure of each KPI, and one sentence for each that carries a signal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import formats, vocabulary
from dashboard.language import _
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point
from kpis.signals import CHANCE_OF_SIGNAL


@dataclass(frozen=True)
class Headline:
    """One KPI on the scorecard: its latest complete period, the unfinished one after it, and the run of points."""

    definition: Definition
    latest: Point | None
    unfinished: Point | None
    points: tuple[Point, ...]

    @property
    def is_signal(self) -> bool:
        """Whether the latest complete period carries a signal."""
        return self.latest is not None and self.latest.is_signal


def headlines(
    definitions: Mapping[str, Definition],
    points: Mapping[str, Sequence[Point]],
    area: str | None = None,
    *,
    only_headline: bool = True,
) -> list[Headline]:
    """The scorecard's rows in the catalogue's order; KPIs without any point stay, and say so."""
    rows = []
    for name, definition in definitions.items():
        if (only_headline and not definition.headline) or (area and definition.area != area):
            continue
        run = tuple(points.get(name, ()))
        complete = [point for point in run if not point.is_partial]
        unfinished = run[-1] if run and run[-1].is_partial else None
        rows.append(Headline(definition, complete[-1] if complete else None, unfinished, run))
    return rows


def signalled(rows: Sequence[Headline]) -> list[Headline]:
    """Rows with a signal, what matters most first.

    Worse before changed before better; among those, figures that miss their target before those that meet it; then
    the farther from the centre, measured in the process's own variation.
    """
    order = {"worse": 0, "changed": 1, "better": 2}
    chosen = [(row, row.latest) for row in rows if row.latest is not None and row.is_signal]
    chosen.sort(
        key=lambda pair: (
            order.get(pair[1].direction or "changed", 1),
            meets_target(pair[1], pair[0].definition) is not False,
            -weight(pair[1]),
        )
    )
    return [row for row, _point in chosen]


def weight(point: Point) -> float:
    """How far a point lies from its centre, in sigmas of its process: comparable between KPIs of any unit."""
    if point.value is None or point.centre is None:
        return 0.0
    # A limit clamped at a natural bound (no less than 0 %) is nearer than three sigmas: the farther one is not.
    reach = max(
        (abs(edge - point.centre) for edge in (point.upper_limit, point.lower_limit) if edge is not None), default=0
    )
    if reach:
        return 3 * abs(point.value - point.centre) / reach
    return 0.0 if point.value == point.centre else math.inf  # a process that had never varied


def misses_target(row: Headline) -> bool:
    """Whether the latest figure is on the bad side of its target, or the process as it is cannot reach it."""
    point = row.latest
    if point is None or point.value is None:
        return False
    return point.assurance == "will_fail" or meets_target(point, row.definition) is False


def watched(rows: Sequence[Headline]) -> int:
    """How many of these KPIs have limits in the latest period, and so could signal."""
    return sum(1 for row in rows if row.latest is not None and row.latest.centre is not None)


def expected_by_chance(rows: Sequence[Headline]) -> float:
    """How many of these KPIs would show a signal in one period if nothing at all had changed."""
    return watched(rows) * CHANCE_OF_SIGNAL


def meets_target(point: Point, definition: Definition) -> bool | None:
    """Whether this one figure is on the good side of its target; None where there is no such side or no figure."""
    if point.value is None or point.target is None or definition.better == "neutral":
        return None
    return point.value >= point.target if definition.better == "higher" else point.value <= point.target


def where(point: Point) -> str:
    """On which side, and of what, a signalled point lies."""
    if point.rule == "outside":
        return _("above its limits") if point.is_above else _("below its limits")
    return _("above its usual level") if point.is_above else _("below its usual level")


def sentence(row: Headline, grain: str, cause: str | None) -> str:
    """`34 dias, acima do limite superior há 3 semanas; principal causa: Unidade Sul` (without the KPI's name)."""
    point, definition = row.latest, row.definition
    if point is None:
        return ""
    value = formats.quantity(point.value, definition.unit, definition.decimals, compact=definition.unit == "brl")
    text = _("{value}, {where} for {duration}").format(
        value=value, where=where(point), duration=vocabulary.periods(max(1, point.weeks_in_signal or 1), grain)
    )
    return text + (_("; main cause: {cause}").format(cause=cause) if cause else "")


def main_cause(row: Headline, members: Sequence[Point]) -> str | None:
    """The business unit behind a signal: the one whose own series signals the same way and weighs most.

    None where no unit signals by itself: the change is then common to all, and naming one would be a guess.
    """
    point = row.latest
    if point is None:
        return None
    candidates = [
        member
        for member in members
        if member.period_start == point.period_start and member.is_signal and member.is_above == point.is_above
    ]
    if not candidates:
        return None
    return max(candidates, key=_pull).member


def _pull(member: Point) -> float:
    """How hard a unit pulls the whole: its distance from its own centre times its number of records."""
    if member.value is None or member.centre is None:
        return 0.0
    return abs(member.value - member.centre) * (member.n or 0)

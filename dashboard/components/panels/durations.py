"""Durations: the survival curve of the last complete month or quarter, beside that of a year before."""

from __future__ import annotations

from datetime import date
from typing import cast

import polars as pl

from dashboard import formats, state
from dashboard.charts.survival import age_reached, curve_note, survival_chart
from dashboard.components.area import empty, grain, panel
from dashboard.language import _, active
from dashboard.published import Publication
from dashboard.queries.definitions import Definition, definitions
from dashboard.queries.values import Survival, life_tables_around
from dashboard.queries.windows import window
from kpis.periods import year_before

HEIGHT = 240
ROWS = 200  # ages in the table behind a curve


def still_open(kpi: str, publication: Publication, unit: str, *, agreed_days: float | None = None) -> None:
    """The share still open by age, and in grey a year before, or the period before where that is not published.

    `agreed_days` is what was promised, drawn as a line.
    """
    definition = definitions(publication, active()).get(kpi)
    if definition is None:
        return
    question = _("{label}: how long until done?").format(label=definition.label)
    dimension, member = ("total", "total") if unit == state.ALL else ("business_unit", unit)
    curve_grain = "quarter" if grain() == "quarter" else "month"
    last = window(publication, curve_grain).start
    tables = {
        start: curve
        for start, curve in life_tables_around(publication, kpi, curve_grain, last, dimension, member).items()
        if _finished(curve) >= definition.minimum_n
    }
    if last not in tables:
        empty(publication, definition.records_model, unit, question, _("Too few cases for a curve."))
        return
    start, curve = last, tables[last]
    before_start, before = _compared(publication, definition, curve_grain, start, (dimension, member), tables)
    names = (formats.period(start, curve_grain), formats.period(before_start, curve_grain) if before_start else "")

    def aged(age: float | None) -> str:
        if age is None:
            return _("not reached")
        return formats.quantity(age, definition.unit, 0 if definition.unit == "days" else 1)

    answer = _("{period}: half within {median}, 8 of 10 within {p80}").format(
        period=names[0], median=aged(age_reached(curve, 0.5)), p80=aged(age_reached(curve, 0.2))
    )
    if before_start:
        answer += "; " + _("{period}: {median} and {p80}").format(
            period=names[1], median=aged(age_reached(before, 0.5)), p80=aged(age_reached(before, 0.2))
        )
    agreed = None
    if agreed_days is not None:
        agreed = (agreed_days, _("agreed {days}").format(days=formats.quantity(agreed_days, "days", 0, compact=True)))
    figure = survival_chart(curve, definition.unit, before, names, height=HEIGHT, agreed=agreed)
    panel(
        publication, question, answer + ".", figure, f"still_open_{kpi}", _table(curve), kpi=kpi, note=curve_note(names)
    )


def _compared(
    publication: Publication, definition: Definition, grain_name: str, start: date, scope: tuple[str, str],
    tables: dict[date, list[Survival]],
) -> tuple[date | None, list[Survival]]:  # fmt: skip
    """The same period a year before, else the one before, else nothing."""
    wanted = cast(date, year_before(start, grain_name))
    old = life_tables_around(publication, definition.name, grain_name, wanted, *scope)
    if wanted in old and _finished(old[wanted]) >= definition.minimum_n:
        return wanted, old[wanted]
    rest = [(day, curve) for day, curve in tables.items() if day != start]
    return rest[0] if rest else (None, [])


def _finished(curve: list[Survival]) -> int:
    return sum(step.finished for step in curve)


def _table(curve: list[Survival]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "age": [step.age for step in curve],
            "at_risk": [step.at_risk for step in curve],
            "finished": [step.finished for step in curve],
            "still_open": [formats.percent(step.survival) for step in curve],
        }
    ).head(ROWS)

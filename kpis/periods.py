"""Weeks (ISO), months, quarters and years: where they begin, end, and what they are compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

import polars as pl

GRAINS: tuple[str, ...] = ("week", "month", "quarter", "year")
"""The grains of every KPI, finest first."""

_INTERVALS = {"week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}

Dates = TypeVar("Dates", dt.date, pl.Expr)


def interval(grain: str) -> str:
    """Polars' name of one period of `grain`; ValueError for an unknown grain."""
    try:
        return _INTERVALS[grain]
    except KeyError:
        raise ValueError(f"unknown grain {grain!r}: use one of {', '.join(GRAINS)}") from None


def period_start(date: Dates, grain: str) -> Dates:
    """First day of the period that holds `date` (a date or an expression of dates); weeks begin on Monday."""
    every = interval(grain)
    return _apply(date, lambda expression: expression.dt.truncate(every))


def period_end(date: Dates, grain: str) -> Dates:
    """Last day of the period that holds `date`."""
    every = interval(grain)
    return _apply(date, lambda expression: expression.dt.truncate(every).dt.offset_by(every).dt.offset_by("-1d"))


def previous(start: Dates, grain: str, periods: int = 1) -> Dates:
    """First day of the period that lies `periods` before the one holding `start` (negative: after)."""
    every = interval(grain)
    count, unit = int(every[0]), every[1:]
    return _apply(start, lambda expression: expression.dt.truncate(every).dt.offset_by(f"{-periods * count}{unit}"))


def year_before(start: Dates, grain: str) -> Dates:
    """First day of the same period one year before.

    Months, quarters and years: the calendar period. Weeks: the same ISO week number of the ISO year before, so that
    week 46 meets week 46; week 53 of a long year meets week 52, because the year before has no week 53.
    """
    if grain != "week":
        return previous(start, grain, {"month": 12, "quarter": 4, "year": 1}[_known(grain)])

    def shift(expression: pl.Expr) -> pl.Expr:
        monday_of_week_one = pl.date(expression.dt.iso_year() - 1, 1, 4).dt.truncate("1w")
        weeks = pl.min_horizontal(expression.dt.week().cast(pl.Int32), pl.lit(52, dtype=pl.Int32)) - 1
        return monday_of_week_one + pl.duration(weeks=weeks)

    return _apply(start, shift)


def period_starts(first: dt.date, last: dt.date, grain: str) -> pl.Series:
    """Starts of all periods from the one holding `first` to the one holding `last`, in order; empty if first > last."""
    every = interval(grain)
    if first > last:
        return pl.Series("period_start", [], dtype=pl.Date)
    start, end = period_start(first, grain), period_start(last, grain)
    return pl.date_range(start, end, every, eager=True).alias("period_start")


def earliest(days: pl.Series) -> dt.date | None:
    """First of some dates; None without any."""
    day = days.min()
    return day if isinstance(day, dt.date) else None


def latest(days: pl.Series) -> dt.date | None:
    """Last of some dates; None without any."""
    day = days.max()
    return day if isinstance(day, dt.date) else None


def _known(grain: str) -> str:
    interval(grain)
    return grain


def _apply(date: Dates, function: Callable[[pl.Expr], pl.Expr]) -> Dates:
    if isinstance(date, pl.Expr):
        return function(date)  # pyright: ignore[reportReturnType]
    return pl.DataFrame({"date": [date]}, schema={"date": pl.Date}).select(function(pl.col("date"))).item()

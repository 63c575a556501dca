"""Returns of one series of cash flows, one by one: what the roll-up of many at once is compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kpis.cash_flows import DAYS_PER_YEAR, HALF_A_CENT
from kpis.rates import internal_rates


@dataclass(frozen=True)
class Return:
    """A return, or why there is none: state `ok`, `undefined` or `ambiguous`; `value` only where ok, a fraction."""

    value: float | None
    state: str
    roots: tuple[float, ...] = ()


def xirr(dates: Sequence[dt.date], amounts: Sequence[float]) -> Return:
    """Internal rate of return per year of dated flows (benefits +, costs −), Actual/365, from the first flow.

    No change of sign: `undefined`. More than one rate that makes the net present value zero: `ambiguous`, with all
    `roots` found (see `rates`).
    """
    flows = sorted((day, float(amount)) for day, amount in zip(dates, amounts, strict=True))
    by_day: dict[dt.date, float] = {}
    for day, amount in flows:
        by_day[day] = by_day.get(day, 0.0) + amount
    by_day = {day: amount for day, amount in by_day.items() if amount}
    return _one(_years(list(by_day)) if by_day else np.zeros(0), np.array(list(by_day.values()), dtype=float))


def irr(amounts: Sequence[float]) -> Return:
    """Internal rate of return per period of evenly spaced flows; states as `xirr`."""
    return _one(np.arange(len(amounts), dtype=float), np.array(amounts, dtype=float))


def _one(years: np.ndarray, amounts: np.ndarray) -> Return:
    found = internal_rates(np.zeros(years.size, dtype=np.int64), years, amounts, 1)
    roots = tuple(found.rates.tolist())
    if len(roots) > 1:
        return Return(None, "ambiguous", roots)
    return Return(roots[0], "ok", roots) if roots else Return(None, "undefined")


def npv(dates: Sequence[dt.date], amounts: Sequence[float], annual_rate: float) -> float:
    """Net present value at the first flow's date, which is not discounted; Actual/365."""
    if not dates:
        return 0.0
    years = _years(dates)
    return float(np.sum(np.array(amounts, dtype=float) / (1 + annual_rate) ** years))


def payback(dates: Sequence[dt.date], amounts: Sequence[float]) -> Return:
    """Months (of 365 ÷ 12 days) from the first flow until the cumulated flows stay at or above zero.

    Nothing invested, or not paid back by the last flow: `undefined`. Payback is the day of a flow: nothing is
    interpolated between flows.
    """
    by_day: dict[dt.date, float] = {}
    for day, amount in sorted(zip(dates, amounts, strict=True)):
        by_day[day] = by_day.get(day, 0.0) + amount
    days = list(by_day)
    below = np.cumsum(list(by_day.values())) < -HALF_A_CENT
    if not below.any() or below[-1]:
        return Return(None, "undefined")
    paid_back = days[int(np.flatnonzero(below)[-1]) + 1]
    return Return((paid_back - days[0]).days * 12 / DAYS_PER_YEAR, "ok")


def _years(dates: Sequence[dt.date]) -> np.ndarray:
    first = min(dates)
    return np.array([(day - first).days for day in dates]) / DAYS_PER_YEAR

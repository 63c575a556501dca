"""Returns of one series of cash flows: XIRR with its honest states, NPV, payback, simple ROI."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kpis.rates import internal_rates

DAYS_PER_YEAR = 365.0
"""Actual/365 (fixed), as spreadsheets' XIRR and XNPV."""
HALF_A_CENT = 0.005
"""Sums of floats that differ from zero by less are zero."""


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


def npv_even(amounts: Sequence[float], rate: float, *, first_discounted: bool = False) -> float:
    """Net present value of evenly spaced flows; `first_discounted` gives the convention of spreadsheets' NPV."""
    powers = np.arange(len(amounts), dtype=float) + (1.0 if first_discounted else 0.0)
    return float(np.sum(np.array(amounts, dtype=float) / (1 + rate) ** powers))


def payback(dates: Sequence[dt.date], amounts: Sequence[float]) -> Return:
    """Months (of 365 ÷ 12 days) from the first flow until the cumulated flows stay at or above zero.

    Nothing invested, or not paid back by the last flow: `undefined`. Payback is the day of a flow: nothing is
    interpolated between flows.
    """
    return _payback(dates, np.array(amounts, dtype=float))


def discounted_payback(dates: Sequence[dt.date], amounts: Sequence[float], annual_rate: float) -> Return:
    """As `payback`, with every flow discounted to the first one's date (Actual/365)."""
    if not dates:
        return Return(None, "undefined")
    return _payback(dates, np.array(amounts, dtype=float) / (1 + annual_rate) ** _years(dates))


def simple_roi(benefits: float, costs: float) -> float | None:
    """(benefits − costs) ÷ costs as a fraction, both positive; None without costs."""
    return None if costs == 0 else (benefits - costs) / costs


def _payback(dates: Sequence[dt.date], amounts: np.ndarray) -> Return:
    by_day: dict[dt.date, float] = {}
    for day, amount in sorted(zip(dates, amounts.tolist(), strict=True)):
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

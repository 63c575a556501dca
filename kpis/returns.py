"""Returns of one series of cash flows: XIRR with its honest states, NPV, payback, simple ROI."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyxirr

DAYS_PER_YEAR = 365.0
"""Actual/365 (fixed), as spreadsheets' XIRR and XNPV."""

# Rates from −90 % to 100 000 % a year, evenly in ln(1 + r). Roots below −90 % a year exist for most projects which end
# with a small cost; nobody means those, so they are not looked for.
_GRID = np.linspace(math.log(0.1), math.log(1001.0), 4001)
_TOUCHING = 1e-9


@dataclass(frozen=True)
class Return:
    """A return, or why there is none: state `ok`, `undefined` or `ambiguous`; `value` only where ok, a fraction."""

    value: float | None
    state: str
    roots: tuple[float, ...] = ()


def xirr(dates: Sequence[dt.date], amounts: Sequence[float]) -> Return:
    """Internal rate of return per year of dated flows (benefits +, costs −), Actual/365, from the first flow.

    No change of sign: `undefined`. More than one rate that makes the net present value zero: `ambiguous`, with all
    `roots` found. One change of sign means exactly one root (Descartes); then pyxirr finds it.
    """
    flows = sorted((day, float(amount)) for day, amount in zip(dates, amounts, strict=True) if amount)
    by_day: dict[dt.date, float] = {}
    for day, amount in flows:
        by_day[day] = by_day.get(day, 0.0) + amount
    signs = [amount > 0 for amount in by_day.values() if amount]
    changes = sum(left != right for left, right in itertools.pairwise(signs))
    if changes == 0:
        return Return(None, "undefined")
    days, values = list(by_day), list(by_day.values())
    if changes == 1:
        root = pyxirr.xirr(days, values)
        if root is not None and math.isfinite(root):
            return Return(root, "ok", (root,))
    roots = _roots(_years(days), np.array(values))
    if not roots:
        return Return(None, "undefined")
    return Return(roots[0], "ok", roots) if len(roots) == 1 else Return(None, "ambiguous", roots)


def irr(amounts: Sequence[float]) -> Return:
    """Internal rate of return per period of evenly spaced flows; states as `xirr`."""
    signs = [amount > 0 for amount in amounts if amount]
    if len(set(signs)) < 2:
        return Return(None, "undefined")
    roots = _roots(np.arange(len(amounts), dtype=float), np.array(amounts, dtype=float))
    if not roots:
        return Return(None, "undefined")
    return Return(roots[0], "ok", roots) if len(roots) == 1 else Return(None, "ambiguous", roots)


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
    below = np.cumsum(list(by_day.values())) < -0.005  # half a cent: sums of floats
    if not below.any() or below[-1]:
        return Return(None, "undefined")
    paid_back = days[int(np.flatnonzero(below)[-1]) + 1]
    return Return((paid_back - days[0]).days * 12 / DAYS_PER_YEAR, "ok")


def _years(dates: Sequence[dt.date]) -> np.ndarray:
    first = min(dates)
    return np.array([(day - first).days for day in dates]) / DAYS_PER_YEAR


def _roots(years: np.ndarray, amounts: np.ndarray) -> tuple[float, ...]:
    """Rates at which the net present value is zero, ascending: changes of sign on the grid, and points of touch."""
    curve = np.exp(-np.outer(_GRID, years)) @ amounts
    scale = np.exp(-np.outer(_GRID, years)) @ np.abs(amounts)
    zero = np.abs(curve) <= _TOUCHING * scale
    signs = np.where(zero, 0, np.sign(curve))
    roots = [float(_GRID[i]) for i in np.flatnonzero(zero & ~np.r_[False, zero[:-1]])]
    roots += [
        _bisect(years, amounts, float(_GRID[i]), float(_GRID[i + 1]))
        for i in np.flatnonzero(signs[:-1] * signs[1:] < 0)
    ]
    return tuple(sorted(math.expm1(root) for root in roots))


def _bisect(years: np.ndarray, amounts: np.ndarray, low: float, high: float) -> float:
    """The root in ln(1 + r) between two points of opposite sign; 60 halvings are below a float's resolution."""
    positive_low = float(np.exp(-low * years) @ amounts) > 0
    for _ in range(60):
        middle = (low + high) / 2
        if (float(np.exp(-middle * years) @ amounts) > 0) == positive_low:
            low = middle
        else:
            high = middle
    return (low + high) / 2

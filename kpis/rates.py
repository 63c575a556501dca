"""Internal rates of return of many series of cash flows at once (numpy); no loop over series.

In x = ln(1 + r) the net present value is Σ aᵢ exp(−x tᵢ). One change of sign means exactly one root (Descartes), which
lies between two far ends. Several changes: changes of sign and points of touch on a fine grid. Every bracket, of all
series together, is then narrowed by Newton's steps, or by halves where a step would leave it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

# Rates from −90 % to 100 000 % a year, evenly in ln(1 + r). Roots below −90 % a year exist for most projects which end
# with a small cost; nobody means those, so they are not looked for.
_GRID = np.linspace(math.log(0.1), math.log(1001.0), 4001)
# One root is looked for wherever it may be: from −99.9999 % to a million times a year.
_WIDE = (math.log(1e-6), math.log(1e6))
_TOUCHING = 1e-9
_STEPS = 100
_BLOCK = 4_000_000
"""Numbers held at once in one block of the grid: 32 MB."""


@dataclass(frozen=True)
class Rates:
    """Per series: how many rates were found, and the first (NaN without one); all of them in `series`, `rates`."""

    count: np.ndarray
    first: np.ndarray
    series: np.ndarray
    rates: np.ndarray


def internal_rates(series: np.ndarray, years: np.ndarray, amounts: np.ndarray, count: int) -> Rates:
    """Rates at which each series is worth nothing, ascending.

    Flat arrays of flows: `series` (0 … count − 1, sorted), `years` since the series' first flow (ascending, each moment
    once), `amounts` (benefits +, costs −). Rates per year, as fractions.
    """
    flowing = amounts != 0
    series, years, amounts = series[flowing], years[flowing], amounts[flowing]
    same = series[1:] == series[:-1]
    turns = same & (np.sign(amounts[1:]) != np.sign(amounts[:-1]))
    changes = np.bincount(series[1:][turns], minlength=count)
    table = _padded(series, years, amounts, count)
    simple = np.flatnonzero(changes == 1)
    low, high = (np.full(simple.size, end) for end in _WIDE)
    crosses = np.sign(_worth(table, simple, low)) * np.sign(_worth(table, simple, high)) < 0
    simple, low, high = simple[crosses], low[crosses], high[crosses]
    many = np.flatnonzero(changes > 1)
    touched, touches, crossed, left = _on_grid(series, years, amounts, many)
    step = _GRID[1] - _GRID[0]
    owners = np.concatenate([simple, crossed])
    found = _narrowed(table, owners, np.concatenate([low, left]), np.concatenate([high, left + step]))
    owners, found = np.concatenate([owners, touched]), np.concatenate([found, touches])
    order = np.lexsort((found, owners))
    owners, rates = owners[order], np.expm1(found[order])
    counts = np.bincount(owners, minlength=count)
    first = np.full(count, np.nan)
    has_rate, places = np.unique(owners, return_index=True)
    first[has_rate] = rates[places]
    return Rates(counts, first, owners, rates)


def _padded(series: np.ndarray, years: np.ndarray, amounts: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Years and amounts as matrices, a row a series, filled up with amounts of zero."""
    sizes = np.bincount(series, minlength=count)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    column = np.arange(series.size) - starts[series]
    shape = (count, int(sizes.max(initial=0)))
    when, what = np.zeros(shape), np.zeros(shape)
    when[series, column], what[series, column] = years, amounts
    return when, what


def _worth(table: tuple[np.ndarray, np.ndarray], rows: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Net present value of each of `rows` at its own x."""
    when, what = table
    return (what[rows] * np.exp(-x[:, None] * when[rows])).sum(axis=1)


def _on_grid(
    series: np.ndarray, years: np.ndarray, amounts: np.ndarray, many: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Series and x of the points of touch, series and left end of the changes of sign, over the whole grid.

    All series share one axis of moments, so that the whole grid is one product of matrices.
    """
    wanted = np.isin(series, many)
    moments, column = np.unique(years[wanted], return_inverse=True)
    flows = np.zeros((moments.size, many.size))
    flows[column, np.searchsorted(many, series[wanted])] = amounts[wanted]
    signs = np.zeros((_GRID.size, many.size), dtype=np.int8)
    rows = max(1, _BLOCK // max(moments.size, many.size, 1))
    for begin in range(0, _GRID.size, rows):
        discount = np.exp(-np.outer(_GRID[begin : begin + rows], moments))
        worth, scale = discount @ flows, discount @ np.abs(flows)
        signs[begin : begin + rows] = np.where(np.abs(worth) <= _TOUCHING * scale, 0, np.sign(worth))
    zero = signs == 0
    point, owner = np.nonzero(zero & ~np.vstack([np.zeros((1, many.size), dtype=bool), zero[:-1]]))
    place, crossing = np.nonzero(signs[:-1] * signs[1:] < 0)
    return many[owner], _GRID[point], many[crossing], _GRID[place]


def _narrowed(table: tuple[np.ndarray, np.ndarray], rows: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The root in each bracket. Newton's step where it stays inside, else the middle; to a float's resolution."""
    if not rows.size:
        return low
    when, what = table[0][rows], table[1][rows]
    is_rising = (what * np.exp(-low[:, None] * when)).sum(axis=1) < 0
    x = (low + high) / 2
    for _ in range(_STEPS):
        parts = what * np.exp(-x[:, None] * when)
        worth, slope = parts.sum(axis=1), -(parts * when).sum(axis=1)
        is_left = (worth < 0) == is_rising
        low, high = np.where(is_left, x, low), np.where(is_left, high, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            stepped = x - worth / slope
        # The bracket must shrink by half where Newton only creeps along one end of it.
        inside = (stepped > low) & (stepped < high) & np.isfinite(stepped)
        following = np.where(worth == 0, x, np.where(inside, stepped, (low + high) / 2))
        if np.all(np.abs(following - x) <= 1e-15 * np.maximum(1.0, np.abs(x))):
            return following
        x = following
    return x

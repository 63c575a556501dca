"""Run rules on one chart of points and limits, for all series at once: Wheeler's three and the NHS set."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

# One point of a stable process of normal values shows a signal under Wheeler's three rules by chance alone: outside
# three sigma 0.0027; eight in a row on one side 2 x 0.5^8 = 0.0078; three of four beyond 1.5 sigma on one side
# 2 x (4 x 0.0668^3 x 0.9332 + 0.0668^4) = 0.0023. Together about 0.0128 (the overlaps are smaller than the rounding).
CHANCE_OF_SIGNAL = 0.0128
"""Probability that one point of a stable process shows a signal under Wheeler's rules."""

RULES: tuple[str, ...] = ("wheeler", "nhs")
"""`wheeler`: outside, three_of_four, run_of_eight. `nhs`: outside, two_of_three, run_of_seven, trend_of_seven."""


def with_rule(points: pl.DataFrame, series: Sequence[str], rules: str) -> pl.DataFrame:
    """Add `rule` (null or its name) and `side` (+1, −1: where the point lies, or where the trend goes).

    `points` is sorted by time in each series and has `distance`: (value − centre) ÷ (limit − centre), so that 1 is the
    limit and ±1/3 one sigma; null where there are no limits. A rule is reported at the point that completes it and that
    belongs to it, so that a later point never changes what was said about an earlier one. Of several, the gravest.
    """
    if rules not in RULES:
        raise ValueError(f"unknown rules {rules!r}: use one of {', '.join(RULES)}")
    keys = list(series)
    distance, value = pl.col("distance"), pl.col("value")
    side = distance.sign()
    found: list[tuple[str, pl.Expr, pl.Expr]] = [("outside", distance.abs() > 1, side)]
    if rules == "wheeler":
        found += [
            ("three_of_four", _part_of(distance, 0.5, 3, 4, keys), side),
            ("run_of_eight", _run_length(side, keys) >= 8, side),
        ]
    else:
        slope = (value - value.shift(1)).over(keys).sign()
        found += [
            ("two_of_three", _part_of(distance, 2 / 3, 2, 3, keys), side),
            ("run_of_seven", _run_length(side, keys) >= 7, side),
            # Seven points that all rise are six steps upwards.
            ("trend_of_seven", _run_length(slope, keys) >= 6, slope),
        ]
    rule, where = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.Float64)
    for name, holds, direction in reversed(found):
        rule = pl.when(holds).then(pl.lit(name)).otherwise(rule)
        where = pl.when(holds).then(direction).otherwise(where)
    has_limits = distance.is_not_null()
    return points.with_columns(rule=pl.when(has_limits).then(rule), side=pl.when(has_limits).then(where))


def run_length(side: pl.Expr, keys: Sequence[str]) -> pl.Expr:
    """How many points in a row, up to this one, have had this sign (0 at a zero or null)."""
    return _run_length(side, list(keys))


def _run_length(side: pl.Expr, keys: list[str]) -> pl.Expr:
    side = side.fill_null(0)
    block = side.rle_id().over(keys)
    return pl.when(side != 0).then(pl.int_range(1, pl.len() + 1).over([*keys, block])).otherwise(0)


def _part_of(distance: pl.Expr, threshold: float, needed: int, window: int, keys: list[str]) -> pl.Expr:
    """This point and at least `needed` of the last `window` lie beyond `threshold` on the same side."""
    holds = pl.lit(False)
    for sign in (1, -1):
        beyond = (sign * distance > threshold).fill_null(False)
        count = sum((beyond.shift(i, fill_value=False).over(keys).cast(pl.Int32) for i in range(window)), pl.lit(0))
        holds = holds | (beyond & (count >= needed))
    return holds

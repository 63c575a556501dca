"""Can this process reach its target at all? Target against limits, as the NHS's "plot the dots" does."""

from __future__ import annotations

import polars as pl

from kpis.definition import Kpi


def assurance(kpi: Kpi, lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """`will_pass` (all of the band meets the target), `will_fail` (none of it), else `hit_or_miss`; null without both.

    The target in force is in the columns `target` and `target_tolerance`. Where neither direction is better, the target is met within its tolerance on both sides.
    """
    target, tolerance = pl.col("target"), pl.col("target_tolerance").fill_null(0.0)
    if kpi.better == "higher":
        passes, fails = lower >= target, upper < target
    elif kpi.better == "lower":
        passes, fails = upper <= target, lower > target
    else:
        low, high = target - tolerance, target + tolerance
        passes, fails = (lower >= low) & (upper <= high), (upper < low) | (lower > high)
    return (
        pl.when(lower.is_null() | upper.is_null() | target.is_null())
        .then(None)
        .when(passes)
        .then(pl.lit("will_pass"))
        .when(fails)
        .then(pl.lit("will_fail"))
        .otherwise(pl.lit("hit_or_miss"))
    )

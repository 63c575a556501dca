"""Limits of process-behaviour charts: XmR and p-chart, from baselines that are locked, for all series at once.

**The baseline.** Limits that follow every new point would swallow the very slow-down that they should show. So they
come from the first points of a series (24 weeks; 12 points of a longer grain, or of any grain under the NHS rules)
and then stay. Until that many points are there, all points so far make them. When a whole baseline's length of
points in a row lies on one side of the centre, the process has moved for good: under Wheeler's rules those points
are the next baseline, and their limits hold from the following point on (the NHS rules keep the first for ever).
Nothing is ever redrawn backwards: what a past week said, it still says.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpis.signals import run_length

SIGMA = 1.128
"""Bias constant d2 of a range of two: sigma = mean moving range ÷ 1.128."""
RANGE_FACTOR = 3.268
"""Upper limit of the moving range, in mean moving ranges (D4 of a range of two)."""
TRIAL_BELOW = 12
"""Limits from fewer points are trial limits, and marked so."""
MINIMUM_POINTS = 5
"""Fewer points give no limits at all."""
LARGE_SAMPLE = 1000
"""Shares whose typical n in the baseline reaches this use XmR: binomial limits get so narrow that they over-signal."""

_BASELINE = {"wheeler": {"week": 24}, "nhs": {}}


def baseline_points(grain: str, rules: str) -> int:
    """Length of a baseline."""
    return _BASELINE[rules].get(grain, 12)


def with_limits(
    points: pl.DataFrame, series: Sequence[str], length: pl.Expr, is_share: pl.Expr, *, moves: bool
) -> pl.DataFrame:
    """Add `centre`, `sigma`, `mean_range`, `is_trial` and `phase` to points sorted by time in each series.

    `points` has `value`, `moving_range`, `numerator`, `denominator` and `sets_limits` (whether the point may enter a
    baseline). `length` is the baseline's length; `is_share` says where binomial limits are possible: there sigma is
    √(p̄ (1 − p̄) ÷ n) of each point. `moves` allows further baselines; without it the first one stays for ever. Null where there are fewer than MINIMUM_POINTS.
    `phase` tells the baselines of a series apart: runs against one centre do not continue against the next.
    """
    keys = list(series)
    points = points.with_columns(
        position=pl.col("sets_limits").cast(pl.Int64).cum_sum().over(keys), length=length, is_share=is_share
    ).with_columns(first=pl.lit(1, dtype=pl.Int64), applies=pl.lit(1, dtype=pl.Int64))
    points = _apply(points, keys)
    while moves and not (moved := _moved(points, keys)).is_empty():
        points = points.join(moved, on=keys, how="left", nulls_equal=True).with_columns(
            first=pl.coalesce("next_first", "first"), applies=pl.coalesce("next_applies", "applies")
        )
        points = _apply(points.drop("next_first", "next_applies"), keys)
    return points.drop("position", "length", "is_share", "first", "applies")


def _apply(points: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Limits of the current baseline on the points from `applies` on; earlier points keep what they had."""
    position, first = pl.col("position"), pl.col("first")
    inside = pl.col("sets_limits") & (position >= first) & (position < first + pl.col("length"))
    # The first point of a baseline brings a range from outside it.
    value, ranges = pl.col("value").filter(inside), pl.col("moving_range").filter(inside & (position > first))
    denominators, numerators = pl.col("denominator").filter(inside), pl.col("numerator").filter(inside)
    is_binomial = pl.col("is_share").first() & (denominators.median() < LARGE_SAMPLE)
    summary = points.group_by(keys).agg(
        base_points=value.len(),
        base_mean=value.mean(),
        base_range=ranges.mean(),
        base_share=numerators.sum() / denominators.sum(),
        base_binomial=is_binomial.fill_null(False),
    )
    enough, binomial = pl.col("base_points") >= MINIMUM_POINTS, pl.col("base_binomial")
    share = pl.col("base_share")
    new = {
        "centre": pl.when(binomial).then(share).otherwise("base_mean"),
        "sigma": pl.when(binomial)
        .then((share * (1 - share) / pl.col("denominator")).sqrt())
        .otherwise(pl.col("base_range") / SIGMA),
        "mean_range": pl.when(~binomial).then("base_range"),
        "is_trial": pl.col("base_points") < TRIAL_BELOW,
        "phase": pl.col("applies"),
    }
    # A share of 0 % or 100 % all along has binomial limits of no width, which says only that n was small: no limits.
    is_flat_share = binomial & ((share <= 0) | (share >= 1))
    enough = enough & ~is_flat_share.fill_null(False)
    joined = points.join(summary, on=keys, how="left", nulls_equal=True)
    # A point that sets no limits stands between two positions: it is judged as the next one would be.
    reached = position + (~pl.col("sets_limits")).cast(pl.Int64) >= pl.col("applies")
    return joined.with_columns(
        pl.when(reached & (enough if name in ("centre", "sigma", "mean_range") else pl.lit(True)))
        .then(expression)
        .otherwise(pl.col(name) if name in points.columns else None)
        .alias(name)
        for name, expression in new.items()
    ).drop(summary.columns[len(keys) :])


def _moved(points: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Series whose points after the baseline include a whole baseline's length on one side: where the next one lies."""
    judged = points.filter("sets_limits").filter(pl.col("position") >= pl.col("first"))
    judged = judged.with_columns(run=run_length((pl.col("value") - pl.col("centre")).sign(), keys))
    end = pl.col("position")
    return (
        judged.filter((pl.col("run") >= pl.col("length")) & (end >= pl.col("first") + pl.col("length")))
        .group_by(keys)
        .agg(end=end.min(), length=pl.col("length").first())
        .select(*keys, next_first=pl.col("end") - pl.col("length") + 1, next_applies=pl.col("end") + 1)
    )

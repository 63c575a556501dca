"""Life tables from entries, exits and events by age: Kaplan–Meier, Greenwood, percentiles, restricted mean.

A frame of *steps* has one row per key and age: `entered` (cases at risk from this age on), `left` (cases at risk up to
and including this age), `finished` (of these, events at this age). At risk at age k is then everything entered at an
age up to k less everything left at a lower age, so that nothing is multiplied by its duration.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpis.intervals import CONFIDENCE, deviate

# S(t) is a product of fractions: 0.5 may arrive as 0.5000000000000001.
_ROUNDING = 1e-9


def survival_table(steps: pl.DataFrame, keys: Sequence[str], confidence: float = CONFIDENCE) -> pl.DataFrame:
    """Kaplan–Meier per key with the log-log interval of Greenwood's variance.

    `steps` has `keys`, `age`, `entered`, `left`, `finished`. Returns keys, `age`, `at_risk`, `finished`, `survival`,
    `low`, `high`: a row per age with an event, plus the first and the last age at risk, sorted.
    """
    keys = list(keys)
    table = (
        steps.group_by([*keys, "age"])
        .agg(pl.col("entered", "left", "finished").sum())
        .sort([*keys, "age"])
        .with_columns(
            at_risk=_running("entered", keys) - _running("left", keys) + pl.col("left"),
            is_edge=_within(pl.col("age") == pl.col("age").min(), keys)
            | _within(pl.col("age") == pl.col("age").filter(pl.col("left") > 0).max(), keys),
        )
        .filter((pl.col("finished") > 0) | pl.col("is_edge"))
    )
    at_risk, finished = pl.col("at_risk"), pl.col("finished")
    hazard = pl.when(finished > 0).then(finished / at_risk).otherwise(0.0)
    table = table.with_columns(
        survival=_within((1 - hazard).cum_prod(), keys),
        variance=_within(greenwood(finished, at_risk).cum_sum(), keys),
    )
    low, high = _log_log(pl.col("survival"), pl.col("variance"), deviate(confidence))
    return table.select(*keys, "age", "at_risk", "finished", "survival", low=low, high=high)


def greenwood(finished: pl.Expr, at_risk: pl.Expr) -> pl.Expr:
    """Greenwood's term d ÷ (n (n − d)): var S(t) = S(t)² Σ terms. 0 where all finish, for S is 0 from there."""
    return (
        pl.when((finished > 0) & (at_risk > finished)).then(finished / (at_risk * (at_risk - finished))).otherwise(0.0)
    )


def _log_log(survival: pl.Expr, variance: pl.Expr, z: float) -> tuple[pl.Expr, pl.Expr]:
    """Bounds S^exp(±z √V ÷ ln S): inside 0–1 by construction. S = 1 has no spread; S = 0 has no upper bound (null)."""
    spread = z * variance.sqrt() / survival.log().abs()
    inside = (survival < 1) & (survival > 0)
    low = pl.when(inside).then(survival ** spread.exp()).otherwise(survival)
    high = pl.when(inside).then(survival ** (-spread).exp()).when(survival == 1).then(1.0)
    return low, high


def percentiles(table: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Per key: `median`, `p80`, `p95` (null where not reached), `median_low`, `median_high`, `restricted_mean`.

    A percentile q is the first age by which at least that part has finished, S(age) ≤ 1 − q. The median's interval is
    that of Brookmeyer and Crowley: the ages at which the bounds of S cross one half; null where they never do.
    """
    age = pl.col("age")

    def first_age(column: str, level: float) -> pl.Expr:
        return age.filter(pl.col(column) <= level + _ROUNDING).min()

    area = (pl.col("survival") * (age.shift(-1) - age)).sum()
    return table.group_by(list(keys)).agg(
        median=first_age("survival", 0.5),
        p80=first_age("survival", 0.2),
        p95=first_age("survival", 0.05),
        median_low=first_age("low", 0.5),
        median_high=first_age("high", 0.5),
        # Before the first age of the table nothing has finished: S is 1 there.
        restricted_mean=age.min() + area,
    )


def kaplan_meier(durations: Sequence[float], finished: Sequence[bool]) -> pl.DataFrame:
    """Plain Kaplan–Meier of cases that all enter at 0; columns as `survival_table`, without keys."""
    cases = pl.DataFrame({"age": list(durations), "is_finished": list(finished)})
    steps = pl.concat(
        [
            cases.select(
                pl.col("age").cast(pl.Float64),
                entered=pl.lit(0),
                left=pl.lit(1),
                finished=pl.col("is_finished").cast(int),
            ),
            pl.DataFrame({"age": [0.0], "entered": [cases.height], "left": [0], "finished": [0]}),
        ],
        how="vertical_relaxed",
    )
    return survival_table(steps.with_columns(key=pl.lit(0)), ["key"]).drop("key")


def restricted_mean(table: pl.DataFrame, horizon: float | None = None) -> float | None:
    """Area under one survival curve up to `horizon` (by default the last age at risk), in the unit of `age`."""
    if table.is_empty():
        return None
    ages, survival = table["age"].to_list(), table["survival"].to_list()
    end = ages[-1] if horizon is None else horizon
    edges = [0.0, *ages]
    heights = [1.0, *survival]
    widths = [max(min(right, end) - left, 0.0) for left, right in zip(edges, [*edges[1:], end], strict=True)]
    return sum(height * width for height, width in zip(heights, widths, strict=True))


def _running(column: str, keys: list[str]) -> pl.Expr:
    return pl.col(column).cum_sum().over(keys)


def _within(expression: pl.Expr, keys: list[str]) -> pl.Expr:
    return expression.over(keys)

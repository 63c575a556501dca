"""Process behaviour of a KPI's series: limits, signals, their direction, and whether the target can be reached."""

from __future__ import annotations

import polars as pl

from kpis.assurance import assurance
from kpis.definition import Kpi
from kpis.limits import RANGE_FACTOR, baseline_points, with_limits
from kpis.signals import RULES, run_length, with_rule

SIGNAL_COLUMNS = {
    "kpi": pl.String,
    "grain": pl.String,
    "period_start": pl.Date,
    "dimension": pl.String,
    "member": pl.String,
    "value": pl.Float64,
    "centre": pl.Float64,
    "lower_limit": pl.Float64,
    "upper_limit": pl.Float64,
    "moving_range": pl.Float64,
    "range_limit": pl.Float64,
    "is_trial": pl.Boolean,
    "rule": pl.String,
    "direction": pl.String,
    "assurance": pl.String,
    "weeks_in_signal": pl.Int64,
}

_SERIES = ["grain", "dimension", "member"]
_NATURAL = {"share": (0.0, 1.0), "score": (-100.0, 100.0), "duration": (0.0, None), "count": (0.0, None)}


def behaviour(values: pl.DataFrame, kpi: Kpi, rules: str = "wheeler") -> pl.DataFrame:
    """Signals of one KPI's values (VALUE_COLUMNS; any grains, dimensions and members together); SIGNAL_COLUMNS.

    Individuals and moving ranges: centre ± 3 · mean moving range ÷ 1.128, upper range limit 3.268 · mean moving range.
    Shares use binomial limits per point unless n is large (see `limits.LARGE_SAMPLE`; then `moving_range` has a limit).
    How baselines are chosen and locked is told in `limits`. Limits are clamped at the KPI's natural bounds; run rules
    are judged on the unclamped ones and never on the moving ranges.

    Only complete periods set limits and moving ranges skip missing ones. A provisional period is judged as it stands,
    except for counts and amounts, which are still growing. A restricted mean is another quantity than a median: it
    neither sets limits nor is judged. `direction` is better, worse or (neutral KPIs) changed. `weeks_in_signal` counts
    the points in a row, up to this one, in signal on the same side (months in the month grain), passing over points
    that were not judged.

    `assurance` holds the target in force (`target`, `target_tolerance`, see `targets`) against the limits; while a signal lasts, against limits widened to the value in
    signal: limits from before a slow-down must not promise what the slow process no longer does.

    Not judged: cash flows; KPIs that say `signals: false` (a progress that must rise is no steady process); and windows
    of twelve months, for each repeats eleven twelfths of the one before and would run along one side by construction.
    One row per row of `values`; ValueError for unknown rules.
    """
    if rules not in RULES:
        raise ValueError(f"unknown rules {rules!r}: use one of {', '.join(RULES)}")
    ordered = values.sort(*_SERIES, "period_start")
    if "target" not in ordered.columns:
        ordered = ordered.with_columns(target=pl.lit(None, pl.Float64), target_tolerance=pl.lit(None, pl.Float64))
    states = ["ok"] if kpi.kind in ("count", "amount") else ["ok", "provisional"]
    has_process = kpi.signals and kpi.kind != "cash_flow" and kpi.window != "trailing_12_months"
    is_judged = pl.lit(has_process) & pl.col("state").is_in(states) & pl.col("value").is_not_null()
    points = ordered.filter(is_judged).with_columns(
        sets_limits=pl.col("state") == "ok",
        moving_range=(pl.col("value") - pl.col("value").shift(1).over(_SERIES)).abs(),
    )
    length = pl.col("grain").replace_strict(
        {grain: baseline_points(grain, rules) for grain in ("week", "month", "quarter", "year")}, return_dtype=pl.Int64
    )
    points = with_limits(points, _SERIES, length, pl.lit(kpi.kind == "share"), moves=rules == "wheeler")
    spread = 3 * pl.col("sigma")
    # A series without any variation has limits of no width: any move at all is then far outside.
    gap = pl.col("value") - pl.col("centre")
    is_same = gap.abs() <= 1e-9 * pl.max_horizontal(pl.col("centre").abs(), 1e-9)
    distance = pl.when(is_same).then(0.0).when(spread > 0).then(gap / spread).otherwise(gap.sign() * 2)
    points = points.with_columns(distance=pl.when(pl.col("centre").is_not_null()).then(distance))
    points = with_rule(points, [*_SERIES, "phase"], rules)
    points = points.with_columns(
        weeks_in_signal=run_length(pl.when(pl.col("rule").is_not_null()).then("side"), _SERIES),
        direction=_direction(kpi),
    )
    judged = ["moving_range", "centre", "sigma", "mean_range", "is_trial", "rule", "direction", "weeks_in_signal"]
    joined = ordered.join(
        points.select(*_SERIES, "period_start", *judged),
        on=[*_SERIES, "period_start"],
        how="left",
        maintain_order="left",
    )
    return _published(joined, kpi)


def _published(joined: pl.DataFrame, kpi: Kpi) -> pl.DataFrame:
    """Limits drawn on for periods that were not judged, clamped, with assurance and the length of the signal."""
    lines = ["centre", "sigma", "mean_range", "is_trial", "weeks_in_signal"]
    joined = joined.with_columns(pl.col(lines).forward_fill().over(_SERIES, order_by="period_start"))
    centre, spread = pl.col("centre"), 3 * pl.col("sigma")
    low, high = (
        declared if declared is not None else natural
        for declared, natural in zip(kpi.bounds, _NATURAL.get(kpi.kind, (None, None)), strict=True)
    )
    joined = joined.with_columns(
        lower_limit=(centre - spread).clip(lower_bound=low),
        upper_limit=(centre + spread).clip(upper_bound=high),
        range_limit=RANGE_FACTOR * pl.col("mean_range"),
        is_trial=pl.col("is_trial").fill_null(True),
        weeks_in_signal=pl.col("weeks_in_signal").fill_null(0),
    )
    # A point in signal is no longer the process that set the limits: what it shows counts for the promise, too.
    shown = pl.when(pl.col("rule").is_not_null()).then("value")
    joined = joined.with_columns(
        assurance=assurance(kpi, pl.min_horizontal("lower_limit", shown), pl.max_horizontal("upper_limit", shown))
    )
    return joined.select(pl.col(name).cast(dtype) for name, dtype in SIGNAL_COLUMNS.items())


def _direction(kpi: Kpi) -> pl.Expr:
    side = pl.col("side")
    if kpi.better == "neutral":
        named = pl.lit("changed")
    else:
        good = 1 if kpi.better == "higher" else -1
        named = pl.when(side == good).then(pl.lit("better")).otherwise(pl.lit("worse"))
    return pl.when(pl.col("rule").is_not_null() & (side != 0)).then(named)

"""Kinds whose value is a sum, or a sum over a sum: count, amount, share, ratio, score, level."""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpis.definition import Kpi
from kpis.intervals import net_promoter_interval, wilson
from kpis.measure import as_measured
from kpis.periods import period_end, period_start

_KEYS = ["period_start", "member"]


def measure_sums(components: pl.DataFrame, kpi: Kpi, grain: str, as_of: dt.date, since: dt.date | None) -> pl.DataFrame:
    """Periods × members of a prepared frame, from `since` (all without it) to `as_of`; columns MEASURED.

    A level takes only the rows of the period's last day (or of `as_of`, inside it); the others sum the whole period.
    """
    rows = components.filter(pl.col("date_day") <= as_of)
    if since is not None:
        rows = rows.filter(pl.col("date_day") >= since)
    if kpi.kind == "level":
        last_day = pl.min_horizontal(period_end(pl.col("date_day"), grain), pl.lit(as_of))
        rows = rows.filter(pl.col("date_day") == last_day)
    rows = rows.with_columns(period_start=period_start(pl.col("date_day"), grain))
    return as_measured(_score(rows, kpi) if kpi.kind == "score" else _quotient(rows, kpi))


def summed(components: pl.DataFrame) -> pl.DataFrame:
    """A prepared frame with one row per member and day: once per dimension, for all grains. Nulls alone stay null."""
    names = [name for name in components.columns if name not in ("member", "date_day")]
    return components.group_by("member", "date_day").agg(
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in names
    )


def _quotient(rows: pl.DataFrame, kpi: Kpi) -> pl.DataFrame:
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    sums = rows.group_by(_KEYS).agg(
        numerator.sum().cast(pl.Float64),
        has_numerator=numerator.is_not_null().any(),
        # A sum of nulls is 0 in polars; a pure amount has no denominator at all.
        denominator=pl.when(denominator.is_not_null().any()).then(denominator.sum().cast(pl.Float64)),
        n=pl.col("count_records").sum(),
    )
    is_sum = pl.lit(kpi.kind in ("count", "amount")) | (pl.lit(kpi.kind == "level") & denominator.is_null())
    nothing = "no_data" if kpi.kind == "share" else "not_applicable"
    state = (
        pl.when(~pl.col("has_numerator")).then(pl.lit("no_data"))
        .when(is_sum).then(pl.lit("ok"))
        .when(denominator.is_null() | (denominator == 0)).then(pl.lit(nothing))
        .otherwise(pl.lit("ok"))
    )  # fmt: skip
    sums = sums.with_columns(state=state).with_columns(
        value=pl.when(pl.col("state") == "ok").then(pl.when(is_sum).then(numerator).otherwise(numerator / denominator))
    )
    if kpi.kind == "share":
        low, high = wilson(numerator, denominator)
        sums = sums.with_columns(
            low=pl.when(pl.col("state") == "ok").then(low), high=pl.when(pl.col("state") == "ok").then(high)
        )
    return sums


def _score(rows: pl.DataFrame, kpi: Kpi) -> pl.DataFrame:
    promoters, detractors, responses = (pl.col(name) for name in kpi.component_columns)
    low, high = net_promoter_interval(promoters, detractors, responses)
    answered = responses > 0
    return (
        rows.group_by(_KEYS)
        .agg(pl.col(kpi.component_columns).sum())
        .with_columns(
            numerator=promoters - detractors,
            denominator=responses,
            n=responses,
            state=pl.when(answered).then(pl.lit("ok")).otherwise(pl.lit("no_data")),
            value=pl.when(answered).then(100 * (promoters - detractors) / responses),
            low=pl.when(answered).then(low),
            high=pl.when(answered).then(high),
        )
    )

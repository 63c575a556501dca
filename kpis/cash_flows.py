"""Investments: the outlook at each period's end (what was realised, then what is still planned) and its returns."""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpis.definition import Kpi
from kpis.measure import as_measured
from kpis.periods import earliest, period_end, period_starts
from kpis.rates import internal_rates

DAYS_PER_YEAR = 365.0
"""Actual/365 (fixed), as spreadsheets' XIRR and XNPV."""
HALF_A_CENT = 0.005
"""Sums of floats that differ from zero by less are zero."""
_KEYS = ["period_start", "member"]


def measure_cash_flows(
    components: pl.DataFrame, kpi: Kpi, grain: str, as_of: dt.date, since: dt.date | None
) -> pl.DataFrame:
    """Periods × members of a prepared frame, from `since` (all without it) to `as_of`; columns MEASURED.

    At a period's end D (`as_of` inside the last one) the flows are those realised up to D and those planned after D.
    A member begins with its first flow. numerator = benefits, denominator = costs (positive), n = flows.
    """
    first = earliest(components.filter(pl.col("date_day") <= as_of)["date_day"])
    if first is None:
        return as_measured(components.select(period_start="date_day", member="member").clear())
    starts = period_starts(max(first, since) if since else first, as_of, grain).to_frame()
    ends = starts.with_columns(until=pl.min_horizontal(period_end(pl.col("period_start"), grain), pl.lit(as_of)))
    begins = components.group_by("member").agg(begin=pl.col("date_day").min())
    flows = (
        components.with_columns(pl.col("amount").cast(pl.Float64), pl.col("annual_discount_rate").cast(pl.Float64))
        .join(begins, on="member")
        .join(ends, how="cross")
        .filter(
            (pl.col("begin") <= pl.col("until"))
            & (
                ((pl.col("scenario") == "realised") & (pl.col("date_day") <= pl.col("until")))
                | ((pl.col("scenario") == "planned") & (pl.col("date_day") > pl.col("until")))
            )
        )
    )
    amount = pl.col("amount")
    sums = flows.group_by(_KEYS).agg(
        numerator=amount.filter(amount > 0).sum(),
        denominator=-amount.filter(amount < 0).sum(),
        n=pl.len(),
    )
    figures = {"npv": _net_present_value, "irr": _rates, "payback": _paybacks}[kpi.measure or "npv"](flows)
    return as_measured(sums.join(figures, on=_KEYS, how="left"))


def _net_present_value(flows: pl.DataFrame) -> pl.DataFrame:
    """Each project at its own rate from its own first flow (undiscounted); a member's value is the sum of its projects.

    Discounting each project from its own beginning keeps the value additive: units add up to the company.
    """
    project = [*_KEYS, "project"]
    years = (pl.col("date_day") - pl.col("date_day").min()).dt.total_days() / DAYS_PER_YEAR
    return (
        flows.with_columns(years=years.over(project))
        .group_by(_KEYS)
        .agg(value=(pl.col("amount") / (1 + pl.col("annual_discount_rate")) ** pl.col("years")).sum())
        .with_columns(state=pl.lit("ok"))
    )


def _series(flows: pl.DataFrame) -> pl.DataFrame:
    """One row per period, member and day, in order of the days; flows of one day are one flow."""
    return flows.group_by([*_KEYS, "date_day"]).agg(pl.col("amount").sum()).sort([*_KEYS, "date_day"])


def _rates(flows: pl.DataFrame) -> pl.DataFrame:
    """Internal rates of return of all periods and members at once."""
    daily = _series(flows).filter(pl.col("amount") != 0)
    years = (pl.col("date_day") - pl.col("date_day").min()).dt.total_days() / DAYS_PER_YEAR
    daily = daily.with_columns(years=years.over(_KEYS), series=pl.struct(_KEYS).rle_id().cast(pl.Int64))
    keys = daily.group_by("series").agg(pl.col(_KEYS).first()).sort("series")
    found = internal_rates(
        daily["series"].to_numpy(), daily["years"].to_numpy(), daily["amount"].to_numpy(), keys.height
    )
    measured = keys.select(_KEYS).with_columns(
        roots=pl.Series(found.count), value=pl.Series(found.first, dtype=pl.Float64)
    )
    roots = pl.col("roots")
    state = pl.when(roots == 1).then(pl.lit("ok")).when(roots > 1).then(pl.lit("ambiguous"))
    measured = measured.select(
        *_KEYS, value=pl.when(roots == 1).then("value"), state=state.otherwise(pl.lit("undefined"))
    )
    # Flows that are all zero have no series, but are flows.
    keys = flows.select(_KEYS).unique()
    return keys.join(measured, on=_KEYS, how="left").with_columns(pl.col("state").fill_null("undefined"))


def _paybacks(flows: pl.DataFrame) -> pl.DataFrame:
    """Months (of 365 ÷ 12 days) from the first flow until the cumulated flows stay at or above zero; on the day of a flow."""
    below = pl.col("amount").cum_sum().over(_KEYS) < -HALF_A_CENT
    day = pl.col("date_day")
    found = (
        _series(flows)
        .with_columns(below=below)
        .with_columns(last_below=day.filter(pl.col("below")).max().over(_KEYS))
        .group_by(_KEYS)
        .agg(first=day.min(), paid_back=day.filter(day > pl.col("last_below")).min())
    )
    months = (pl.col("paid_back") - pl.col("first")).dt.total_days() * 12 / DAYS_PER_YEAR
    return found.select(
        *_KEYS,
        value=months,
        state=pl.when(pl.col("paid_back").is_not_null()).then(pl.lit("ok")).otherwise(pl.lit("undefined")),
    )

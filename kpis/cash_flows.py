"""Investments: the outlook at each period's end (what was realised, then what is still planned) and its returns."""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpis.definition import Kpi
from kpis.measure import as_measured
from kpis.periods import earliest, period_end, period_starts
from kpis.returns import DAYS_PER_YEAR, Return, payback, xirr

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
        return as_measured(pl.DataFrame(schema={"period_start": pl.Date, "member": pl.String}))
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
    figures = _net_present_value(flows) if kpi.measure == "npv" else _by_series(flows, kpi)
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


def _by_series(flows: pl.DataFrame, kpi: Kpi) -> pl.DataFrame:
    """IRR or payback: one solution per distinct series, for an outlook is the same in most periods."""
    series = (
        flows.group_by([*_KEYS, "date_day"])
        .agg(pl.col("amount").sum())
        .sort("date_day")
        .group_by(_KEYS, maintain_order=True)
        .agg("date_day", "amount")
    )
    solve = xirr if kpi.measure == "irr" else payback
    solved: dict[tuple, Return] = {}
    returns: list[Return] = []
    for days, amounts in series.select("date_day", "amount").iter_rows():
        key = (tuple(days), tuple(amounts))
        if key not in solved:
            solved[key] = solve(days, amounts)
        returns.append(solved[key])
    return series.select(_KEYS).with_columns(
        value=pl.Series([one.value for one in returns], dtype=pl.Float64),
        state=pl.Series([one.state for one in returns], dtype=pl.String),
    )

"""Balances: what flowed in a window against what stood there. Turnover, stock days, DPO, DSO, the cash cycle.

Every figure of a window comes from differences of running sums at its two ends, for all periods and members at once.
The mean balance counts the same points for every member, with zero where a member did not exist yet, so that flows and
mean balances add up over members exactly.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpis.definition import Kpi
from kpis.intervals import poisson
from kpis.measure import as_measured
from kpis.periods import earliest, period_end, period_start, period_starts

_KEYS = ["period_start", "member"]
_DAY = pl.duration(days=1)
_TRAILING = "trailing_12_months"


def measure_balances(
    components: pl.DataFrame, kpi: Kpi, grain: str, as_of: dt.date, since: dt.date | None
) -> pl.DataFrame:
    """Periods × members of a prepared frame, from `since` (all without it) to `as_of`; columns MEASURED.

    The window is the period (as far as `as_of`) or the twelve months that end with it; a window of twelve months that
    begins in a month before the data's first is `not_applicable`. `n` counts the flow's records in the window.

    per_average: Σ flow ÷ mean balance. days: mean balance × days ÷ Σ flow. countback: how many days back from the last
    one the flow adds up to the balance (see `_counted_back`). cash_cycle: days of stock and of receivables less days
    of payables. A figure that divides by nothing (no flow, no balance) is `undefined`. Counts of events per average in
    percent have the Poisson interval of their events.
    """
    rows = components.filter(pl.col("date_day") <= as_of)
    first = earliest(rows["date_day"])
    if first is None:
        return as_measured(components.select(period_start="date_day", member="member").clear())
    amounts = list(kpi.component_columns)
    daily = rows.group_by("member", "date_day").agg(pl.col(amounts).sum()).sort("date_day")
    windows = _windows(daily, kpi, grain, first, as_of, since)
    figures = _counted_back(daily, windows) if kpi.measure == "countback" else _quotients(daily, windows, kpi, first)
    is_early = pl.lit(kpi.window == _TRAILING) & (period_start(pl.col("begin"), "month") < period_start(first, "month"))
    has_none = (pl.col("n") == 0) & pl.col("value").is_null()
    figures = figures.with_columns(
        state=pl.when(is_early).then(pl.lit("not_applicable"))
        .when(pl.col("value").is_not_null()).then(pl.lit("ok"))
        .when(has_none & (pl.col("standing") == 0)).then(pl.lit("no_data"))
        .otherwise(pl.lit("undefined")),
    )  # fmt: skip
    return as_measured(_with_interval(figures, kpi))


def _windows(
    daily: pl.DataFrame, kpi: Kpi, grain: str, first: dt.date, as_of: dt.date, since: dt.date | None
) -> pl.DataFrame:
    """period_start, member, `begin` and `until` of the window, `days` of it on which there are data."""
    starts = period_starts(max(first, since) if since else first, as_of, grain).to_frame()
    until = pl.min_horizontal(period_end(pl.col("period_start"), grain), pl.lit(as_of))
    trailing = (pl.col("until") + _DAY).dt.offset_by("-12mo")
    begin = trailing if kpi.window == _TRAILING else pl.col("period_start")
    members = daily.group_by("member").agg(first=pl.col("date_day").min())
    return (
        starts.with_columns(until=until)
        .with_columns(begin=begin)
        .with_columns(days=(pl.col("until") - pl.max_horizontal("begin", pl.lit(first))).dt.total_days() + 1)
        .join(members, how="cross")
        .filter(pl.col("first") <= pl.col("until"))
        .drop("first")
    )


def _sums(daily: pl.DataFrame, windows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """`windows` with each column's sum over the window, under its own name."""
    running = daily.select("member", "date_day", pl.col(columns).cum_sum().over("member"))

    def at(day: pl.Expr, suffix: str) -> pl.DataFrame:
        wanted = windows.select(*_KEYS, day=day).sort("day")
        found = wanted.join_asof(
            running, left_on="day", right_on="date_day", by="member", strategy="backward", check_sortedness=False
        )
        return found.select(*_KEYS, pl.col(columns).fill_null(0).name.suffix(suffix))

    joined = windows.join(at(pl.col("until"), "_end"), on=_KEYS).join(at(pl.col("begin") - _DAY, "_start"), on=_KEYS)
    return joined.with_columns((pl.col(f"{name}_end") - pl.col(f"{name}_start")).alias(name) for name in columns).drop(
        f"{name}{suffix}" for name in columns for suffix in ("_end", "_start")
    )


def _means(daily: pl.DataFrame, windows: pl.DataFrame, columns: list[str], kpi: Kpi, first: dt.date) -> pl.DataFrame:
    """period_start, member and the mean of each balance column over the window's points (those not before the data)."""
    if kpi.points != "month_ends":
        sums = _sums(daily, windows, columns)
        return sums.select(*_KEYS, *(pl.col(name).cast(pl.Float64) / pl.col("days") for name in columns))
    points = (
        windows.select(*_KEYS, date_day=_month_ends(kpi))
        .explode("date_day")
        .filter(pl.col("date_day") >= first)
        .join(daily.select("member", "date_day", *columns), on=["member", "date_day"], how="left")
    )
    return points.group_by(_KEYS).agg(pl.col(columns).sum().cast(pl.Float64) / pl.len())


def _month_ends(kpi: Kpi) -> pl.Expr:
    """List of the window's points: the day before it, every month's end in it, and its last day.

    Twelve months that end inside a month have their thirteen points one month apart, counted back from their last day.
    """
    if kpi.window == _TRAILING:
        return pl.concat_list((pl.col("until") + _DAY).dt.offset_by(f"-{months}mo") - _DAY for months in range(13))
    firsts = pl.date_ranges(period_start(pl.col("begin"), "month"), pl.col("until") + _DAY, "1mo")
    inside = pl.element() - _DAY
    ends = firsts.list.eval(inside)
    edges = pl.concat_list(pl.col("begin") - _DAY, pl.col("until"))
    # The first day of the month of `begin` may lie before it: its end of month belongs to another period.
    drop_first = (pl.col("begin").dt.day() != 1).cast(pl.Int64)
    return pl.concat_list(ends.list.slice(drop_first), edges).list.unique()


def _quotients(daily: pl.DataFrame, windows: pl.DataFrame, kpi: Kpi, first: dt.date) -> pl.DataFrame:
    """Values from sums of flows and means of balances; null where they would divide by nothing."""
    is_cycle = kpi.measure == "cash_cycle"
    flows = ["cost_of_goods", "revenue"] if is_cycle else ["flow"]
    balances = ["stock", "receivables", "payables"] if is_cycle else ["balance"]
    sums = _sums(daily, windows, [*flows, "count_records"]).with_columns(pl.col(flows).cast(pl.Float64))
    joined = sums.join(_means(daily, windows, balances, kpi, first), on=_KEYS)
    days = pl.col("days")
    if is_cycle:
        cost, revenue = pl.col("cost_of_goods"), pl.col("revenue")
        value = ((pl.col("stock") - pl.col("payables")) / cost + pl.col("receivables") / revenue) * days
        return joined.with_columns(
            value=pl.when((cost > 0) & (revenue > 0)).then(value),
            standing=pl.col("stock").abs() + pl.col("receivables").abs() + pl.col("payables").abs(),
            n="count_records",
        )
    flow, balance = pl.col("flow"), pl.col("balance")
    numerator, denominator = (flow, balance) if kpi.measure == "per_average" else (balance * days, flow)
    return joined.with_columns(
        numerator=numerator,
        denominator=denominator,
        value=pl.when(denominator > 0).then(numerator / denominator),
        standing=balance,
        n="count_records",
    )


def _counted_back(daily: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """Days' flows counted back from the last day until they add up to its balance; the last of them in proportion.

    A day of negative flow (returns beyond sales) makes the count longer: the running sum never falls, so that the
    count has one answer. More balance than all known flow, or a negative one: null, nothing can be said.
    """
    flow = pl.col("flow").cast(pl.Float64)
    reached = daily.select("member", "date_day", reached=flow.cum_sum().cum_max().clip(lower_bound=0.0).over("member"))
    # Before the first day nothing has flowed.
    zero = reached.group_by("member").agg(pl.col("date_day").min() - _DAY, reached=pl.lit(0.0))
    steps = pl.concat([zero, reached], how="vertical_relaxed").sort("member", "date_day").with_columns(
        next=pl.col("reached").shift(-1).over("member")
    )  # fmt: skip
    at_end = daily.select("member", pl.col("date_day").alias("until"), pl.col("balance").cast(pl.Float64))
    sums = _sums(daily, windows, ["count_records"])
    ends = (
        sums.join(at_end, on=["member", "until"], how="left")
        .sort("until")
        .join_asof(reached, left_on="until", right_on="date_day", by="member", strategy="backward",
                   check_sortedness=False)
        .with_columns(pl.col("balance").fill_null(0.0))
        .with_columns(left=pl.col("reached") - pl.col("balance"))
        .drop("date_day", "reached")
    )  # fmt: skip
    found = ends.sort("left").join_asof(
        steps.sort("reached", "date_day"), left_on="left", right_on="reached", by="member", strategy="backward",
        check_sortedness=False,
    )  # fmt: skip
    # `date_day` is the last day whose running sum does not exceed what is left over: the day after it is split.
    split = (pl.col("next") - pl.col("left")) / (pl.col("next") - pl.col("reached"))
    counted = (pl.col("until") - pl.col("date_day")).dt.total_days() - 1 + split
    balance = pl.col("balance")
    return found.with_columns(
        value=pl.when(balance == 0).then(0.0).when((balance > 0) & (pl.col("left") >= 0)).then(counted),
        numerator=balance,
        standing=balance,
        n="count_records",
    )


def _with_interval(figures: pl.DataFrame, kpi: Kpi) -> pl.DataFrame:
    if kpi.measure != "per_average" or kpi.unit != "percent":
        return figures
    # Each record weighs as much as the flow says: half a person where admissions and leavers are averaged.
    weight = pl.when(pl.col("n") > 0).then(pl.col("flow") / pl.col("n")).otherwise(1.0) / pl.col("balance")
    low, high = poisson(pl.col("n").cast(pl.Float64))
    has_value = pl.col("state") == "ok"
    return figures.with_columns(low=pl.when(has_value).then(low * weight), high=pl.when(has_value).then(high * weight))

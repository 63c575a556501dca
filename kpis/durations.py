"""Durations: each period's own life table, set-based, from cases by start day and age.

In a period a case is at risk at exactly the ages at which it was open in that period, and its end counts in the period
in which it happened. Every case thus counts once at each age, whatever the grain (period survival, as in demography).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpis.components import TOTAL, prepare
from kpis.definition import Kpi
from kpis.measure import as_measured
from kpis.periods import earliest, latest, period_start, period_starts
from kpis.survival import greenwood, kaplan_meier, percentiles, restricted_mean, survival_table

__all__ = ["greenwood", "kaplan_meier", "life_table", "measure_durations", "percentiles", "restricted_mean"]

_KEYS = ["period_start", "member"]
LIFE_TABLE_COLUMNS = {
    "kpi": pl.String,
    "grain": pl.String,
    "period_start": pl.Date,
    "dimension": pl.String,
    "member": pl.String,
    "age": pl.Float64,
    "at_risk": pl.Int64,
    "finished": pl.Int64,
    "survival": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def life_table(
    components: pl.DataFrame, kpi: Kpi, grain: str, dimension: str | None, as_of: dt.date, since: dt.date | None = None
) -> pl.DataFrame:
    """Life tables of all periods (from the one holding `since`, all without it) and members; LIFE_TABLE_COLUMNS.

    `age` is in the KPI's published unit (days or business hours). A row per age with an event, plus the first and last
    age at risk, so that a step curve can be drawn from the rows alone.
    """
    start = None if since is None else period_start(since, grain)
    cases = cases_until(prepare(components, kpi, dimension), kpi, as_of, start)
    table = survival_table(steps(cases, kpi, grain, start), _KEYS)
    return table.with_columns(
        kpi=pl.lit(kpi.name),
        grain=pl.lit(grain),
        dimension=pl.lit(dimension or TOTAL),
        age=pl.col("age") * kpi.scale,
    ).select(pl.col(name).cast(dtype) for name, dtype in LIFE_TABLE_COLUMNS.items())


def measure_durations(
    components: pl.DataFrame, kpi: Kpi, grain: str, as_of: dt.date, since: dt.date | None
) -> pl.DataFrame:
    """Periods × members of a prepared frame, from `since` (all without it) to `as_of`; columns MEASURED.

    The value is the median of the period's life table. Where the median is not reached, the value is the restricted
    mean (area under the curve up to the last age at risk) and the state `restricted`, for it is another quantity.
    numerator = finished, denominator = cases seen at risk; n = finished; the mean is of those finished in the period.
    """
    cases = cases_until(components, kpi, as_of, since)
    figures = percentiles(survival_table(steps(cases, kpi, grain, since), _KEYS), _KEYS)
    flows = _flows(cases, kpi, grain, as_of)
    scale = kpi.scale
    has_median = pl.col("median").is_not_null()
    return as_measured(
        figures.join(flows, on=_KEYS, how="left").with_columns(
            pl.col("finished", "opened").fill_null(0),
            value=pl.coalesce("median", "restricted_mean") * scale,
            low=pl.when(has_median).then(pl.col("median_low") * scale),
            high=pl.when(has_median).then(pl.col("median_high") * scale),
            p80=pl.col("p80") * scale,
            p95=pl.col("p95") * scale,
            mean=pl.col("mean") * scale,
            n=pl.col("finished").fill_null(0),
            numerator=pl.col("finished").fill_null(0),
            state=pl.when(has_median).then(pl.lit("ok")).otherwise(pl.lit("restricted")),
        )
    )


def condensed(components: pl.DataFrame) -> pl.DataFrame:
    """A prepared frame with one row per member, day, ages and end: once per dimension, for all grains."""
    return components.group_by("member", "date_day", "entry_age", "exit_age", "is_finished").agg(pl.col("cases").sum())


def cases_until(components: pl.DataFrame, kpi: Kpi, as_of: dt.date, since: dt.date | None = None) -> pl.DataFrame:
    """Cases as they stood at the end of `as_of`; with `since`, only those still open or ending on that day or later."""
    cases = components.filter(pl.col("date_day") <= as_of)
    if since is not None:
        end_day = pl.col("date_day")
        if kpi.clock == "calendar_days":
            end_day = end_day + pl.duration(days="exit_age")
        cases = cases.filter(end_day >= since)
    if kpi.clock == "calendar_days":
        age_now = (pl.lit(as_of) - pl.col("date_day")).dt.total_days()
        cases = cases.with_columns(
            exit_age=pl.min_horizontal("exit_age", age_now),
            is_finished=pl.col("is_finished") & (pl.col("exit_age") <= age_now),
        )
    return cases


def steps(cases: pl.DataFrame, kpi: Kpi, grain: str, since: dt.date | None) -> pl.DataFrame:
    """Entries, exits and events by period, member and age; see `survival`."""
    found = _calendar_steps(cases, grain) if kpi.clock == "calendar_days" else _segment_steps(cases, grain)
    return found if since is None else found.filter(pl.col("period_start") >= since)


def _segment_steps(cases: pl.DataFrame, grain: str) -> pl.DataFrame:
    """Cases already cut at days: each segment is at risk on (entry, exit], the first one at age 0 as well."""
    period = period_start(pl.col("date_day"), grain)
    entry = pl.when(pl.col("entry_age") > 0).then(pl.col("entry_age") + 1).otherwise(0)
    return pl.concat(
        [
            _step(cases, period, entry, entered=pl.col("cases")),
            _step(cases, period, pl.col("exit_age"), left=pl.col("cases"), finished=_events()),
        ]
    )


def _calendar_steps(cases: pl.DataFrame, grain: str) -> pl.DataFrame:
    """Cases by start day: cut at the period boundaries which they cross, by running sums over the exit ages."""
    exit_day = pl.col("date_day") + pl.duration(days="exit_age")
    exits = _step(cases, period_start(exit_day, grain), pl.col("exit_age"), left=pl.col("cases"), finished=_events())
    begun = cases.group_by("member", "date_day").agg(pl.col("cases").sum())
    entries = _step(begun, period_start(pl.col("date_day"), grain), pl.lit(0), entered=pl.col("cases"))
    carried = _carried(cases, grain)
    age = (pl.col("boundary") - pl.col("date_day")).dt.total_days()
    before = period_start(pl.col("boundary").dt.offset_by("-1d"), grain)
    return pl.concat(
        [
            entries,
            exits,
            _step(carried, pl.col("boundary"), age, entered=pl.col("cases")),
            _step(carried, before, age - 1, left=pl.col("cases")),
        ]
    )


def _carried(cases: pl.DataFrame, grain: str) -> pl.DataFrame:
    """Cases still open at the start of a period, by member, start day and `boundary` (that start)."""
    # Two rows of one exit age (ended, still open) need not be summed: the later of them has the whole running sum.
    by_exit = (
        cases.select("member", "date_day", "exit_age", "cases")
        .sort("exit_age")
        .with_columns(gone=pl.col("cases").cum_sum().over("member", "date_day"))
    )
    starts = by_exit.group_by("member", "date_day").agg(total=pl.col("cases").sum(), oldest=pl.col("exit_age").max())
    first_day = earliest(starts["date_day"])
    last_day = latest(starts.select(pl.col("date_day") + pl.duration(days="oldest"))["date_day"])
    if first_day is None or last_day is None:
        return cases.select("member", "date_day", "cases", boundary="date_day").clear()
    boundaries = period_starts(first_day, last_day, grain).to_frame("boundary").with_row_index("number")
    number = boundaries.select(period_start="boundary", number=pl.col("number").cast(pl.Int64))
    crossed = (
        starts.with_columns(
            first=period_start(pl.col("date_day"), grain),
            last=period_start(pl.col("date_day") + pl.duration(days="oldest"), grain),
        )
        .join(number.rename({"period_start": "first", "number": "first_number"}), on="first")
        .join(number.rename({"period_start": "last", "number": "last_number"}), on="last")
        .filter(pl.col("last_number") > pl.col("first_number"))
        .with_columns(number=pl.int_ranges(pl.col("first_number") + 1, pl.col("last_number") + 1))
        .explode("number")
        .join(number.rename({"period_start": "boundary"}), on="number")
        .with_columns(age_before=(pl.col("boundary") - pl.col("date_day")).dt.total_days() - 1)
        .sort("age_before")
    )
    gone = by_exit.select("member", "date_day", "exit_age", "gone")
    return (
        crossed.join_asof(
            gone, left_on="age_before", right_on="exit_age", by=["member", "date_day"], strategy="backward",
            check_sortedness=False,
        )
        .select("member", "date_day", "boundary", cases=pl.col("total") - pl.col("gone").fill_null(0))
        .filter(pl.col("cases") > 0)
    )  # fmt: skip


def _flows(cases: pl.DataFrame, kpi: Kpi, grain: str, as_of: dt.date) -> pl.DataFrame:
    """Opened and finished cases and the mean age of the finished, by period and member.

    A case whose observation ends before `as_of` without an end of its own (a vacancy cancelled) is no longer open: it
    is taken out of the opened ones of the period in which it went.
    """
    end_day = pl.col("date_day")
    if kpi.clock == "calendar_days":
        end_day = end_day + pl.duration(days="exit_age")
    ends = (
        cases.filter("is_finished")
        .group_by(period_start(end_day, grain).alias("period_start"), "member")
        .agg(
            finished=pl.col("cases").sum(),
            mean=(pl.col("exit_age") * pl.col("cases")).sum() / pl.col("cases").sum(),
        )
    )
    begun = cases.filter(pl.col("entry_age") == 0).select("member", "cases", day=pl.col("date_day"))
    if kpi.clock == "calendar_days":
        is_gone = ~pl.col("is_finished") & (end_day < as_of)
        begun = pl.concat([begun, cases.filter(is_gone).select("member", -pl.col("cases"), day=end_day)])
    begins = (
        begun.group_by(period_start(pl.col("day"), grain).alias("period_start"), "member")
        .agg(opened=pl.col("cases").sum())
    )  # fmt: skip
    return begins.join(ends, on=_KEYS, how="full", coalesce=True)


def _events() -> pl.Expr:
    return pl.col("cases") * pl.col("is_finished").cast(pl.Int64)


def _step(frame: pl.DataFrame, period: pl.Expr, age: pl.Expr, **counts: pl.Expr) -> pl.DataFrame:
    columns = {name: counts.get(name, pl.lit(0)).cast(pl.Int64) for name in ("entered", "left", "finished")}
    return frame.select(period.alias("period_start"), "member", age.cast(pl.Int64).alias("age"), **columns)

"""From a KPI's additive components to its values: every period and member at once, with state and comparison.

States: `ok`; `provisional` (the period is not over at as-of); `no_data` (nothing to measure); `too_few` (n below
the KPI's minimum: the value is withheld, the components stay); `restricted` (a duration whose median is not reached:
the value is the restricted mean); `not_applicable` (a ratio without denominator, twelve months that begin before the
data); `undefined` (a return without change of sign, a balance without flow); `ambiguous` (several rates of return).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from kpis.balances import measure_balances
from kpis.cash_flows import measure_cash_flows
from kpis.components import TOTAL, prepare
from kpis.definition import Kpi
from kpis.durations import condensed, measure_durations
from kpis.periods import GRAINS, earliest, period_end, period_start, period_starts, previous, year_before
from kpis.sums import measure_sums, summed

VALUE_COLUMNS = {
    "kpi": pl.String,
    "grain": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "dimension": pl.String,
    "member": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "mean": pl.Float64,
    "p80": pl.Float64,
    "p95": pl.Float64,
    "finished": pl.Int64,
    "open": pl.Int64,
    "state": pl.String,
    "is_partial": pl.Boolean,
    "previous_value": pl.Float64,
    "change": pl.Float64,
    "year_before_value": pl.Float64,
}

_KEYS = ["period_start", "member"]
# The ASCII unit separator: no export holds it.
_SEPARATOR = "\x1f"
_ADDING = ("count", "amount")
_WITHHELD = ("value", "low", "high", "mean", "p80", "p95")


def roll_up(
    components: pl.DataFrame,
    kpi: Kpi,
    grain: str,
    dimension: str | None,
    as_of: dt.date,
    *,
    is_day_over: bool = True,
) -> pl.DataFrame:
    """Values of `kpi` by `grain`, in total (`dimension` None) or by one declared dimension; VALUE_COLUMNS, sorted.

    `components` has the columns of the KPI's kind (see `Kpi.component_columns`), `date_day` and the dimensions. A
    member has a row for every period from its first component to `as_of`, with state `no_data` where nothing
    happened; counts and amounts are 0 there, for nothing happening is what they measure. A period is complete when its
    last day is over, which `as_of` itself is not where `is_day_over` is false. `previous_value` and
    `year_before_value` of a period that is not complete stop after as many days as have begun in it. `change` is
    in the KPI's unit (fractions for percent: a difference in percentage points ÷ 100), null from zero, from a
    missing value and between a median and a restricted mean. ValueError for an unknown grain, an undeclared
    dimension or a missing column.
    """
    return _rolled(_rows(components, kpi, dimension), kpi, grain, dimension, as_of, is_day_over)


def roll_up_all(
    components: pl.DataFrame, kpi: Kpi, as_of: dt.date, grains: tuple[str, ...] = GRAINS, *, is_day_over: bool = True
) -> pl.DataFrame:
    """`roll_up` for every grain, in total and by every declared dimension, sorted by grain, dimension and member.

    The dimensions are rolled up together: `member` then begins with the name of its dimension.
    """
    prefixed: list[pl.DataFrame] = []
    for dimension in (None, *kpi.dimensions):
        named = pl.lit(f"{dimension or TOTAL}{_SEPARATOR}") + pl.col("member")
        prefixed.append(_rows(components, kpi, dimension).with_columns(member=named))
    rows = pl.concat(prefixed)
    # Numbers in place of texts: what follows groups and joins by them many times.
    rows = rows.with_columns(pl.col("member").cast(pl.Enum(rows["member"].unique().sort())))
    parts = pl.col("member").str.splitn(_SEPARATOR, 2)
    frames = [
        _rolled(rows, kpi, grain, None, as_of, is_day_over)
        .with_columns(dimension=parts.struct.field("field_0"), member=parts.struct.field("field_1"))
        .sort("dimension", "member", "period_start")
        for grain in grains
    ]
    return pl.concat(frames)


def values_so_far(
    components: pl.DataFrame, kpi: Kpi, unit: str | None, first: dt.date, last: dt.date, days: Sequence[dt.date]
) -> pl.DataFrame:
    """What the KPI said of the span from `first` to `last`, seen from each of `days`: `day`, `value`.

    The span must be a whole period of some grain (a quarter, say), for then its figure at the end is the published one;
    else ValueError. `unit` is a business unit, or None for the company. Days without a value are left out, also those
    whose median is not reached: a restricted mean is another quantity.
    """
    grain = next((g for g in GRAINS if (period_start(first, g), period_end(first, g)) == (first, last)), None)
    if grain is None:
        raise ValueError(f"{first} to {last} is no week, month, quarter or year")
    rows = _rows(components, kpi, "business_unit" if unit else None).filter(pl.col("member") == (unit or TOTAL))
    found: list[pl.DataFrame] = []
    for day in days:
        measured = _settled(_measure(rows, kpi, grain, min(day, last), first), kpi)
        ok = measured.filter((pl.col("period_start") == first) & (pl.col("state") == "ok"))
        found.append(ok.select(day=pl.lit(day, pl.Date), value="value"))
    return pl.concat([pl.DataFrame(schema={"day": pl.Date, "value": pl.Float64}), *found])


def _rows(components: pl.DataFrame, kpi: Kpi, dimension: str | None) -> pl.DataFrame:
    rows = prepare(components, kpi, dimension)
    if kpi.kind == "duration":
        return condensed(rows)
    return rows if kpi.kind == "cash_flow" else summed(rows)


def _rolled(
    rows: pl.DataFrame, kpi: Kpi, grain: str, dimension: str | None, as_of: dt.date, is_day_over: bool
) -> pl.DataFrame:
    last_day_over = as_of if is_day_over else as_of - dt.timedelta(days=1)
    measured = _settled(_measure(rows, kpi, grain, as_of, None), kpi)
    values = _every_period(rows, measured, kpi, grain, as_of)
    end = period_end(pl.col("period_start"), grain)
    values = values.with_columns(period_end=end, is_partial=end > last_day_over)
    values = _compared(values, rows, kpi, grain, as_of, last_day_over)
    state = pl.when(pl.col("is_partial") & (pl.col("state") == "ok")).then(pl.lit("provisional"))
    return (
        values.with_columns(
            kpi=pl.lit(kpi.name),
            grain=pl.lit(grain),
            dimension=pl.lit(dimension or TOTAL),
            state=state.otherwise(pl.col("state")),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in VALUE_COLUMNS.items())
        .sort("member", "period_start")
    )


def _measure(rows: pl.DataFrame, kpi: Kpi, grain: str, as_of: dt.date, since: dt.date | None) -> pl.DataFrame:
    measures = {"duration": measure_durations, "balance": measure_balances, "cash_flow": measure_cash_flows}
    return measures.get(kpi.kind, measure_sums)(rows, kpi, grain, as_of, since)


def _every_period(rows: pl.DataFrame, measured: pl.DataFrame, kpi: Kpi, grain: str, as_of: dt.date) -> pl.DataFrame:
    """A row per member and period, from the member's first component to `as_of`, also where nothing was measured."""
    first = rows.filter(pl.col("date_day") <= as_of).group_by("member").agg(first=pl.col("date_day").min())
    begin = earliest(first["first"])
    starts = period_starts(begin or dt.date.max, as_of, grain)
    grid = (
        first.join(starts.to_frame(), how="cross")
        .filter(pl.col("period_start") >= period_start(pl.col("first"), grain))
        .select(_KEYS)
    )
    values = grid.join(measured, on=_KEYS, how="left").sort("member", "period_start")
    values = values.with_columns(pl.col("n", "opened", "finished").fill_null(0), pl.col("state").fill_null("no_data"))
    if kpi.kind in _ADDING:
        is_missing = pl.col("state") == "no_data"
        return values.with_columns(
            pl.when(is_missing).then(0.0).otherwise(pl.col(name)).alias(name) for name in ("value", "numerator")
        ).with_columns(state=pl.lit("ok"), open=pl.lit(None), finished=pl.lit(None))
    if kpi.kind == "duration":
        still_open = (pl.col("opened") - pl.col("finished")).cum_sum().over("member", order_by="period_start")
        # A period without any case at risk keeps its zeros in the flows, but has no value.
        return values.with_columns(open=still_open, denominator=still_open + pl.col("finished"))
    return values.with_columns(open=pl.lit(None), finished=pl.lit(None))


def _settled(values: pl.DataFrame, kpi: Kpi) -> pl.DataFrame:
    """Withhold figures that rest on fewer than the KPI's minimum n, and those of states that have no number."""
    state = pl.col("state")
    if kpi.kind not in (*_ADDING, "cash_flow"):
        is_few = state.is_in(["ok", "restricted"]) & (pl.col("n") < kpi.minimum_n)
        state = pl.when(is_few).then(pl.lit("too_few")).otherwise(state)
    values = values.with_columns(state=state)
    has_number = pl.col("state").is_in(["ok", "restricted"])
    return values.with_columns(pl.when(has_number).then(pl.col(name)).alias(name) for name in _WITHHELD)


def _compared(
    values: pl.DataFrame, rows: pl.DataFrame, kpi: Kpi, grain: str, as_of: dt.date, last_day_over: dt.date
) -> pl.DataFrame:
    """Add `previous_value`, `year_before_value` and `change`, like for like in a period that is not complete."""
    start = pl.col("period_start")
    known = values.select(_KEYS[0], "member", before="value", before_state="state")
    compared = values.with_columns(previous_start=previous(start, grain), year_before_start=year_before(start, grain))
    for name in ("previous", "year_before"):
        renamed = known.rename(
            {"period_start": f"{name}_start", "before": f"{name}_value", "before_state": f"{name}_state"}
        )
        compared = compared.join(renamed, on=[f"{name}_start", "member"], how="left")
    current = period_start(as_of, grain)
    if period_end(as_of, grain) > last_day_over and compared.height:
        for name, begin in (("previous", previous(current, grain)), ("year_before", year_before(current, grain))):
            cut = _cut(rows, kpi, grain, begin, begin + (as_of - current)).rename(
                {"value": "cut_value", "state": "cut_state"}
            )
            is_now = start == current
            compared = (
                compared.join(cut, on="member", how="left")
                .with_columns(
                    pl.when(is_now).then("cut_value").otherwise(f"{name}_value").alias(f"{name}_value"),
                    pl.when(is_now).then("cut_state").otherwise(f"{name}_state").alias(f"{name}_state"),
                )
                .drop("cut_value", "cut_state")
            )
    value, before = pl.col("value"), pl.col("previous_value")
    is_alike = (pl.col("state") == "restricted") == (pl.col("previous_state") == "restricted")
    return compared.sort("member", "period_start").with_columns(
        change=pl.when(is_alike & (before != 0)).then(value - before)
    )


def _cut(rows: pl.DataFrame, kpi: Kpi, grain: str, begin: dt.date, until: dt.date) -> pl.DataFrame:
    """Value and state by member of the period beginning at `begin`, as far as `until` (never beyond its end)."""
    until = min(until, period_end(begin, grain))
    measured = _settled(_measure(rows, kpi, grain, until, begin), kpi).filter(pl.col("period_start") == begin)
    if kpi.kind in _ADDING:
        # Nothing so far is zero, provided that the member existed by then.
        members = rows.filter(pl.col("date_day") <= until)["member"].unique().to_frame()
        measured = members.join(measured, on="member", how="left").with_columns(
            pl.col("value").fill_null(0.0), pl.col("state").fill_null("ok")
        )
    return measured.select("member", "value", "state")

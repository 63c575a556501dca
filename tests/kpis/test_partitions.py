"""Components are additive: however they are cut up and put together again, every kind gives the same figures."""

from __future__ import annotations

import datetime as dt
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from kpis.behaviour import behaviour
from kpis.definition import CLOCKS, COMPONENTS, MEASURES_OF, POINTS, WINDOWS, Kpi, components_of
from kpis.durations import life_table
from kpis.periods import GRAINS
from kpis.roll_up import VALUE_COLUMNS, roll_up, roll_up_all
from tests.kpis.definitions import kpi

FIRST, LAST = dt.date(2024, 1, 3), dt.date(2025, 3, 19)
TEAMS = ("a", "b", "c", "d")
MEASURED_KINDS: list[Kpi] = [
    *(kpi(kind) for kind in ("count", "amount", "ratio", "level")),
    kpi("share", unit="percent", minimum_n=3),
    kpi("score", unit="points"),
    *(kpi("duration", clock=clock, unit="days") for clock in CLOCKS),
    *(
        kpi(
            "balance",
            measure=measure,
            window=window,
            points=points,
            unit="percent",
            name=f"{measure}_{window}_{points}",
        )
        for measure in MEASURES_OF["balance"]
        for window in WINDOWS
        for points in POINTS
    ),
    *(kpi("cash_flow", measure=measure) for measure in MEASURES_OF["cash_flow"]),
]


def titled(measured: Kpi) -> str:
    return "-".join(
        str(part)
        for part in (measured.kind, measured.clock, measured.measure, measured.window, measured.points)
        if part
    )


def components(measured: Kpi, seed: int, rows: int = 60) -> pl.DataFrame:
    """Random rows of the KPI's kind; for levels and balances a row of each team on every day."""
    chance = random.Random(seed)
    span = (LAST - FIRST).days
    is_daily = measured.kind in ("level", "balance")
    places = (
        [(day, team) for day in range(span + 1) for team in TEAMS]
        if is_daily
        else [(chance.randint(0, span), chance.choice(TEAMS)) for _ in range(rows)]
    )
    columns: dict[str, list] = {"date_day": [FIRST + dt.timedelta(days=day) for day, _ in places]}
    columns["business_unit"] = [team for _, team in places]
    for name in components_of(measured.kind, measured.measure):
        columns[name] = [_value(name, chance) for _ in places]
    frame = pl.DataFrame(columns)
    if measured.kind == "share":
        frame = frame.with_columns(denominator=pl.col("numerator") + pl.col("denominator"))
    if measured.kind == "duration":
        frame = frame.with_columns(exit_age=pl.col("entry_age") + pl.col("exit_age") + 1)
        if measured.clock == "calendar_days":
            frame = frame.with_columns(entry_age=pl.lit(0))
    return frame


def _value(name: str, chance: random.Random) -> object:
    match name:
        case "is_finished":
            return chance.random() < 0.7
        case "entry_age":
            return chance.choice((0, 0, 5))
        case "exit_age":
            return chance.randint(0, 40)
        case "project":
            return chance.choice(("p", "q"))
        case "scenario":
            return chance.choice(("planned", "realised"))
        case "annual_discount_rate":
            return 0.1
        case "amount":
            return float(chance.randint(-50, 60))
        case _amount:
            return chance.randint(0, 9)


def cut_up(frame: pl.DataFrame, measured: Kpi, seed: int) -> pl.DataFrame:
    """The same components in other rows: each quantity split in two at random, all in another order."""
    chance = random.Random(seed)
    names = [name for name in COMPONENTS_THAT_ADD if name in frame.columns]
    if measured.kind == "cash_flow":
        names = ["amount"]
    parts = [
        pl.Series(name, [chance.randint(0, int(value)) if value > 0 else 0 for value in frame[name]]) for name in names
    ]
    first = frame.with_columns(parts)
    rest = frame.with_columns((pl.col(part.name) - part).alias(part.name) for part in parts)
    rest = rest.with_columns(pl.col(name).cast(frame.schema[name]) for name in names)
    first = first.with_columns(pl.col(name).cast(frame.schema[name]) for name in names)
    return pl.concat([first, rest]).sample(fraction=1, shuffle=True, seed=seed)


COMPONENTS_THAT_ADD = {
    name
    for kind in COMPONENTS
    for measure in (None, "cash_cycle")
    for name in components_of(kind, measure if kind == "balance" else None)
} - {"entry_age", "exit_age", "is_finished", "project", "scenario", "annual_discount_rate", "amount"}


@pytest.mark.parametrize("measured", MEASURED_KINDS, ids=titled)
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000), grain=st.sampled_from(GRAINS))
def test_cut_up_components_give_the_same_figures(measured: Kpi, seed: int, grain: str) -> None:
    frame = components(measured, seed)
    pieces = cut_up(frame, measured, seed + 1)
    # How many flows there are is what cutting them changes; what they are worth is not.
    ignored = ["n", "numerator", "denominator"] if measured.kind == "cash_flow" else []
    for dimension in (None, "business_unit"):
        whole = roll_up(frame, measured, grain, dimension, LAST)
        assert whole.height
        assert_frame_equal(
            roll_up(pieces, measured, grain, dimension, LAST).drop(ignored),
            whole.drop(ignored),
            abs_tol=1e-7,
            rel_tol=1e-9,
        )


@pytest.mark.parametrize("measured", MEASURED_KINDS, ids=titled)
@settings(max_examples=4, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    grain=st.sampled_from(GRAINS),
    groups=st.lists(st.sampled_from("xyz"), min_size=4, max_size=4),
)
def test_members_merged_at_random_are_rolled_up_as_if_they_had_always_been_one(
    measured: Kpi, seed: int, grain: str, groups: list[str]
) -> None:
    """Merging after the fact and measuring the merged cases themselves are the same; all merged is the total."""
    frame = components(measured, seed)
    merged = frame.with_columns(pl.col("business_unit").replace(dict(zip(TEAMS, groups, strict=True))))
    values = roll_up(merged, measured, grain, "business_unit", LAST)
    for group in set(groups):
        alone = roll_up(merged.filter(pl.col("business_unit") == group), measured, grain, None, LAST)
        of_group = values.filter(pl.col("member") == group)
        # Alone, a group's data may begin later than the company's: only the company's calendar is common to all.
        if measured.kind == "balance" or alone.height == of_group.height:
            assert_frame_equal(alone.drop("member", "dimension"), of_group.drop("member", "dimension"), abs_tol=1e-9)
    everything = roll_up(frame.with_columns(business_unit=pl.lit("x")), measured, grain, "business_unit", LAST)
    total = roll_up(frame, measured, grain, None, LAST)
    assert_frame_equal(everything.drop("member", "dimension"), total.drop("member", "dimension"), abs_tol=1e-9)


@pytest.mark.parametrize(
    "measured", [one for one in MEASURED_KINDS if one.measure in (None, "per_average", "days")], ids=titled
)
@pytest.mark.parametrize("grain", GRAINS)
def test_the_members_components_sum_to_the_totals(measured: Kpi, grain: str) -> None:
    frame = components(measured, 7)
    units = roll_up(frame, measured, grain, "business_unit", LAST)
    total = roll_up(frame, measured, grain, None, LAST)
    summed = units.group_by("period_start").agg(pl.col("n", "numerator", "denominator").sum()).sort("period_start")
    for column in ("n", "numerator", "denominator"):
        if total[column].is_not_null().all():
            assert summed[column].to_list() == pytest.approx(total[column].to_list()), column


@pytest.mark.parametrize("measured", MEASURED_KINDS, ids=titled)
def test_a_kpi_without_any_component_has_no_values(measured: Kpi) -> None:
    """A company that does not export something still gets everything else."""
    empty = components(measured, 1).clear()
    values = roll_up_all(empty, measured, LAST)
    assert values.is_empty()
    assert dict(values.schema) == VALUE_COLUMNS
    assert behaviour(values, measured).is_empty()
    if measured.kind == "duration":
        assert life_table(empty, measured, "month", "business_unit", LAST).is_empty()

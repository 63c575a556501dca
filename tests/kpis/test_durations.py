"""Life tables of periods, against a slow oracle that walks every case through every day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.durations import kaplan_meier, life_table
from kpis.periods import GRAINS, period_start
from kpis.roll_up import roll_up
from tests.kpis.definitions import kpi

FIRST = dt.date(2026, 1, 1)
AS_OF = dt.date(2026, 3, 20)
DAYS = (AS_OF - FIRST).days
DURATION = kpi("duration", dimensions=("business_unit", "category"), unit="days", better="lower")
COLUMNS = ["date_day", "business_unit", "category", "entry_age", "exit_age", "is_finished", "cases"]

Case = tuple[int, int, str, str]  # start (days from FIRST), age at the finish, unit, category
cases = st.lists(
    st.tuples(st.integers(0, DAYS), st.integers(0, 90), st.sampled_from("AB"), st.sampled_from("xyz")),
    min_size=1,
    max_size=40,
)


def histogram(found: list[Case], as_of: dt.date = AS_OF) -> pl.DataFrame:
    """What a KPI model writes: cases by start day and age, the open ones as old as they are at `as_of`."""
    rows = []
    for start, age, unit, category in found:
        day = FIRST + dt.timedelta(days=start)
        age_now = (as_of - day).days
        if age_now >= 0:
            rows.append((day, unit, category, 0, min(age, age_now), age <= age_now, 1))
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return frame.group_by(COLUMNS[:-1]).agg(pl.col("cases").sum())


def walked(found: list[Case], grain: str) -> dict[tuple[dt.date, int], tuple[int, int]]:
    """At risk and finished by period and age, one case and one day at a time."""
    at_risk: dict[tuple[dt.date, int], int] = defaultdict(int)
    finished: dict[tuple[dt.date, int], int] = defaultdict(int)
    for start, age, _, _ in found:
        for passed in range(age + 1):
            day = FIRST + dt.timedelta(days=start + passed)
            if day > AS_OF:
                break
            at_risk[period_start(day, grain), passed] += 1
            finished[period_start(day, grain), passed] += passed == age
    return {key: (at_risk[key], finished[key]) for key in at_risk if finished[key]}


@settings(max_examples=40, deadline=None)
@given(found=cases, grain=st.sampled_from(GRAINS))
def test_life_table_is_what_walking_every_case_gives(found: list[Case], grain: str) -> None:
    table = life_table(histogram(found), DURATION, grain, None, AS_OF).filter(pl.col("finished") > 0)
    ours = {
        (day, int(age)): (at_risk, finished)
        for day, age, at_risk, finished in table.select("period_start", "age", "at_risk", "finished").rows()
    }
    assert ours == walked(found, grain)


@settings(max_examples=40, deadline=None)
@given(found=cases, grain=st.sampled_from(GRAINS), dimension=st.sampled_from([None, "business_unit", "category"]))
def test_events_of_all_periods_are_all_events(found: list[Case], grain: str, dimension: str | None) -> None:
    components = histogram(found)
    values = roll_up(components, DURATION, grain, dimension, AS_OF)
    assert values["finished"].sum() == components.filter("is_finished")["cases"].sum()
    last = values.filter(pl.col("period_start") == period_start(AS_OF, grain))
    assert last["open"].sum() == components.filter(~pl.col("is_finished"))["cases"].sum()


@settings(max_examples=40, deadline=None)
@given(found=cases, data=st.data())
def test_a_random_partition_rolls_up_to_the_same_percentiles(found: list[Case], data: st.DataObject) -> None:
    """Components may be stored in any number of pieces; at risk and finished of the parts add up to the whole."""
    components = histogram(found)
    units = data.draw(st.lists(st.sampled_from("PQR"), min_size=components.height, max_size=components.height))
    pieces = components.with_columns(business_unit=pl.Series(units))
    whole = roll_up(components, DURATION, "month", None, AS_OF)
    assert whole.equals(roll_up(pieces, DURATION, "month", None, AS_OF))
    parts = roll_up(pieces, DURATION, "month", "business_unit", AS_OF)
    sums = parts.group_by("period_start").agg(pl.col("finished", "open").sum()).sort("period_start")
    assert sums.rows() == whole.select("period_start", "finished", "open").rows()


@settings(max_examples=40, deadline=None)
@given(found=st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=1, max_size=30))
def test_cases_inside_one_period_give_the_plain_curve(found: list[tuple[int, int]]) -> None:
    components = histogram([(start, age, "A", "x") for start, age in found], as_of=dt.date(2026, 1, 31))
    table = life_table(components, DURATION, "month", None, dt.date(2026, 1, 31))
    plain = kaplan_meier([age for _, age in found], [True] * len(found))
    columns = ["age", "at_risk", "finished", "survival"]
    is_event = pl.col("finished") > 0
    assert table.filter(is_event).select(columns).rows() == plain.filter(is_event).select(columns).rows()


@settings(max_examples=25, deadline=None)
@given(found=cases)
def test_an_earlier_as_of_forgets_what_came_later(found: list[Case]) -> None:
    earlier = dt.date(2026, 2, 10)
    from_later = roll_up(histogram(found), DURATION, "week", None, earlier)
    from_then = roll_up(histogram(found, as_of=earlier), DURATION, "week", None, earlier) if from_later.height else None
    if from_then is not None:
        assert from_later.equals(from_then)


def test_period_and_cohort_medians_agree_under_a_steady_inflow() -> None:
    ages = [3, 8, 8, 12, 20]
    found = [(start, age, "A", "x") for start in range(DAYS + 1) for age in ages]
    values = roll_up(histogram(found), DURATION, "week", None, AS_OF).filter(
        pl.col("period_start") > dt.date(2026, 2, 1)
    )
    assert set(values["value"]) == {8.0}


def test_median_not_reached_is_a_restricted_mean_and_says_so() -> None:
    found = [(0, 80, "A", "x")] * 9 + [(0, 4, "A", "x")]
    row = roll_up(histogram(found), DURATION, "month", None, AS_OF).row(0, named=True)
    # January: nine of ten are open at the age of 30; area 4 · 1 + 26 · 0.9.
    assert (row["state"], row["p80"], row["low"], row["finished"], row["open"]) == ("restricted", None, None, 1, 9)
    assert row["value"] == pytest.approx(4 + 26 * 0.9)
    assert row["mean"] == 4


def test_like_for_like_of_an_incomplete_month_stops_at_the_same_day() -> None:
    found = [(start, 2, "A", "x") for start in range(DAYS + 1)] + [(45, 8, "A", "x")] * 50
    now = roll_up(histogram(found), DURATION, "month", None, AS_OF).row(-1, named=True)
    then = roll_up(histogram(found), DURATION, "month", None, dt.date(2026, 2, 20)).row(-1, named=True)
    assert now["is_partial"]
    assert now["previous_value"] == then["value"]


def test_business_minutes_cut_at_days_give_the_plain_curve_in_hours() -> None:
    """Three tickets: 2 h in one day; 8 h over a week-end; 10 h over three days, two weeks."""
    desk = kpi("duration", clock="business_minutes", unit="business_hours", better="lower", minimum_n=0)
    friday, monday, tuesday = dt.date(2026, 3, 6), dt.date(2026, 3, 9), dt.date(2026, 3, 10)
    rows = [
        (friday, "A", 0, 120, True, 1),
        (friday, "A", 0, 60, False, 1),
        (monday, "A", 60, 480, True, 1),
        (friday, "A", 0, 60, False, 1),
        (monday, "A", 60, 540, False, 1),
        (tuesday, "A", 540, 600, True, 1),
    ]
    columns = ["date_day", "business_unit", "entry_age", "exit_age", "is_finished", "cases"]
    components = pl.DataFrame(rows, schema=columns, orient="row")
    month = roll_up(components, desk, "month", None, dt.date(2026, 3, 31)).row(0, named=True)
    assert (month["value"], month["finished"], month["open"]) == (8.0, 3, 0)
    assert month["mean"] == pytest.approx((2 + 8 + 10) / 3)
    table = life_table(components, desk, "month", None, dt.date(2026, 3, 31)).filter(pl.col("finished") > 0)
    assert table.select("age", "at_risk", "finished").rows() == [(2.0, 3, 1), (8.0, 2, 1), (10.0, 1, 1)]
    weeks = roll_up(components, desk, "week", None, dt.date(2026, 3, 15))
    assert weeks.select("finished", "open").rows() == [(1, 2), (2, 0)]
    # In the second week nobody is at risk before the first hour is over, and both end.
    second = life_table(components, desk, "week", None, dt.date(2026, 3, 15)).filter(
        (pl.col("period_start") == monday) & (pl.col("finished") > 0)
    )
    assert second.select("age", "at_risk").rows() == [(8.0, 2), (10.0, 1)]

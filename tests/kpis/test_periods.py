from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.periods import GRAINS, period_end, period_start, period_starts, previous, year_before

FRIDAY = dt.date(2026, 11, 20)


def test_starts_and_ends() -> None:
    starts = {grain: period_start(FRIDAY, grain) for grain in GRAINS}
    ends = {grain: period_end(FRIDAY, grain) for grain in GRAINS}
    assert starts == {
        "week": dt.date(2026, 11, 16),
        "month": dt.date(2026, 11, 1),
        "quarter": dt.date(2026, 10, 1),
        "year": dt.date(2026, 1, 1),
    }
    assert ends == {
        "week": dt.date(2026, 11, 22),
        "month": dt.date(2026, 11, 30),
        "quarter": dt.date(2026, 12, 31),
        "year": dt.date(2026, 12, 31),
    }


def test_previous_crosses_years() -> None:
    assert previous(dt.date(2026, 1, 1), "month") == dt.date(2025, 12, 1)
    assert previous(dt.date(2026, 1, 1), "quarter", 2) == dt.date(2025, 7, 1)
    assert previous(dt.date(2026, 1, 1), "week") == dt.date(2025, 12, 22)


@settings(deadline=None)
@given(day=st.dates(dt.date(2001, 1, 1), dt.date(2090, 1, 1)))
def test_a_week_meets_the_week_of_the_same_number(day: dt.date) -> None:
    now, then = day.isocalendar(), year_before(day, "week").isocalendar()
    assert (then.year, then.week, then.weekday) == (now.year - 1, min(now.week, 52), 1)


@settings(deadline=None)
@given(day=st.dates(dt.date(2001, 1, 1), dt.date(2090, 1, 1)), grain=st.sampled_from(GRAINS))
def test_periods_tile_the_calendar(day: dt.date, grain: str) -> None:
    assert period_start(day, grain) <= day <= period_end(day, grain)
    assert period_end(previous(day, grain), grain) + dt.timedelta(days=1) == period_start(day, grain)
    starts = period_starts(day, day + dt.timedelta(days=400), grain).to_list()
    days = pl.DataFrame({"day": [day + dt.timedelta(days=i) for i in range(401)]})
    assert starts == days.select(period_start(pl.col("day"), grain).unique().sort()).to_series().to_list()


def test_expressions_give_what_dates_give() -> None:
    frame = pl.DataFrame({"day": [FRIDAY, dt.date(2024, 2, 29)]})
    for grain in GRAINS:
        for function in (period_start, period_end, previous, year_before):
            column = frame.select(function(pl.col("day"), grain)).to_series().to_list()
            assert column == [function(day, grain) for day in frame["day"].to_list()]


def test_unknown_grain_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown grain 'day'"):
        period_start(FRIDAY, "day")

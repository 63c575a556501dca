"""Published answers of the people, IT and legal KPIs, computed with their own catalogue entries."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from kpis.catalogue import load_catalogue
from kpis.definition import Kpi
from kpis.roll_up import roll_up

ROOT = Path(__file__).resolve().parents[2]
MONTH, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 31)


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Kpi]:
    return load_catalogue(ROOT)


def balances(flows: dict[dt.date, float], headcounts: list[float], counts: dict[dt.date, int]) -> pl.DataFrame:
    """One row a day of March 2026: what flowed on it, who was there at its end."""
    days = [MONTH + dt.timedelta(days=number) for number in range(len(headcounts))]
    return pl.DataFrame(
        {
            "date_day": days,
            "business_unit": "SUL",
            "department": "Logística",
            "flow": [flows.get(day, 0.0) for day in days],
            "balance": headcounts,
            "count_records": [counts.get(day, 0) for day in days],
        }
    )


def month(components: pl.DataFrame, kpi: Kpi, as_of: dt.date = LAST, dimension: str | None = None) -> dict[str, object]:
    """The one value of March 2026."""
    values = roll_up(components, kpi, "month", dimension, as_of).filter(pl.col("period_start") == MONTH)
    assert values.height == 1
    return values.row(0, named=True)


def test_three_hundred_people_have_two_turnovers(catalogue: dict[str, Kpi]) -> None:
    """300 people on average, 25 admitted, 20 left: 6.7 % by leavers, 7.5 % by the Brazilian formula."""
    headcounts = [300.0] * 31
    leavers = balances({LAST: 20.0}, headcounts, {LAST: 20})
    both = balances({LAST: 22.5}, headcounts, {LAST: 45})
    by_leavers, brazilian = month(leavers, catalogue["turnover"]), month(both, catalogue["turnover_br"])
    assert by_leavers["value"] == pytest.approx(20 / 300)
    assert round(100 * float(str(by_leavers["value"])), 1) == 6.7
    assert brazilian["value"] == pytest.approx(0.075)
    assert by_leavers["n"] == 20


def test_fifty_people_four_admitted_three_left(catalogue: dict[str, Kpi]) -> None:
    both = balances({MONTH: 2.0, LAST: 1.5}, [50.0] * 31, {MONTH: 4, LAST: 3})
    assert month(both, catalogue["turnover_br"])["value"] == pytest.approx(0.07)


def test_the_headcount_is_averaged_over_the_days_and_not_at_the_ends(catalogue: dict[str, Kpi]) -> None:
    """Ten leave on the second of the month: the average is near 90, not 95."""
    headcounts = [100.0] + [90.0] * 30
    second = MONTH + dt.timedelta(days=1)
    found = month(balances({second: 10.0}, headcounts, {second: 10}), catalogue["turnover"])
    assert found["value"] == pytest.approx(10 / ((100 + 30 * 90) / 31))


def test_a_month_without_leavers_is_a_zero_and_one_without_people_is_nothing(catalogue: dict[str, Kpi]) -> None:
    assert month(balances({}, [30.0] * 31, {}), catalogue["turnover"])["value"] == 0
    empty = month(balances({}, [0.0] * 31, {}), catalogue["turnover"])
    assert empty["value"] is None


def test_absenteeism_of_320_hours(catalogue: dict[str, Kpi]) -> None:
    """320 of 16,000 hours are 2 %, however they lie over the days."""
    days = [MONTH + dt.timedelta(days=number) for number in range(20)]
    components = pl.DataFrame(
        {
            "date_day": days,
            "business_unit": "SUL",
            "department": "Logística",
            "numerator": [320.0] + [0.0] * 19,
            "denominator": [800.0] * 20,
            "count_records": 100,
        }
    )
    found = month(components, catalogue["absenteeism"])
    assert found["value"] == pytest.approx(0.02)


def test_change_failure_two_of_ten(catalogue: dict[str, Kpi]) -> None:
    """20 %, and Wilson's interval from 6 % to 51 %."""
    components = pl.DataFrame(
        {
            "date_day": [MONTH, MONTH + dt.timedelta(days=3)],
            "business_unit": "MTZ",
            "service": "ERP",
            "kind": "normal",
            "numerator": [2.0, 0.0],
            "denominator": [4.0, 6.0],
            "count_records": [4, 6],
        }
    )
    found = month(components, catalogue["change_failure_rate"])
    assert found["value"] == pytest.approx(0.2)
    assert found["low"] == pytest.approx(0.0567, abs=1e-4)
    assert found["high"] == pytest.approx(0.5098, abs=1e-4)


def test_groups_under_five_answers_have_a_state_and_no_value(catalogue: dict[str, Kpi]) -> None:
    def answers(promoters: int, detractors: int, responses: int) -> pl.DataFrame:
        row = {"promoters": promoters, "detractors": detractors, "responses": responses}
        return pl.DataFrame({"date_day": [LAST], "business_unit": "CO", "department": "TI"} | row)

    hidden = month(answers(2, 1, 4), catalogue["enps"])
    shown = month(answers(3, 1, 5), catalogue["enps"])
    assert (hidden["state"], hidden["value"]) == ("too_few", None)
    assert (shown["state"], shown["value"]) == ("ok", pytest.approx(40.0))


def test_cancelled_vacancies_are_observed_until_then_and_are_not_open(catalogue: dict[str, Kpi]) -> None:
    """Three approved on the 1st: filled after 10 days, cancelled after 15, still open. Half are filled at day 10."""
    components = pl.DataFrame(
        {
            "date_day": [MONTH] * 3,
            "business_unit": "SUL",
            "department": "TI",
            "entry_age": 0,
            "exit_age": [10, 15, 30],
            "is_finished": [True, False, False],
            "cases": 1,
        }
    )
    found = month(components, catalogue["time_to_fill"])
    assert (found["open"], found["finished"]) == (1, 1)
    # on the day before the cancellation both were open
    before = month(components, catalogue["time_to_fill"], as_of=dt.date(2026, 3, 15))
    assert (before["open"], before["finished"]) == (2, 1)


def test_recovery_over_a_weekend_is_counted_in_elapsed_hours(catalogue: dict[str, Kpi]) -> None:
    """Friday 22:00 to Monday 10:00, cut at midnights: 60 hours, although no desk was open."""
    edges = [0, 120, 120 + 1440, 120 + 2880, 3600]
    components = pl.DataFrame(
        {
            "date_day": [dt.date(2026, 3, 6) + dt.timedelta(days=number) for number in range(4)],
            "business_unit": "MTZ",
            "service": "ERP",
            "entry_age": edges[:-1],
            "exit_age": edges[1:],
            "is_finished": [False, False, False, True],
            "cases": 5,
        }
    )
    found = month(components, catalogue["incident_recovery_time"])
    assert found["value"] == pytest.approx(60.0)
    assert found["mean"] == pytest.approx(60.0)
    assert found["finished"] == 5

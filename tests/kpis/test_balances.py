"""Flows against balances: known answers, windows, points, states, comparison like for like."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest

from kpis.behaviour import behaviour
from kpis.decomposition import explain
from kpis.definition import Kpi
from kpis.roll_up import roll_up
from tests.kpis.definitions import kpi


def balance(measure: str, **changes: object) -> Kpi:
    unit = "percent" if measure == "per_average" else "days"
    return kpi("balance", measure=measure, **({"unit": unit} | changes))


def days(first: str, last: str, **columns: object) -> pl.DataFrame:
    """One row a day for one unit; columns are constants or expressions of `date_day`."""
    frame = pl.DataFrame(
        {"date_day": pl.date_range(dt.date.fromisoformat(first), dt.date.fromisoformat(last), eager=True)}
    )
    filled = {"business_unit": "MTZ", "flow": 0.0, "balance": 0.0, "count_records": 1} | columns
    expressions = {name: value if isinstance(value, pl.Expr) else pl.lit(value) for name, value in filled.items()}
    return frame.with_columns(**expressions)


def on(day: str, value: float) -> pl.Expr:
    return pl.when(pl.col("date_day") == dt.date.fromisoformat(day)).then(value).otherwise(0.0)


def row(values: pl.DataFrame, start: str, member: str = "total") -> dict:
    return values.filter(pl.col("period_start") == dt.date.fromisoformat(start), pl.col("member") == member).row(
        0, named=True
    )


def test_two_turnover_formulas_give_two_numbers() -> None:
    """300 people, +25, −20: leavers 6.7 %, the Brazilian variant 7.5 %."""
    for flow, expected in ((20.0, 20 / 300), (22.5, 0.075)):
        rows = days("2025-01-01", "2025-01-31", flow=on("2025-01-15", flow), balance=300.0)
        found = row(roll_up(rows, balance("per_average"), "month", None, dt.date(2025, 1, 31)), "2025-01-01")
        assert found["value"] == pytest.approx(expected, abs=1e-12)
        assert (found["numerator"], found["denominator"], found["state"]) == (flow, 300.0, "ok")


def test_fifty_people_four_in_three_out() -> None:
    rows = days("2025-03-01", "2025-03-31", flow=on("2025-03-10", 3.5), balance=50.0)
    assert row(roll_up(rows, balance("per_average"), "month", None, dt.date(2025, 3, 31)), "2025-03-01")[
        "value"
    ] == pytest.approx(0.07)


def test_countback_of_three_months_of_sales() -> None:
    """Sales 70k, 80k, 100k (oldest first, months of thirty days), receivables 212k: 73.7 days."""
    day = pl.col("date_day")
    per_day = (
        pl.when(day < dt.date(2025, 4, 2)).then(70e3).when(day < dt.date(2025, 5, 2)).then(80e3).otherwise(100e3) / 30
    )
    rows = days("2025-03-03", "2025-05-31", flow=per_day, balance=212e3)
    assert rows.height == 90
    found = row(roll_up(rows, balance("countback"), "month", None, dt.date(2025, 5, 31)), "2025-05-01")
    assert found["value"] == pytest.approx(30 + 30 + 32 / 70 * 30)
    assert round(found["value"], 1) == 73.7
    assert found["numerator"] == 212e3


def test_countback_states() -> None:
    sales = {"flow": 10.0}
    last = dt.date(2025, 1, 31)
    for owed, value, state in (
        (0.0, 0.0, "ok"),
        (5.0, 0.5, "ok"),
        (310.0, 31.0, "ok"),
        (311.0, None, "undefined"),
        (-5.0, None, "undefined"),
    ):
        rows = days("2025-01-01", "2025-01-31", balance=owed, **sales)
        found = row(roll_up(rows, balance("countback"), "month", None, last), "2025-01-01")
        assert (found["value"], found["state"]) == (value, state), owed


def test_countback_goes_over_days_without_sales() -> None:
    """Ten owed, the last ten sold on the 5th: 26 days back from the 31st count the 5th itself wholly."""
    rows = days("2025-01-01", "2025-01-31", flow=on("2025-01-05", 10.0) + on("2025-01-02", 10.0), balance=10.0)
    found = row(roll_up(rows, balance("countback"), "month", None, dt.date(2025, 1, 31)), "2025-01-01")
    assert found["value"] == 27
    rows = rows.with_columns(balance=pl.lit(15.0))
    found = row(roll_up(rows, balance("countback"), "month", None, dt.date(2025, 1, 31)), "2025-01-01")
    assert found["value"] == 29.5


def test_cash_cycle_of_the_published_example() -> None:
    """Stock 1.11, receivables 6.02, payables 8, revenue 66.6, cost 48.5: 8.35 + 32.99 − 60.21 = −18.86 days."""
    cycle = balance("cash_cycle", window="trailing_12_months")
    rows = days(
        "2025-01-01", "2025-12-31", stock=1.11, receivables=6.02, payables=8.0,
        revenue=on("2025-06-30", 66.6), cost_of_goods=on("2025-06-30", 48.5),
    )  # fmt: skip
    values = roll_up(rows, cycle, "month", None, dt.date(2025, 12, 31))
    assert row(values, "2025-12-01")["value"] == pytest.approx(8.3536 + 32.9925 - 60.2062, abs=1e-3)
    assert round(row(values, "2025-12-01")["value"], 2) == -18.86
    early = row(values, "2025-11-01")
    assert (early["value"], early["state"]) == (None, "not_applicable"), "twelve months begin before the data"


@pytest.mark.parametrize("measure", ["per_average", "days", "cash_cycle"])
def test_nothing_to_divide_by_is_undefined(measure: str) -> None:
    columns = (
        {"stock": 5.0, "receivables": 5.0, "payables": 5.0, "revenue": 1.0, "cost_of_goods": 0.0}
        if measure == "cash_cycle"
        else {"flow": 0.0, "balance": 5.0} if measure == "days" else {"flow": 5.0, "balance": 0.0}
    )  # fmt: skip
    rows = days("2025-01-01", "2025-01-31", **columns)
    found = row(roll_up(rows, balance(measure), "month", None, dt.date(2025, 1, 31)), "2025-01-01")
    assert (found["value"], found["state"]) == (None, "undefined")


def test_nobody_left_is_zero_and_not_undefined() -> None:
    rows = days("2025-01-01", "2025-01-31", balance=50.0, count_records=0)
    found = row(roll_up(rows, balance("per_average"), "month", None, dt.date(2025, 1, 31)), "2025-01-01")
    assert (found["value"], found["low"], found["state"]) == (0.0, 0.0, "ok")
    # Exact: −ln 0.025 = 3.689 events.
    assert found["high"] * 50 == pytest.approx(3.689, abs=0.03)


def test_interval_is_that_of_the_events() -> None:
    """Twenty events: exact Poisson limits 12.217 and 30.888; half a person each in the Brazilian formula."""
    counted = on("2025-01-15", 20.0).cast(pl.Int64)
    for weight in (1.0, 0.5):
        rows = days(
            "2025-01-01", "2025-01-31", flow=on("2025-01-15", 20.0 * weight), balance=300.0, count_records=counted
        )
        found = row(roll_up(rows, balance("per_average"), "month", None, dt.date(2025, 1, 31)), "2025-01-01")
        assert found["low"] * 300 / weight == pytest.approx(12.217, abs=0.02)
        assert found["high"] * 300 / weight == pytest.approx(30.888, abs=0.02)


def test_daily_mean_and_days_of_stock() -> None:
    """15 days of 100 and 15 of 200 with 300 of cost in 30 days: mean 150, 15 days of cover."""
    rows = days(
        "2025-04-01",
        "2025-04-30",
        flow=10.0,
        balance=pl.when(pl.col("date_day").dt.day() <= 15).then(100.0).otherwise(200.0),
    )
    found = row(roll_up(rows, balance("days"), "month", None, dt.date(2025, 4, 30)), "2025-04-01")
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == (15.0, 4500.0, 300.0, 30)


def test_thirteen_points_of_twelve_months() -> None:
    """Balance = number of the month since December 2023 on its last day, nonsense on all others: mean of 0…12 is 6."""
    day = pl.col("date_day")
    month = (day.dt.year() - 2023) * 12 + day.dt.month() - 12
    is_end = day == day.dt.month_end()
    turns = balance("per_average", unit="ratio", window="trailing_12_months", points="month_ends")
    rows = days(
        "2023-12-01", "2024-12-31", flow=1.0, balance=pl.when(is_end).then(month.cast(pl.Float64)).otherwise(1e6)
    )
    values = roll_up(rows, turns, "month", None, dt.date(2024, 12, 31))
    assert row(values, "2024-12-01")["denominator"] == pytest.approx(6.0)
    assert row(values, "2024-12-01")["value"] == pytest.approx(366 / 6)


@pytest.mark.parametrize(
    ("grain", "start", "points"),
    [("month", "2024-03-01", (2, 3)), ("quarter", "2024-01-01", (0, 1, 2, 3)), ("year", "2024-01-01", range(13))],
)
def test_points_of_a_period_are_its_opening_and_its_month_ends(grain: str, start: str, points: tuple[int, ...]) -> None:
    day = pl.col("date_day")
    month = (day.dt.year() - 2023) * 12 + day.dt.month() - 12
    rows = days(
        "2023-12-01", "2024-12-31", flow=1.0,
        balance=pl.when(day == day.dt.month_end()).then(month.cast(pl.Float64)).otherwise(1e6),
    )  # fmt: skip
    values = roll_up(
        rows, balance("per_average", unit="ratio", points="month_ends"), grain, None, dt.date(2024, 12, 31)
    )
    assert row(values, start)["denominator"] == pytest.approx(sum(points) / len(points))


def test_points_of_a_week_and_of_an_unfinished_month() -> None:
    rows = days("2025-01-01", "2025-02-14", flow=1.0, balance=pl.col("date_day").dt.ordinal_day().cast(pl.Float64))
    by_points = balance("per_average", unit="ratio", points="month_ends")
    week = row(roll_up(rows, by_points, "week", None, dt.date(2025, 2, 14)), "2025-01-27")
    assert week["denominator"] == pytest.approx((26 + 31 + 33) / 3), "Sunday before, end of January, Sunday"
    month = row(roll_up(rows, by_points, "month", None, dt.date(2025, 2, 14)), "2025-02-01")
    assert month["denominator"] == pytest.approx((31 + 45) / 2)


def test_an_unfinished_period_compares_like_for_like() -> None:
    """Ten days of February against ten days of January, whatever January did afterwards."""
    leaves = on("2025-01-05", 1.0) + on("2025-01-20", 30.0) + on("2025-02-03", 2.0)
    rows = days("2025-01-01", "2025-02-10", flow=leaves, balance=100.0)
    found = row(roll_up(rows, balance("per_average"), "month", None, dt.date(2025, 2, 10)), "2025-02-01")
    assert (found["state"], found["is_partial"]) == ("provisional", True)
    assert (found["value"], found["previous_value"]) == (0.02, 0.01)
    assert found["change"] == pytest.approx(0.01)


def test_members_add_up_even_when_one_begins_late() -> None:
    """A unit founded on the 16th had nobody before: its mean is over the whole month, so that units add up."""
    late = days("2025-04-16", "2025-04-30", business_unit="SUL", flow=on("2025-04-20", 3.0), balance=20.0)
    rows = pl.concat([days("2025-04-01", "2025-04-30", flow=on("2025-04-02", 1.0), balance=90.0), late])
    turnover, as_of = balance("per_average"), dt.date(2025, 4, 30)
    whole = row(roll_up(rows, turnover, "month", None, as_of), "2025-04-01")
    units = roll_up(rows, turnover, "month", "business_unit", as_of)
    assert whole["denominator"] == pytest.approx(100.0)
    assert row(units, "2025-04-01", "SUL")["denominator"] == pytest.approx(10.0)
    for column in ("numerator", "denominator", "n"):
        assert units[column].sum() == pytest.approx(whole[column])


def test_mix_and_rate_of_a_balance_leave_nothing_over() -> None:
    both = [
        days("2025-01-01", "2025-02-28", business_unit=unit, flow=pl.col("date_day").dt.day() * factor, balance=stock)
        for unit, factor, stock in (("MTZ", 1.0, 90.0), ("SUL", 2.5, 30.0))
    ]
    rows = pl.concat(both).with_columns(
        balance=pl.when((pl.col("date_day").dt.month() == 2) & (pl.col("business_unit") == "SUL"))
        .then(60.0)
        .otherwise("balance")
    )
    for measure in ("per_average", "days"):
        defined = balance(measure)
        units = roll_up(rows, defined, "month", "business_unit", dt.date(2025, 2, 28))
        total = roll_up(rows, defined, "month", None, dt.date(2025, 2, 28))
        halves = [units.filter(pl.col("period_start").dt.month() == month) for month in (1, 2)]
        found = explain(*halves, defined)
        assert found is not None
        assert found.rate is not None and found.mix is not None
        change = row(total, "2025-02-01")["value"] - row(total, "2025-01-01")["value"]
        assert math.isclose(found.rate + found.mix, change, abs_tol=1e-12)
    assert explain(*halves, balance("countback")) is None


def test_twelve_months_are_no_process() -> None:
    """Each repeats eleven twelfths of the one before: run rules would sound all the time."""
    rows = days("2024-01-01", "2025-12-31", flow=1.0, balance=pl.col("date_day").dt.month().cast(pl.Float64) + 50)
    for window, judged in (("period", True), ("trailing_12_months", False)):
        defined = balance("per_average", unit="ratio", window=window)
        found = behaviour(roll_up(rows, defined, "month", None, dt.date(2025, 12, 31)), defined)
        assert found["centre"].is_not_null().any() == judged


def test_no_rows_no_values() -> None:
    empty = days("2025-01-01", "2025-01-31").clear()
    for measure in ("per_average", "countback"):
        assert roll_up(empty, balance(measure), "month", None, dt.date(2025, 1, 31)).is_empty()

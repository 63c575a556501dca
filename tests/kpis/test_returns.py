from __future__ import annotations

import datetime as dt
import random

import numpy as np
import polars as pl
import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kpis.rates import internal_rates
from kpis.roll_up import roll_up
from tests.kpis.definitions import kpi
from tests.kpis.returns_one_by_one import irr, npv, payback, xirr


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


YEARS = [day("2023-01-01"), day("2024-01-01"), day("2024-12-31")]  # 365 days apart: 2024 is a leap year


def test_the_spreadsheet_example_of_xirr() -> None:
    dates = [day(text) for text in ("2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01")]
    found = xirr(dates, [-10000, 2750, 4250, 3250, 2750])
    assert found.state == "ok"
    assert found.value == pytest.approx(0.373362535, abs=1e-8)


def test_the_spreadsheet_example_of_irr() -> None:
    found = irr([-70000, 12000, 15000, 18000, 21000, 26000])
    assert (found.state, found.value) == ("ok", pytest.approx(0.0866, abs=5e-5))


def test_the_spreadsheet_example_of_net_present_value() -> None:
    dates = [YEARS[0] + dt.timedelta(days=365 * years) for years in range(4)]
    # Spreadsheets' NPV discounts the first flow, too.
    assert npv(dates, [-10000, 3000, 4200, 6800], 0.10) == pytest.approx(1188.44 * 1.10, abs=0.01)


def test_two_roots_are_ambiguous_and_named() -> None:
    found = xirr(YEARS, [100, -230, 132])
    assert (found.value, found.state) == (None, "ambiguous")
    assert found.roots == pytest.approx((0.10, 0.20))
    assert irr([100, -230, 132]).roots == pytest.approx((0.10, 0.20))


def test_without_a_change_of_sign_there_is_no_return() -> None:
    for amounts in ([-10, -20, -30], [10, 20, 30], [0, 0, 0]):
        found = xirr(YEARS, amounts)
        assert (found.value, found.state) == (None, "undefined")
    assert xirr([], []).state == "undefined"
    # Two changes of sign, but no rate makes it zero.
    assert xirr(YEARS, [100, -100, 100]).state == "undefined"


def test_several_changes_of_sign_with_one_root_have_a_return() -> None:
    # The cost of closing down has a second root only far below −90 % a year.
    found = irr([-100, 60, 60, 60, -5])
    assert found.state == "ok"
    assert np.polynomial.Polynomial([-100, 60, 60, 60, -5])(1 / (1 + (found.value or 0))) == pytest.approx(0, abs=1e-9)


def test_flows_of_one_day_are_one_flow() -> None:
    # +50 and −150 on one day are no change of sign.
    found = xirr([YEARS[0], YEARS[0], YEARS[1]], [50, -150, 110])
    assert (found.state, found.value) == ("ok", pytest.approx(0.10))


@settings(max_examples=60, deadline=None)
@given(
    flows=st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 1000)), min_size=1, max_size=8),
    cost=st.integers(10, 5000),
)
def test_a_conventional_investment_has_one_return_that_makes_it_worth_nothing(
    flows: list[tuple[int, int]], cost: int
) -> None:
    dates = [YEARS[0], *(YEARS[0] + dt.timedelta(days=days) for days, _ in flows)]
    amounts = [-cost, *(amount for _, amount in flows)]
    found = xirr(dates, amounts)
    assume(found.value is not None and -0.9 < found.value < 10)
    assert found.state == "ok"
    assert npv(dates, amounts, found.value or 0) == pytest.approx(0, abs=1e-4 * sum(map(abs, amounts)))


def test_payback_is_when_the_sum_stays_above_zero() -> None:
    dates = [day("2023-01-01"), day("2023-07-02"), day("2024-01-01"), day("2024-12-31")]
    assert payback(dates, [-100, 60, 60, 60]).value == pytest.approx(12)
    # Paid back, invested again, paid back for good.
    assert payback(dates, [-100, 120, -60, 60]).value == pytest.approx(24)
    assert payback(dates, [-100, 10, 10, 10]).state == "undefined"
    assert payback(dates, [0, 10, 10, 10]).state == "undefined"


FLOWS = pl.DataFrame(
    [
        (day("2024-01-01"), "SUL", "Docks", "planned", -900.0, 0.12),
        (day("2024-01-01"), "SUL", "Docks", "realised", -1000.0, 0.12),
        (day("2024-12-31"), "SUL", "Docks", "planned", 800.0, 0.12),
        (day("2024-12-31"), "SUL", "Docks", "realised", 500.0, 0.12),
        (day("2025-12-31"), "SUL", "Docks", "planned", 800.0, 0.12),
        (day("2024-06-01"), "NE", "Quarry", "realised", 100.0, 0.10),
        (day("2025-06-01"), "NE", "Quarry", "planned", -230.0, 0.10),
        (day("2026-06-01"), "NE", "Quarry", "planned", 132.0, 0.10),
        (day("2024-06-01"), "NE", "Study", "realised", -10.0, 0.20),
    ],
    schema=["date_day", "business_unit", "project", "scenario", "amount", "annual_discount_rate"],
    orient="row",
)
DIMENSIONS = ("business_unit", "project")


def at(measure: str, dimension: str | None, as_of: str) -> dict[str, dict]:
    tested = kpi("cash_flow", measure=measure, dimensions=DIMENSIONS)
    values = roll_up(FLOWS, tested, "month", dimension, day(as_of))
    last = values.filter(pl.col("period_start") == values["period_start"].max())
    return {row["member"]: row for row in last.iter_rows(named=True)}


def test_outlook_replaces_plans_by_what_happened() -> None:
    before, after = (at("irr", "project", date)["Docks"] for date in ("2024-11-30", "2024-12-31"))
    assert before["value"] == pytest.approx(xirr(YEARS_OF_DOCKS, [-1000, 800, 800]).value)
    assert after["value"] == pytest.approx(xirr(YEARS_OF_DOCKS, [-1000, 500, 800]).value)
    assert (after["numerator"], after["denominator"], after["n"]) == (1300, 1000, 3)


YEARS_OF_DOCKS = [day("2024-01-01"), day("2024-12-31"), day("2025-12-31")]


def test_states_of_returns_are_published_without_a_number() -> None:
    found = at("irr", "project", "2024-12-31")
    assert (found["Quarry"]["state"], found["Quarry"]["value"]) == ("ambiguous", None)
    assert (found["Study"]["state"], found["Study"]["value"]) == ("undefined", None)
    assert at("payback", "project", "2024-12-31")["Docks"]["value"] == pytest.approx(24, abs=0.01)


def test_present_values_add_up_at_each_project_s_own_rate() -> None:
    projects, units = at("npv", "project", "2024-12-31"), at("npv", "business_unit", "2024-12-31")
    total = at("npv", None, "2024-12-31")["total"]
    assert projects["Docks"]["value"] == pytest.approx(npv(YEARS_OF_DOCKS, [-1000, 500, 800], 0.12))
    assert units["NE"]["value"] == pytest.approx(projects["Quarry"]["value"] + projects["Study"]["value"])
    assert total["value"] == pytest.approx(sum(row["value"] for row in projects.values()))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_many_series_at_once_are_what_another_library_finds_one_by_one(seed: int) -> None:
    """pyxirr as the oracle: one change of sign each, so that there is one rate and no question which."""
    chance = random.Random(seed)
    series: list[tuple[list[dt.date], list[float]]] = []
    for _ in range(40):
        days = sorted(chance.sample(range(200, 3000), chance.randint(2, 10)))
        dates = [YEARS[0], *(YEARS[0] + dt.timedelta(days=count) for count in days)]
        series.append((dates, [-1000.0, *(float(chance.randint(1, 900)) for _ in days)]))
    flat = [
        (number, (day - dates[0]).days / 365, amount)
        for number, (dates, amounts) in enumerate(series)
        for day, amount in zip(dates, amounts, strict=True)
    ]
    numbers, years, amounts = (np.array(column) for column in zip(*flat, strict=True))
    found = internal_rates(numbers, years, amounts, len(series))
    assert found.count.tolist() == [1] * len(series)
    for number, (dates, values) in enumerate(series):
        other = pyxirr.xirr(dates, values)
        assert found.first[number] == pytest.approx(xirr(dates, values).value, rel=1e-12)
        if other is not None:
            assert found.first[number] == pytest.approx(other, abs=1e-7, rel=1e-7)


def test_series_of_all_sorts_do_not_touch_each_other() -> None:
    flows = [(-100, 110), (10, 20), (100, -230, 132), (-10,), (-100, 50, 60)]
    flat = [(i, float(year), float(amount)) for i, one in enumerate(flows) for year, amount in enumerate(one)]
    numbers, years, amounts = (np.array(column) for column in zip(*flat, strict=True))
    found = internal_rates(numbers, years, amounts, len(flows))
    assert found.count.tolist() == [1, 0, 2, 0, 1]
    assert found.rates[found.series == 2] == pytest.approx([0.10, 0.20])
    assert found.first[0] == pytest.approx(0.10)

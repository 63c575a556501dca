from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kpis.decomposition import difference, explain, mix_and_rate, volume_and_price
from kpis.roll_up import roll_up
from tests.kpis.definitions import kpi


def frame(**columns: list) -> pl.DataFrame:
    return pl.DataFrame({"member": list("abcdefgh")[: len(next(iter(columns.values())))], **columns})


def test_visits() -> None:
    before = frame(numerator=[30 * 0.02, 100 * 0.06, 70 * 0.05], denominator=[30, 100, 70])
    after = frame(numerator=[50 * 0.019, 110 * 0.062, 75 * 0.05], denominator=[50, 110, 75])
    found = mix_and_rate(before, after, scale=100)
    assert found is not None
    assert found.rate == pytest.approx(0.079, abs=5e-4)
    assert found.mix == pytest.approx(-0.227, abs=5e-4)
    assert found.total == pytest.approx(4.90 - 5.05, abs=5e-3)
    assert found.rate + found.mix == pytest.approx(found.total)
    assert not found.is_reversal
    # The visitors of the lowest rate have grown: they come first, and by mix.
    assert found.parts.row(0, named=True)["member"] == "a"


def test_simpson_s_reversal_raises_the_alarm() -> None:
    before = frame(numerator=[81, 192], denominator=[87, 263])
    after = frame(numerator=[234, 55], denominator=[270, 80])
    found = mix_and_rate(before, after, scale=100)
    assert found is not None
    assert found.total == pytest.approx(100 * (289 - 273) / 350)
    assert found.total == pytest.approx(4.57, abs=5e-3)
    assert found.rate == pytest.approx(-5.37, abs=5e-3)
    assert found.mix == pytest.approx(9.94, abs=5e-3)
    assert found.is_reversal


part = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=6
)


@settings(max_examples=100, deadline=None)
@given(before=part, after=part)
def test_mix_and_rate_add_up_exactly_whoever_comes_or_goes(before: dict, after: dict) -> None:
    frames = [
        pl.DataFrame(
            {
                "member": list(members),
                "numerator": [float(part) for part, _ in members.values()],
                "denominator": [float(part + rest) for part, rest in members.values()],
            }
        )
        for members in (before, after)
    ]
    sums = [(one["numerator"].sum(), one["denominator"].sum()) for one in frames]
    found = mix_and_rate(*frames)
    if min(sums[0][1], sums[1][1]) == 0:
        assert found is None
        return
    assert found is not None
    expected = sums[1][0] / sums[1][1] - sums[0][0] / sums[0][1]
    assert found.total == pytest.approx(expected, abs=1e-12)
    assert found.parts["total"].sum() == pytest.approx(expected, abs=1e-12)
    assert (found.rate or 0) + (found.mix or 0) == pytest.approx(expected, abs=1e-12)


def test_a_newcomer_changes_the_mix_only() -> None:
    found = mix_and_rate(frame(numerator=[10], denominator=[100]), frame(numerator=[10, 90], denominator=[100, 100]))
    assert found is not None
    newcomer = found.parts.filter(member="b").row(0, named=True)
    assert (newcomer["rate"], newcomer["value_before"], newcomer["value_after"]) == (0, None, 0.9)
    assert found.total == pytest.approx(0.4)
    assert not found.is_reversal


@settings(max_examples=60, deadline=None)
@given(before=part, after=part)
def test_volume_and_price_add_up_by_member_and_in_total(before: dict, after: dict) -> None:
    frames = [
        pl.DataFrame(
            {
                "member": list(members),
                "amount": [float(amount if quantity else 0) for amount, quantity in members.values()],
                "quantity": [quantity for _, quantity in members.values()],
            }
        )
        for members in (before, after)
    ]
    found = volume_and_price(*frames)
    assert found.total == pytest.approx(frames[1]["amount"].sum() - frames[0]["amount"].sum())
    assert (found.volume or 0) + (found.price or 0) == pytest.approx(found.total)
    stayed = set(before) & set(after)
    assume(stayed)
    for row in found.parts.iter_rows(named=True):
        assert row["volume"] + row["price"] == pytest.approx(row["amount_after"] - row["amount_before"])
        if row["member"] not in stayed:
            assert row["price"] == 0


def test_price_and_volume_of_one_product() -> None:
    found = volume_and_price(frame(amount=[100], quantity=[10]), frame(amount=[180], quantity=[12]))
    assert (found.volume, found.price) == (pytest.approx(25), pytest.approx(55))


def test_difference_ranks_the_greatest_first() -> None:
    found = difference(frame(value=[1.0, 5.0, 3.0]), frame(value=[2.0, 1.0, 3.0]))
    assert found.parts.select("member", "total").rows() == [("b", -4), ("a", 1), ("c", 0)]
    assert found.total == -3


def month(values: pl.DataFrame, number: int) -> pl.DataFrame:
    return values.filter(pl.col("period_start") == dt.date(2026, number, 1))


def test_explaining_a_score_from_published_values() -> None:
    components = pl.DataFrame(
        {
            "date_day": [dt.date(2026, 9, 2)] * 2 + [dt.date(2026, 10, 2)] * 2,
            "business_unit": ["SUL", "NE"] * 2,
            "promoters": [60, 50, 30, 50],
            "detractors": [10, 20, 40, 20],
            "responses": [100, 100, 100, 100],
        }
    )
    tested = kpi("score", unit="points")
    values = roll_up(components, tested, "month", "business_unit", dt.date(2026, 10, 31))
    found = explain(month(values, 9), month(values, 10), tested)
    assert found is not None
    assert (found.total, found.rate, found.mix) == (pytest.approx(-30), pytest.approx(-30), pytest.approx(0))
    assert found.parts["member"][0] == "SUL"


def test_explaining_a_duration_is_about_the_mean_of_the_finished() -> None:
    components = pl.DataFrame(
        {
            "date_day": [dt.date(2026, 9, 1)] * 2 + [dt.date(2026, 10, 1)] * 2,
            "business_unit": ["SUL", "NE"] * 2,
            "entry_age": [0] * 4,
            "exit_age": [10, 20, 16, 20],
            "is_finished": [True] * 4,
            "cases": [30, 10, 30, 10],
        }
    )
    tested = kpi("duration", unit="days")
    values = roll_up(components, tested, "month", "business_unit", dt.date(2026, 10, 31))
    found = explain(month(values, 9), month(values, 10), tested)
    assert found is not None
    assert found.basis == "mean"
    assert found.total == pytest.approx((30 * 16 + 200) / 40 - (300 + 200) / 40)


def test_what_does_not_add_up_is_not_explained() -> None:
    values = frame(value=[0.1], denominator=[1.0])
    assert explain(values, values, kpi("cash_flow", measure="irr")) is None


@settings(max_examples=60, deadline=None)
@given(before=part, after=part)
def test_volume_price_and_mix_add_up_by_member_and_in_total(before: dict, after: dict) -> None:
    frames = [
        pl.DataFrame(
            {
                "member": list(members),
                "amount": [float(amount if quantity else 0) for amount, quantity in members.values()],
                "quantity": [quantity for _, quantity in members.values()],
            }
        )
        for members in (before, after)
    ]
    found = volume_and_price(*frames, with_mix=True)
    assert (found.volume or 0) + (found.price or 0) + (found.mix or 0) == pytest.approx(found.total)
    for row in found.parts.iter_rows(named=True):
        change = row["amount_after"] - row["amount_before"]
        assert row["volume"] + row["price"] + row["mix"] == pytest.approx(change)


def test_more_of_everything_at_the_same_prices_is_volume_alone() -> None:
    before = frame(amount=[100.0, 900.0, 50.0], quantity=[10, 30, 10])
    after = before.with_columns(pl.col("amount") * 1.2, pl.col("quantity") * 1.2)
    found = volume_and_price(before, after, with_mix=True)
    assert (found.volume, found.price, found.mix) == (pytest.approx(210), pytest.approx(0), pytest.approx(0))

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from kpis.intervals import net_promoter_interval, net_promoter_variance, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(trials=st.integers(1, 5000), part=st.floats(0, 1), confidence=st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_agrees_with_scipy(trials: int, part: float, confidence: float) -> None:
    successes = round(part * trials)
    expected = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    assert wilson(successes, trials, confidence) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_expressions_is_wilson_of_numbers() -> None:
    frame = pl.DataFrame({"x": [0, 3, 10], "n": [10, 10, 10]})
    low, high = wilson(pl.col("x"), pl.col("n"))
    rows = frame.select(low=low, high=high).rows()
    assert rows == [pytest.approx(wilson(x, 10)) for x in (0, 3, 10)]


def test_variance_of_a_net_promoter_answer() -> None:
    assert net_promoter_variance(1 / 2, 1 / 6) == pytest.approx(5 / 9)


def test_net_promoter_interval_uses_that_variance_and_stays_in_range() -> None:
    low, high = net_promoter_interval(300, 100, 600)
    half = 1.959964 * 100 * (5 / 9 / 600) ** 0.5
    assert (low, high) == pytest.approx((100 / 3 - half, 100 / 3 + half), abs=1e-4)
    assert net_promoter_interval(4, 0, 4) == (100.0, 100.0)
    assert net_promoter_interval(1, 2, 3)[0] == -100.0

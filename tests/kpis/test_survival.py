from __future__ import annotations

import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from kpis.survival import kaplan_meier, percentiles, restricted_mean

REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
SMALL = "1 1 4 5 6+ 9 9+ 22"


def parsed(text: str) -> tuple[list[int], list[bool]]:
    return [int(item.rstrip("+")) for item in text.split()], [not item.endswith("+") for item in text.split()]


def events(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("finished") > 0)


def figures(table: pl.DataFrame) -> dict[str, float | None]:
    return percentiles(table.with_columns(key=pl.lit(0)), ["key"]).row(0, named=True)


def test_eight_cases() -> None:
    table = events(kaplan_meier(*parsed(SMALL)))
    assert table["survival"].to_list() == pytest.approx([0.75, 0.625, 0.5, 1 / 3, 0])
    assert table["age"].to_list() == [1, 4, 5, 9, 22]
    assert figures(table)["median"] == 5


def test_leukaemia_remission() -> None:
    durations, finished = parsed(REMISSION)
    table = kaplan_meier(durations, finished)
    expected = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert events(table)["survival"].to_list() == pytest.approx(expected, abs=5e-5)
    assert figures(table)["median"] == 23
    assert figures(table)["p80"] is None
    naive = [age for age, is_finished in zip(durations, finished, strict=True) if is_finished]
    assert sum(naive) / len(naive) == pytest.approx(12.1, abs=0.05)


cases = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(cases=cases)
def test_scipy_agrees(cases: list[tuple[int, bool]]) -> None:
    """scipy's empirical survival function of censored data is the oracle of S, its log-log interval and the median."""
    durations, finished = [age + 1 for age, _ in cases], [is_finished for _, is_finished in cases]
    table = kaplan_meier(durations, finished)
    data = CensoredData(
        uncensored=[age for age, done in zip(durations, finished, strict=True) if done],
        right=[age for age, done in zip(durations, finished, strict=True) if not done],
    )
    oracle = ecdf(data).sf
    curve = events(table)
    ages = curve["age"].to_list()
    if ages:
        assert curve["survival"].to_list() == pytest.approx(oracle.evaluate(ages).tolist())
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the interval is not defined where S is 0
            interval = oracle.confidence_interval(method="log-log")
        inside = (curve["survival"] > 0).to_list()
        for ours, theirs in (("low", interval.low), ("high", interval.high)):
            pairs = zip(curve[ours].to_list(), theirs.evaluate(ages).tolist(), inside, strict=True)
            for mine, scipys, is_inside in pairs:
                if is_inside:
                    assert mine == pytest.approx(scipys, abs=1e-9)
    below = [age for age, survival in zip(ages, curve["survival"].to_list(), strict=True) if survival <= 0.5 + 1e-12]
    assert figures(table)["median"] == (below[0] if below else None)
    # The restricted mean is the area under scipy's curve up to the last age seen.
    horizon = max(durations)
    steps = np.arange(horizon)
    assert restricted_mean(table) == pytest.approx(float(oracle.evaluate(steps).sum()))
    assert figures(table)["restricted_mean"] == pytest.approx(restricted_mean(table))


def test_restricted_mean_stops_at_its_horizon() -> None:
    table = kaplan_meier([2, 4], [True, True])
    assert restricted_mean(table) == pytest.approx(2 + 0.5 * 2)
    assert restricted_mean(table, 3) == pytest.approx(2.5)
    assert restricted_mean(table, 1) == pytest.approx(1)


def test_median_interval_is_where_the_bounds_cross_one_half() -> None:
    durations, finished = parsed(REMISSION)
    found = figures(kaplan_meier(durations, finished))
    # As PROC LIFETEST prints for this data with the log-log transformation: 13 to not reached.
    assert (found["median_low"], found["median_high"]) == (13, None)

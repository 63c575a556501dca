from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

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
def test_lifelines_agrees(cases: list[tuple[int, bool]]) -> None:
    durations, finished = [age for age, _ in cases], [is_finished for _, is_finished in cases]
    # lifelines nudges events at 0; ages from 1 keep the comparison exact.
    durations = [age + 1 for age in durations]
    table = kaplan_meier(durations, finished)
    oracle = KaplanMeierFitter().fit(durations, finished)
    curve = events(table)
    ages = curve["age"].to_list()
    if ages:
        assert curve["survival"].to_list() == pytest.approx(oracle.survival_function_at_times(ages).to_list())
        bounds = oracle.confidence_interval_survival_function_.loc[ages]
        inside = (curve["survival"] > 0).to_list()
        for ours, theirs in (("low", bounds.iloc[:, 0]), ("high", bounds.iloc[:, 1])):
            pairs = [(a, b) for a, b, keep in zip(curve[ours].to_list(), theirs, inside, strict=True) if keep]
            assert [a for a, _ in pairs] == pytest.approx([b for _, b in pairs], abs=1e-9)
    # Where S is exactly one half, lifelines' logarithms leave it just above: only there may the two differ.
    if (curve["survival"] - 0.5).abs().min() != pytest.approx(0, abs=1e-9):
        expected = oracle.median_survival_time_
        assert figures(table)["median"] == (expected if expected != float("inf") else None)
    horizon = max(durations)
    assert restricted_mean(table) == pytest.approx(restricted_mean_survival_time(oracle, t=horizon))
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

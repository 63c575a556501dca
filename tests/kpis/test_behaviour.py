from __future__ import annotations

import datetime as dt
import random

import polars as pl
import pytest

from kpis.behaviour import SIGNAL_COLUMNS, behaviour
from kpis.periods import previous
from kpis.roll_up import VALUE_COLUMNS, roll_up_all
from tests.kpis.definitions import kpi

NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
MONDAY = dt.date(2024, 6, 3)
LEVEL = kpi("ratio", better="lower")


def series(points: list[float | None], grain: str = "week", member: str = "total", **columns: list) -> pl.DataFrame:
    first = MONDAY if grain == "week" else dt.date(2024, 6, 1)
    given = {
        "kpi": "tested",
        "grain": grain,
        "dimension": "total" if member == "total" else "business_unit",
        "member": member,
        "period_start": [previous(first, grain, -i) for i in range(len(points))],
        "value": points,
        "state": ["no_data" if point is None else "ok" for point in points],
        **columns,
    }
    return pl.DataFrame(given).with_columns(
        pl.lit(None).cast(dtype).alias(name) for name, dtype in VALUE_COLUMNS.items() if name not in given
    )


def steady(count: int, seed: int = 7, level: float = 100.0) -> list[float | None]:
    """Noise that breaks no rule: alternating around the level."""
    chance = random.Random(seed)
    return [level + (-1) ** i * chance.uniform(0.5, 2) for i in range(count)]


def test_nist_example_of_individuals_and_moving_ranges() -> None:
    row = behaviour(series(NIST), LEVEL).row(-1, named=True)
    assert row["centre"] == pytest.approx(50.81)
    assert row["range_limit"] == pytest.approx(3.268 * 1.8778, abs=5e-4)
    assert row["upper_limit"] == pytest.approx(55.8041, abs=5e-5)
    assert row["lower_limit"] == pytest.approx(45.8159, abs=5e-5)
    assert row["is_trial"]


def test_columns_and_one_row_a_value() -> None:
    values = series([1.0, None, 2.0])
    found = behaviour(values, LEVEL)
    assert dict(found.schema) == SIGNAL_COLUMNS
    assert found.height == 3
    assert behaviour(values.clear(), LEVEL).is_empty()


def test_fewer_than_five_points_have_no_limits_and_twelve_are_no_trial() -> None:
    assert behaviour(series(steady(4)), LEVEL)["centre"].null_count() == 4
    assert behaviour(series(steady(11)), LEVEL)["is_trial"].all()
    assert not behaviour(series(steady(12)), LEVEL)["is_trial"].any()


MONTGOMERY_WITHOUT = [5] * 12 + [6] * 7


def shares(defective: list[int], n: int) -> pl.DataFrame:
    return series(
        [d / n for d in defective],
        numerator=[float(d) for d in defective],
        denominator=[float(n)] * len(defective),
        n=[n] * len(defective),
    )


@pytest.mark.parametrize(
    ("defective", "centre", "upper"),
    [([*MONTGOMERY_WITHOUT, 15], 0.0585, 0.1289), (MONTGOMERY_WITHOUT, 0.0537, 0.1213)],
)
def test_montgomery_s_p_chart(defective: list[int], centre: float, upper: float) -> None:
    assert sum(defective) in (117, 102)
    found = behaviour(shares(defective, 100), kpi("share", better="lower")).row(-1, named=True)
    assert found["centre"] == pytest.approx(centre, abs=5e-5)
    assert found["upper_limit"] == pytest.approx(upper, abs=5e-5)
    assert found["lower_limit"] == 0
    assert found["range_limit"] is None
    assert found["rule"] == ("outside" if defective[-1] == 15 else None)


def test_binomial_limits_follow_each_point_s_n() -> None:
    values = shares([50, 52, 48, 51, 49, 50], 100)
    values = values.with_columns(denominator=pl.Series([100.0] * 5 + [25.0]), value=pl.Series([0.5] * 6))
    found = behaviour(values.with_columns(numerator=pl.col("denominator") / 2), kpi("share"))
    widths = (found["upper_limit"] - found["centre"]).to_list()
    assert widths[0] == pytest.approx(0.15)
    assert widths[-1] == pytest.approx(0.30)


def test_large_samples_use_moving_ranges() -> None:
    found = behaviour(shares([4000, 4300] * 12, 10_000), kpi("share"))
    assert found["range_limit"].null_count() == 0
    assert found["rule"].null_count() == found.height
    # Binomial limits would call every one of them a signal: 3 √(0.415 · 0.585 ÷ 10000) is 0.0148.
    assert (found["value"] - found["centre"]).abs().min() > 0.0148


def test_a_share_that_was_always_zero_has_no_limits() -> None:
    found = behaviour(shares([0] * 24 + [1], 100), kpi("share"))
    assert found["centre"].null_count() == found.height
    assert found["rule"].null_count() == found.height


@pytest.mark.parametrize(
    ("rules", "tail", "rule"),
    [
        ("wheeler", [110.0], "outside"),
        ("wheeler", [105.0, 100.4, 105.0, 105.0], "three_of_four"),
        ("wheeler", [100.6] * 8, "run_of_eight"),
        ("wheeler", [100.6] * 7, None),
        ("wheeler", [105.0, 100.4, 95.0, 105.0], None),
        ("nhs", [110.0], "outside"),
        ("nhs", [106.5, 100.4, 106.5], "two_of_three"),
        ("nhs", [106.5, 100.4, 99.6, 106.5], None),
        ("nhs", [100.6] * 7, "run_of_seven"),
        ("nhs", [97.0, 98.0, 99.0, 99.5, 101.0, 102.0, 103.0], "trend_of_seven"),
        ("nhs", [98.0, 99.0, 99.5, 101.0, 102.0, 103.0], None),
    ],
)
def test_each_rule_is_reported_at_the_point_that_completes_it(rules: str, tail: list[float], rule: str | None) -> None:
    # 101, 99, 101, 99 …: centre 100, mean range 2 (24 points), limits ± 5.32 · … = 3 · 2 ÷ 1.128 = 5.319.
    wide = [100 + (-1) ** i * 1.5 for i in range(24)]  # limits ± 7.979
    found = behaviour(series([*wide, *tail]), LEVEL, rules)
    assert found["upper_limit"][-1] == pytest.approx(100 + 9 / 1.128, abs=1e-6)
    assert found["rule"][-1] == rule
    assert found["rule"][: 24 + len(tail) - 1].null_count() == 24 + len(tail) - 1


def test_a_slow_down_stays_a_signal_and_is_not_averaged_away() -> None:
    found = behaviour(series([*steady(60), *steady(20, level=112)]), LEVEL)
    assert found["rule"][:60].null_count() == 60
    assert set(found["rule"][60:]) == {"outside"}
    assert set(found["direction"][60:]) == {"worse"}
    assert found["weeks_in_signal"].to_list() == [0] * 60 + list(range(1, 21))
    assert found["centre"].n_unique() == 1


def test_a_change_that_lasts_a_whole_baseline_becomes_the_next_one() -> None:
    points = [*steady(60), *steady(40, level=112)]
    found = behaviour(series(points), LEVEL)
    assert found["rule"][60:84].null_count() == 0
    assert found["rule"][84:].null_count() == 16
    assert found["centre"][83] == pytest.approx(100, abs=0.5)
    assert found["centre"][84] == pytest.approx(112, abs=0.5)


def test_the_nhs_baseline_is_twelve_points_and_stays() -> None:
    found = behaviour(series([*steady(12), *steady(40, level=112)]), LEVEL, "nhs")
    assert found["centre"].n_unique() == 1
    assert set(found["rule"][12:]) == {"outside"}


def test_later_points_never_change_what_was_said() -> None:
    chance = random.Random(3)
    points: list[float | None] = [chance.gauss(100 if i < 70 else 104, 2) for i in range(130)]
    whole = behaviour(series(points), LEVEL)
    for known in (30, 70, 90, 110):
        then = behaviour(series(points[:known]), LEVEL)
        assert whole.head(known).drop("kpi").equals(then.drop("kpi"))


def test_missing_points_are_skipped_and_carry_the_signal() -> None:
    found = behaviour(series([*steady(24), 120.0, None, 121.0]), LEVEL)
    assert found["moving_range"].to_list()[-3:] == [pytest.approx(120 - found["value"][23]), None, 1]
    assert found["rule"].to_list()[-3:] == ["outside", None, "outside"]
    assert found["weeks_in_signal"].to_list()[-3:] == [1, 1, 2]
    assert found["centre"].null_count() == 0


def test_a_provisional_point_is_judged_but_sets_no_limits() -> None:
    points = [*steady(10), 150.0]
    values = series(points, state=["ok"] * 10 + ["provisional"])
    found = behaviour(values, LEVEL)
    assert found["centre"][0] == pytest.approx(sum(point for point in points[:10] if point) / 10)
    assert found["rule"][-1] == "outside"
    # A count of an incomplete week is only smaller.
    assert behaviour(values, kpi("count"))["rule"][-1] is None


def test_restricted_means_and_cash_flows_are_not_judged() -> None:
    values = series([*steady(24), 500.0], state=["ok"] * 24 + ["restricted"])
    assert behaviour(values, kpi("duration"))["rule"][-1] is None
    flows = behaviour(series([*steady(24), 500.0]), kpi("cash_flow", measure="npv"))
    assert flows["rule"].null_count() == flows["centre"].null_count() == 25
    assert behaviour(series([*steady(24), 500.0]), kpi("level", signals=False))["rule"][-1] is None


def test_limits_are_clamped_at_natural_bounds() -> None:
    found = behaviour(series([1.0, 9.0] * 12), kpi("duration", bounds=(0.0, 10.0)))
    assert (found["lower_limit"][-1], found["upper_limit"][-1]) == (0, 10)


@pytest.mark.parametrize(
    ("better", "target", "expected"),
    [
        ("lower", 110, "will_pass"),
        ("lower", 100, "hit_or_miss"),
        ("lower", 90, "will_fail"),
        ("higher", 90, "will_pass"),
        ("higher", 100, "hit_or_miss"),
        ("higher", 110, "will_fail"),
        ("neutral", 100, "will_pass"),
        ("neutral", 150, "will_fail"),
        ("neutral", 110, "hit_or_miss"),
        ("lower", None, None),
    ],
)
def test_assurance(better: str, target: float | None, expected: str | None) -> None:
    # Limits 100 ± 7.98; the neutral target has a tolerance of 10.
    values = series([100 + (-1) ** i * 1.5 for i in range(24)])
    values = values.with_columns(target=pl.lit(target, pl.Float64), target_tolerance=pl.lit(10.0))
    found = behaviour(values, kpi("ratio", better=better))
    assert found["assurance"][-1] == expected


@pytest.mark.parametrize(
    ("better", "point", "direction"),
    [("lower", 120.0, "worse"), ("lower", 80.0, "better"), ("higher", 120.0, "better"), ("neutral", 80.0, "changed")],
)
def test_direction(better: str, point: float, direction: str) -> None:
    found = behaviour(series([*steady(24), point]), kpi("ratio", better=better))
    assert found["direction"].to_list() == [None] * 24 + [direction]


def test_series_do_not_touch_each_other() -> None:
    parts = [series([*steady(30, level=100 * i)], member=f"unit {i}") for i in range(1, 5)]
    parts.append(series([*steady(20, level=50)], grain="month"))
    together = behaviour(pl.concat(parts), LEVEL)
    apart = pl.concat([behaviour(part, LEVEL) for part in parts])
    keys = ["grain", "dimension", "member", "period_start"]
    assert together.sort(keys).equals(apart.sort(keys))
    assert together["rule"].null_count() == together.height


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="use one of wheeler, nhs"):
        behaviour(series(NIST), LEVEL, "nelson")


def test_values_of_a_roll_up_can_be_judged_directly() -> None:
    chance = random.Random(1)
    days = [MONDAY + dt.timedelta(days=i) for i in range(700)]
    components = pl.DataFrame(
        {
            "date_day": days,
            "business_unit": ["SUL", "NE"] * 350,
            "numerator": [float(chance.randint(0, 9) + (8 if i > 500 else 0)) for i in range(700)],
            "denominator": [20.0] * 700,
            "count_records": [20] * 700,
        }
    )
    tested = kpi("share", better="lower")
    values = roll_up_all(components, tested, days[-1])
    found = behaviour(values, tested)
    assert found.height == values.height
    weeks = found.filter(grain="week", dimension="total")
    assert weeks.filter(pl.col("period_start") > days[520]).head(20)["rule"].null_count() == 0


def test_limits_from_before_a_slow_down_promise_nothing_while_it_lasts() -> None:
    """Thirty steady weeks under the target, then weeks far above it: no "will pass" beside a miss."""
    slow = [20.0, 21.0, 19.0] * 10 + [35.0] * 6
    values = series(slow).with_columns(target=pl.lit(30.0), target_tolerance=pl.lit(0.0))
    judged = behaviour(values, kpi("ratio", better="lower"))
    assert judged["assurance"][29] == "will_pass"
    assert judged["assurance"][-1] == "hit_or_miss"
    assert judged["upper_limit"][-1] < 30  # the limits themselves are not redrawn


def test_a_new_target_changes_the_promise_from_its_first_period_on() -> None:
    values = (
        series([20.0, 21.0, 19.0] * 10)
        .with_row_index()
        .with_columns(target=pl.when(pl.col("index") < 28).then(30.0).otherwise(10.0), target_tolerance=pl.lit(0.0))
    )
    judged = behaviour(values.drop("index"), kpi("ratio", better="lower"))["assurance"].to_list()
    assert judged[26:] == ["will_pass", "will_pass", "will_fail", "will_fail"]

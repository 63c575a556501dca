from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.intervals import net_promoter_interval, wilson
from kpis.roll_up import VALUE_COLUMNS, roll_up, roll_up_all, values_so_far
from tests.kpis.definitions import kpi

SHARE = kpi("share", unit="percent")
AS_OF = dt.date(2026, 11, 20)
Row = tuple[dt.date, str, float | None, float | None, int]


def sums(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={
            "date_day": pl.Date,
            "business_unit": pl.String,
            "numerator": pl.Float64,
            "denominator": pl.Float64,
            "count_records": pl.Int64,
        },
        orient="row",
    )


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_columns_and_order() -> None:
    values = roll_up_all(sums([(day("2026-11-02"), "SUL", 1, 2, 2)]), SHARE, AS_OF)
    assert dict(values.schema) == VALUE_COLUMNS
    assert set(values["dimension"]) == {"total", "business_unit"}
    assert set(values["grain"]) == {"week", "month", "quarter", "year"}


def test_a_share_is_a_ratio_of_sums() -> None:
    components = sums([(day("2026-10-05"), "SUL", 1, 1, 1), (day("2026-10-06"), "NE", 0, 9, 9)])
    row = roll_up(components, SHARE, "month", None, AS_OF).row(0, named=True)
    assert row["value"] == pytest.approx(0.1)
    assert (row["low"], row["high"]) == pytest.approx(wilson(1, 10))
    assert (row["n"], row["numerator"], row["denominator"], row["state"]) == (10, 1.0, 10.0, "ok")


def test_missing_periods_have_no_data_but_counts_are_zero() -> None:
    components = sums([(day("2026-08-03"), "SUL", 2, 4, 4), (day("2026-10-06"), "SUL", 1, 4, 4)])
    share = roll_up(components, SHARE, "month", None, AS_OF)
    assert share["state"].to_list() == ["ok", "no_data", "ok", "no_data"]
    assert share["value"].to_list() == [0.5, None, 0.25, None]
    count = roll_up(components.with_columns(denominator=None), kpi("count"), "month", None, AS_OF)
    assert count["state"].to_list() == ["ok", "ok", "ok", "provisional"]
    assert count["value"].to_list() == [2.0, 0.0, 1.0, 0.0]


def test_nothing_before_a_member_began_or_after_as_of() -> None:
    components = sums(
        [(day("2026-09-01"), "SUL", 1, 2, 2), (day("2026-10-06"), "NE", 1, 2, 2), (day("2026-12-01"), "NE", 9, 9, 9)]
    )
    values = roll_up(components, SHARE, "month", "business_unit", AS_OF)
    assert values.select("member", "period_start").rows() == [
        ("NE", day("2026-10-01")),
        ("NE", day("2026-11-01")),
        ("SUL", day("2026-09-01")),
        ("SUL", day("2026-10-01")),
        ("SUL", day("2026-11-01")),
    ]


def test_no_components_give_no_rows() -> None:
    for kind in ("share", "count"):
        assert roll_up(sums([]), kpi(kind), "week", None, AS_OF).is_empty()


def test_too_few_withholds_the_value_and_keeps_the_components() -> None:
    row = roll_up(sums([(day("2026-10-05"), "SUL", 1, 3, 3)]), kpi("share", minimum_n=5), "month", None, AS_OF).row(
        0, named=True
    )
    assert (row["state"], row["value"], row["low"], row["numerator"], row["n"]) == ("too_few", None, None, 1.0, 3)


def test_a_ratio_without_denominator_is_not_applicable() -> None:
    rows = roll_up(sums([(day("2026-10-05"), "SUL", 3, 0, 1)]), kpi("ratio"), "month", None, AS_OF)
    assert rows.row(0, named=True)["state"] == "not_applicable"
    assert rows.row(0, named=True)["value"] is None


def test_a_level_is_the_last_day_and_adds_members() -> None:
    rows: list[Row] = []
    for passed in range(81):
        date = day("2026-09-01") + dt.timedelta(days=passed)
        rows += [(date, "SUL", passed, 100, 1), (date, "NE", 1, 100, 1)]
    values = roll_up(sums(rows), kpi("level"), "month", None, AS_OF)
    assert values["value"].to_list() == pytest.approx([30 / 200, 61 / 200, 81 / 200])
    assert values["state"].to_list() == ["ok", "ok", "provisional"]
    # Like for like: the level on 20 October, not at its end.
    assert values.row(2, named=True)["previous_value"] == pytest.approx(50 / 200)
    pure = roll_up(sums([(*row[:3], None, 1) for row in rows]), kpi("level"), "month", "business_unit", AS_OF)
    assert pure.filter(member="SUL")["value"].to_list() == [29, 60, 80]


def test_a_score_counts_promoters_less_detractors() -> None:
    frame = pl.DataFrame(
        {
            "date_day": [day("2026-10-05")] * 2,
            "business_unit": ["SUL", "NE"],
            "promoters": [20, 10],
            "detractors": [5, 15],
            "responses": [50, 50],
        }
    )
    row = roll_up(frame, kpi("score", unit="points"), "month", None, AS_OF).row(0, named=True)
    assert row["value"] == pytest.approx(10)  # 30 % − 20 %
    assert (row["low"], row["high"]) == pytest.approx(net_promoter_interval(30, 20, 100))
    assert (row["numerator"], row["denominator"], row["n"]) == (10, 100, 100)


def test_an_incomplete_week_compares_the_same_weekdays() -> None:
    days = [day("2026-11-09") + dt.timedelta(days=passed) for passed in range(12)]
    values = roll_up(sums([(date, "SUL", 10, None, 1) for date in days]), kpi("count"), "week", None, AS_OF)
    last = values.row(-1, named=True)
    assert (last["state"], last["is_partial"]) == ("provisional", True)
    assert (last["value"], last["previous_value"], last["change"]) == (50, 50, 0)
    assert values.row(0, named=True)["value"] == 70


def test_a_period_is_complete_when_its_last_day_is_over_and_not_before() -> None:
    days = [day("2026-10-01") + dt.timedelta(days=passed) for passed in range(61)]
    frame = sums([(date, "SUL", 10, None, 1) for date in days])
    during, after = (
        roll_up(frame, kpi("count"), "month", None, day("2026-11-30"), is_day_over=is_over).row(-1, named=True)
        for is_over in (False, True)
    )
    assert (during["state"], during["is_partial"], during["value"]) == ("provisional", True, 300)
    assert (during["previous_value"], after["previous_value"]) == (300, 310), "against as many days"
    assert (after["state"], after["is_partial"]) == ("ok", False)
    before = roll_up(frame, kpi("count"), "month", None, day("2026-11-29"), is_day_over=False)
    assert before.equals(roll_up(frame, kpi("count"), "month", None, day("2026-11-29"))), "of other days only"


def test_change_from_zero_or_nothing_is_not_stated() -> None:
    rows: list[Row] = [(day("2026-07-01"), "SUL", 0, 4, 4), (day("2026-08-01"), "SUL", 1, 4, 4)]
    rows += [(day("2026-10-01"), "SUL", 2, 4, 4), (day("2026-11-01"), "SUL", 3, 4, 4)]
    values = roll_up(sums(rows), SHARE, "month", None, day("2026-11-30"))
    assert values["change"].to_list() == [None, None, None, None, 0.25]


def test_year_before_is_the_same_period_a_year_ago() -> None:
    rows: list[Row] = [(day("2025-11-12"), "SUL", 1, 4, 4), (day("2026-11-11"), "SUL", 2, 4, 4)]
    for grain in ("week", "month", "quarter", "year"):
        values = roll_up(sums(rows), SHARE, grain, None, day("2026-12-31"))
        found = values.filter(pl.col("value") == 0.5).row(0, named=True)
        assert found["year_before_value"] == 0.25, grain


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.dates(day("2026-01-01"), AS_OF),
            st.sampled_from(["SUL", "NE", "CO"]),
            st.integers(0, 9),
            st.integers(0, 9),
        ),
        min_size=1,
        max_size=60,
    ),
    kind=st.sampled_from(["count", "amount", "share", "ratio"]),
)
def test_parts_and_grains_add_up(rows: list[tuple[dt.date, str, int, int]], kind: str) -> None:
    components = sums([(date, unit, part, part + rest, part + rest) for date, unit, part, rest in rows])
    tested = kpi(kind)
    expected = sum(part for _, _, part, _ in rows)
    for grain in ("week", "month", "quarter", "year"):
        total = roll_up(components, tested, grain, None, AS_OF)
        units = roll_up(components, tested, grain, "business_unit", AS_OF)
        assert total["numerator"].sum() == expected
        sums_of_units = units.group_by("period_start").agg(pl.col("numerator", "n").sum()).sort("period_start")
        assert (
            sums_of_units.rows()
            == total.with_columns(pl.col("numerator").fill_null(0)).select("period_start", "numerator", "n").rows()
        )


def test_money_is_summed_exactly() -> None:
    frame = pl.DataFrame(
        {
            "date_day": [day("2026-10-05")] * 1000,
            "business_unit": ["SUL"] * 1000,
            "numerator": [Decimal("0.1000")] * 1000,
            "denominator": [None] * 1000,
            "count_records": [1] * 1000,
        },
        schema_overrides={"numerator": pl.Decimal(18, 4), "denominator": pl.Decimal(18, 4)},
    )
    assert roll_up(frame, kpi("amount", unit="brl"), "month", None, AS_OF).row(0, named=True)["value"] == 100.0


def test_undeclared_dimension_and_missing_column_are_refused() -> None:
    with pytest.raises(ValueError, match="tested has no dimension 'category': it declares business_unit"):
        roll_up(sums([]), SHARE, "week", "category", AS_OF)
    with pytest.raises(ValueError, match="lack denominator"):
        roll_up(sums([]).drop("denominator"), SHARE, "week", None, AS_OF)


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("amount", {"numerator": 5.0, "denominator": None, "count_records": 1}),
        ("share", {"numerator": 1.0, "denominator": 4.0, "count_records": 4}),
        ("score", {"promoters": 3, "detractors": 1, "responses": 5}),
        ("duration", {"entry_age": 0, "exit_age": 3, "is_finished": True, "cases": 2}),
    ],
)
def test_what_a_kpi_says_of_a_quarter_so_far_ends_as_the_published_figure(kind: str, extra: dict) -> None:
    days = pl.date_range(dt.date(2025, 1, 1), dt.date(2025, 3, 31), eager=True)
    rows = pl.DataFrame({"date_day": days}).with_columns(
        business_unit=pl.when(pl.col("date_day").dt.day() % 3 == 0).then(pl.lit("SUL")).otherwise(pl.lit("MTZ")),
        **{name: pl.lit(value) for name, value in extra.items()},
    )
    if kind == "amount":
        rows = rows.with_columns(pl.col("denominator").cast(pl.Float64))
    tested = kpi(kind, unit="brl" if kind == "amount" else "days" if kind == "duration" else "percent")
    first, last = dt.date(2025, 1, 1), dt.date(2025, 3, 31)
    wanted = [dt.date(2025, 1, 12), dt.date(2025, 2, 9), last]
    for unit in (None, "SUL"):
        found = values_so_far(rows, tested, unit, first, last, wanted)
        assert found["day"].to_list() == wanted
        for day, value in found.iter_rows():
            whole = roll_up(
                rows.filter(pl.col("date_day") <= day), tested, "quarter", "business_unit" if unit else None, day
            )
            published = whole.filter(pl.col("member") == (unit or "total"), pl.col("period_start") == first)
            assert value == published["value"].item()
    with pytest.raises(ValueError, match="is no week, month, quarter or year"):
        values_so_far(rows, tested, None, first, dt.date(2025, 3, 30), wanted)

"""Restated figures and their causes, on rows that can be counted by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from kpis.restatements import beyond, restated, sized, split, with_causes

FROZEN_AT = datetime(2026, 11, 18)
FIGURE = {
    "kpi": "amount_paid", "grain": "week", "period_start": date(2026, 11, 9), "period_end": date(2026, 11, 15),
    "dimension": "total", "member": "total", "state": "ok", "numerator": 1.0, "denominator": None, "n": 1,
    "definition_hash": "a",
}  # fmt: skip
SIDE_TYPES = {"date": pl.Date, "unit": pl.String, "amount": pl.Float64, "counts": pl.Boolean, "is": pl.Boolean}


def figures(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{**FIGURE, **row} for row in rows], infer_schema_length=None).with_columns(
        pl.col("value").cast(pl.Float64)
    )


def pair(
    before: tuple[str, float, bool] | None,
    after: tuple[str, float, bool] | None,
    *,
    first_known: datetime = datetime(2026, 11, 1),
    changed_at: datetime = datetime(2026, 11, 20),
    is_current: bool = True,
    is_definition_changed: bool = False,
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kpi": "amount_paid", "week": "2026-W46", "known_until": FROZEN_AT, "first_known": first_known,
        "changed_at": changed_at, "is_current": is_current, "is_definition_changed": is_definition_changed,
    }  # fmt: skip
    for side, values in (("before", before), ("after", after)):
        day, amount, counts = values or (None, None, False)
        row |= {
            f"date_{side}": date.fromisoformat(day) if day else None, f"unit_{side}": "MTZ" if day else None,
            f"amount_{side}": amount, f"counts_{side}": counts, f"is_{side}": values is not None,
        }  # fmt: skip
    return row


def causes(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = {f"{name}_{side}": kind for name, kind in SIDE_TYPES.items() for side in ("before", "after")}
    return with_causes(pl.DataFrame(list(rows), schema_overrides=schema, infer_schema_length=None))


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        (pair(None, ("2026-11-10", 5.0, True), first_known=datetime(2026, 11, 19)), "arrived_late"),
        (pair(("2026-11-10", 5.0, True), ("2026-11-10", 7.0, True)), "corrected"),
        (pair(("2026-11-10", 5.0, True), ("2026-11-17", 5.0, True)), "corrected"),
        (pair(("2026-11-10", 5.0, True), None, is_current=False), "deleted"),
        (
            pair(("2026-11-10", 5.0, True), ("2026-11-10", 5.0, False), changed_at=datetime(2026, 11, 2),
                 is_definition_changed=True),
            "definition_changed",
        ),
        (pair(("2026-11-10", 5.0, True), ("2026-11-10", 5.0, False), changed_at=datetime(2026, 11, 2)), "derived"),
    ],
)  # fmt: skip
def test_each_cause_is_told_from_the_others(row: dict[str, Any], cause: str) -> None:
    assert causes(row)["cause"].to_list() == [cause]


def test_a_row_that_is_what_it_was_is_left_out() -> None:
    same = pair(("2026-11-10", 5.0, True), ("2026-11-10", 5.0, True), changed_at=datetime(2026, 11, 2))
    assert causes(same).is_empty()


def test_what_did_not_change_is_no_restatement() -> None:
    reported = figures({"value": 100.0}, {"value": 5.0, "member": "MTZ", "dimension": "business_unit"}).with_columns(
        week=pl.lit("2026-W46")
    )
    now = figures({"value": 100.0 + 1e-10}, {"value": 6.0, "member": "MTZ", "dimension": "business_unit"})
    found = restated(reported, now)
    assert found.select("member", "difference").rows() == [("MTZ", 1.0)]


def test_a_value_that_there_was_not_and_another_state_are_restatements() -> None:
    reported = figures({"value": None, "state": "no_data"}, {"value": 1.0, "kpi": "nps", "state": "ok"}).with_columns(
        week=pl.lit("2026-W46")
    )
    now = figures({"value": 3.0}, {"value": 1.0, "kpi": "nps", "state": "restricted"})
    assert restated(reported, now).select("kpi", "difference").rows() == [("amount_paid", None), ("nps", 0.0)]


def test_the_amounts_by_cause_add_up_to_the_difference_of_a_sum() -> None:
    rows = causes(
        pair(None, ("2026-11-10", 5.0, True), first_known=datetime(2026, 11, 19)),
        pair(("2026-11-11", 10.0, True), ("2026-11-11", 12.0, True)),
        pair(("2026-11-12", 6.0, True), ("2026-11-20", 6.0, True)),
        pair(("2026-11-13", 3.0, True), None, is_current=False),
        pair(("2026-11-13", 8.0, False), ("2026-11-13", 9.0, False)),
        pair(("2026-11-02", 8.0, True), ("2026-11-02", 9.0, True)),
    )
    reported = figures({"value": 17.0}).with_columns(week=pl.lit("2026-W46"))
    (figure,) = split(restated(reported, figures({"value": 17.0 + 5 + 2 - 6 - 3})), rows).to_dicts()
    assert (figure["rows_arrived_late"], figure["rows_corrected"], figure["rows_deleted"]) == (1, 3, 1)
    assert (figure["amount_arrived_late"], figure["amount_corrected"], figure["amount_deleted"]) == (5.0, -4.0, -3.0)
    assert sum(figure[f"amount_{cause}"] for cause in ("arrived_late", "corrected", "deleted")) == figure["difference"]


def test_the_size_of_a_restatement_is_comparable() -> None:
    """Shares by percentage points, scores by points of 100, others relative; what came or went is beyond everything."""
    rows = [
        ("percent", 0.50, 0.504, 0.004, 0.004),
        ("points", 20.0, 19.0, -1.0, 0.01),
        ("brl", 200.0, 202.0, 2.0, 0.01),
        ("count", 0.0, 3.0, 3.0, float("inf")),
        ("days", None, 30.0, None, float("inf")),
        ("days", 30.0, 30.0, 0.0, 0.0),  # only its state is another
        ("days", None, None, None, 0.0),
    ]
    figures = pl.DataFrame(
        [row[:4] for row in rows],
        schema={"unit": pl.String, "reported": pl.Float64, "now": pl.Float64, "difference": pl.Float64},
        orient="row",
    )
    assert sized(figures)["size"].to_list() == pytest.approx([row[4] for row in rows])
    assert beyond(figures, 0.0).height == len(rows)
    assert beyond(figures, 0.005).height == 4
    assert beyond(figures, 0.02)["unit"].to_list() == ["count", "days"]

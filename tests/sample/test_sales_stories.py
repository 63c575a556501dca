"""The stories of sales, logistics and stock (data/sample/STORIES.md) must be found by the published KPIs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.sample import sales
from pipeline.sample.sales_dispatch import LAYOUT_CHANGE, LAYOUT_UNIT, NEW_CARRIER, NEW_CARRIER_FROM, NEW_CARRIER_UNIT
from pipeline.sample.sales_orders import QUARTER_END_UNIT
from pipeline.sample.sales_warehouse import LATE_PURCHASES_UNIT

THIRD, FOURTH = date(2026, 7, 1), date(2026, 10, 1)  # quarters of 2026
UNITS = ("MTZ", "SUL", "NE", "CO")


class Published:
    """The published values, asked for by KPI, quarter and unit."""

    def __init__(self, path: Path) -> None:
        self.connection = duckdb.connect(str(path), read_only=True)

    def value(self, kpi: str, start: date, dimension: str = "business_unit", member: str = "MTZ") -> float:
        """The value of one quarter."""
        rows = self.connection.execute(
            "select value from kpi.kpi_values where kpi = ? and grain = 'quarter' and period_start = ? "
            "and dimension = ? and member = ?",
            [kpi, start, dimension, member],
        ).fetchall()
        assert len(rows) == 1, f"{kpi} {start} {dimension} {member}: {len(rows)} rows"
        return rows[0][0]

    def ratio(self, query: str, *parameters: object) -> tuple[float, int]:
        """A share and its whole, asked of the marts."""
        (part, whole) = self.connection.execute(query, list(parameters)).fetchall()[0]
        return part / whole, whole


@pytest.fixture(scope="module")
def published(published_copy: Path) -> Iterator[Published]:
    file = Published(published_copy)
    yield file
    file.connection.close()


def test_the_new_layout_sends_wrong_items(published: Published) -> None:
    question = (
        "select count(*) filter (where is_wrong_item), count(*) from marts.fct_shipment_lines where is_sent "
        "and business_unit {} ? and shipped_date {} ?"
    )
    after, lines = published.ratio(question.format("=", ">="), LAYOUT_UNIT, LAYOUT_CHANGE)
    before, _ = published.ratio(question.format("=", "<"), LAYOUT_UNIT, LAYOUT_CHANGE)
    elsewhere, _ = published.ratio(question.format("<>", ">="), LAYOUT_UNIT, LAYOUT_CHANGE)
    assert lines > 100
    assert after > 0.06
    assert max(before, elsewhere) < 0.015


def test_swapped_items_come_out_in_the_counts(published: Published) -> None:
    falls = {
        unit: published.value("stock_accuracy", FOURTH, member=unit)
        - published.value("stock_accuracy", date(2026, 4, 1), member=unit)
        for unit in UNITS
    }
    assert falls[LAYOUT_UNIT] < -0.1
    assert min(falls, key=lambda unit: falls[unit]) == LAYOUT_UNIT


def test_the_new_carrier_is_late_and_breaks_things(published: Published) -> None:
    question = (
        "select count(*) filter (where is_perfect), count(*) from marts.fct_orders where is_delivered "
        "and business_unit = ? and {}"
    )
    old, _ = published.ratio(question.format("carrier <> ?"), NEW_CARRIER_UNIT, NEW_CARRIER)
    new, orders = published.ratio(question.format("carrier = ?"), NEW_CARRIER_UNIT, NEW_CARRIER)
    assert orders > 25
    assert old - new > 0.4
    first = published.connection.execute(
        "select min(shipped_date) from marts.fct_shipments where carrier = ?", [NEW_CARRIER]
    ).fetchall()[0][0]
    assert first >= NEW_CARRIER_FROM
    # the carrier is a member of the KPI's own dimension
    assert published.value("perfect_order", FOURTH, "carrier", NEW_CARRIER) < 0.4
    assert published.value("on_time_in_full", FOURTH, member=NEW_CARRIER_UNIT) < 0.5


def test_class_a_runs_out_before_the_season(published: Published) -> None:
    assert published.value("stockout_rate", THIRD, member=LATE_PURCHASES_UNIT) < 0.03
    assert published.value("stockout_rate", FOURTH, member=LATE_PURCHASES_UNIT) > 0.2
    assert all(published.value("stockout_rate", FOURTH, member=unit) < 0.05 for unit in UNITS if unit != "MTZ")
    assert published.value("stockout_rate", FOURTH, "abc_class", "A") > 0.2
    assert published.value("stockout_rate", FOURTH, "abc_class", "C") < 0.05
    assert published.value("oversell_rate", FOURTH) > 5 * published.value("oversell_rate", THIRD)


def test_discounts_leave_the_policy_at_quarter_ends_in_one_unit(published: Published) -> None:
    question = (
        "select count(*) filter (where not is_within_policy), count(*) from marts.fct_order_lines where is_discounted "
        "and not is_cancelled and order_date >= date '2026-01-01' and business_unit {} ? "
        "and (datediff('day', order_date, last_day(order_date)) < 12 and month(order_date) in (3, 6, 9)) = ?"
    )
    at_the_end, lines = published.ratio(question.format("="), QUARTER_END_UNIT, True)
    between, _ = published.ratio(question.format("="), QUARTER_END_UNIT, False)
    elsewhere, _ = published.ratio(question.format("<>"), QUARTER_END_UNIT, True)
    assert lines >= 20
    assert at_the_end > 0.4
    assert max(between, elsewhere) < 0.1
    assert published.value("discount_leakage", date(2026, 1, 1), member=QUARTER_END_UNIT) > 1000


def test_a_limit_tightened_in_january_leaves_december_alone(published: Published) -> None:
    """The limit of the wholesale trade was 10 % until 2025-12-31 and is 8 % since: each line is judged by its own."""
    question = (
        "select count(*) filter (where is_within_policy), count(*) from marts.fct_order_lines where is_discounted "
        "and customer_group = 'Atacado' and item_category <> 'Bebidas' and not is_approved_exception "
        "and discount_percent > 8 and discount_percent <= ? and order_date {} date '2026-01-01'"
    )
    before, lines = published.ratio(question.format("<"), 10)
    after, _ = published.ratio(question.format(">="), 100)
    assert lines > 20
    assert (before, after) == (1.0, 0.0)


def test_revenue_is_what_the_standing_invoices_say(published: Published) -> None:
    """Order, shipment and invoice meet: the KPI's revenue is that of the invoices, but for the last days' papers."""
    standing = sales.invoices_truth().filter(pl.col("cancelled_at").is_null(), pl.col("shipped_at").dt.year() == 2025)
    (revenue,) = published.connection.execute(
        "select sum(value) from kpi.kpi_values where kpi = 'sales_revenue' and grain = 'year' and dimension = 'total' "
        "and period_start = date '2025-01-01'"
    ).fetchall()[0]
    assert revenue == pytest.approx(standing["total_brl"].sum() / 100, abs=50)

"""Stock, logistics and discounts on a small raw store with answers that can be worked out on paper or are published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingestion.contracts import load_contracts
from ingestion.raw import open_raw
from kpis.catalogue import load_catalogue
from kpis.roll_up import roll_up
from tests.models.conftest import BuildModels

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
KNOWN, AS_OF = datetime(2025, 12, 31, 12), date(2025, 12, 31)
KPIS = (
    "stock_accuracy", "stock_turnover", "days_of_inventory", "stockout_rate", "perfect_order", "on_time_in_full",
    "sales_orders", "sales_revenue", "discount_compliance", "discount_leakage",
)  # fmt: skip


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    """Write contract rows as raw keeps them."""
    for line, row in enumerate(rows, 1):
        full = {
            "company": "01", "business_unit": "SUL", **row, "_file_id": 1, "_line": line, "_batch_id": "b",
            "_valid_from": KNOWN,
        }  # fmt: skip
        marks = ", ".join("?" for _ in full)
        connection.execute(f"insert into {table} ({', '.join(full)}) values ({marks})", list(full.values()))


def write_stock(connection: duckdb.DuckDBPyConnection) -> None:
    items = [{"item_id": "A1", "abc_class": "A"}, {"item_id": "C1", "abc_class": "C"}]
    insert(
        connection,
        "erp.items",
        [{**item, "description": "x", "category": "Bebidas", "unit_cost_brl": 1, "active": True} for item in items],
    )
    count = {"item_id": "A1", "book_quantity": 100}
    counts: list[dict[str, object]] = [
        {**count, "warehouse": "W1", "counted_date": date(2025, 1, 10), "counted_quantity": 95},
        {**count, "warehouse": "W2", "counted_date": date(2025, 1, 10), "counted_quantity": 105},
    ]
    # 500 counts in February, of which 15 miss
    counts += [
        {
            "item_id": "A1", "warehouse": f"P{number}", "counted_date": date(2025, 2, 10), "book_quantity": 100,
            "counted_quantity": 102 if number < 15 else 101,
        }
        for number in range(500)
    ]  # fmt: skip
    insert(connection, "erp.stock_counts", counts)
    # stock of 1.11 million all year long, 48.5 million sold at cost
    sold = [4_041_666] * 11 + [48_500_000 - 11 * 4_041_666]
    movements: list[dict[str, object]] = [
        {"movement_id": "M0", "movement_date": date(2024, 12, 31), "kind": "opening", "quantity": 10,
         "cost_brl": 1_110_000}
    ]  # fmt: skip
    for month, cost in enumerate(sold, 1):
        day = date(2025, month, 15)
        movements += [
            {"movement_id": f"P{month}", "movement_date": day, "kind": "purchase", "quantity": 40, "cost_brl": cost},
            {"movement_id": f"S{month}", "movement_date": day, "kind": "sale", "quantity": -40, "cost_brl": -cost},
        ]
    insert(connection, "erp.stock_movements", [{**row, "item_id": "C1", "warehouse": "W1"} for row in movements])


def write_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """Ten orders of three lines in two shipments each: one late, another short, the others perfect."""
    promised = date(2025, 3, 20)
    for number in range(10):
        order = f"O{number}"
        entered = datetime(2025, 3, 10, 15)
        insert(
            connection,
            "erp.orders",
            [{"order_id": order, "customer_id": "K1", "customer_group": "Atacado", "channel": "portal",
              "entered_at": entered, "promised_date": promised, "total_brl": 2700, "status": "delivered"}],
        )  # fmt: skip
        lines = [
            {"order_id": order, "line_number": line, "item_id": "C1", "warehouse": "W1", "quantity": 10,
             "list_price_brl": 100, "discount_percent": 10, "amount_brl": 900, "status": "shipped"}
            for line in (1, 2, 3)
        ]  # fmt: skip
        insert(connection, "erp.order_lines", lines)
        late = timedelta(days=1) if number == 0 else timedelta()
        for shipment, part in ((1, 4), (2, 6)):
            name = f"E{number}{shipment}"
            shipped = datetime(2025, 3, 12 + shipment, 15)
            # delivered at 22:00 of the promised day in São Paulo: already the next day in UTC
            delivered = datetime(2025, 3, 21, 1) + late if shipment == 2 else datetime(2025, 3, 15, 15)
            insert(
                connection,
                "logistics.shipments",
                [{"shipment_id": name, "order_id": order, "warehouse": "W1", "carrier": "Fast", "released_at": entered,
                  "picked_at": shipped, "shipped_at": shipped, "promised_at": datetime(2025, 3, 20, 15),
                  "delivered_at": delivered, "documents_complete": True, "damaged": False}],
            )  # fmt: skip
            sent = [
                {"shipment_id": name, "line_number": line, "order_line_number": line, "item_asked": "C1",
                 "item_sent": "C1", "quantity_asked": part,
                 "quantity_sent": part - 1 if (number, line, shipment) == (1, 3, 2) else part, "damaged": False}
                for line in (1, 2, 3)
            ]  # fmt: skip
            insert(connection, "logistics.shipment_lines", sent)
    insert(
        connection,
        "erp.discount_policies",
        [
            {"policy_id": "now", "customer_group": "Atacado", "limit_percent": 8, "valid_from": date(2025, 3, 11)},
            {"policy_id": "then", "customer_group": "Atacado", "limit_percent": 10, "valid_from": date(2024, 1, 1),
             "valid_to": date(2025, 3, 10)},
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def build(build_models: BuildModels, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file that dbt built."""
    folder = tmp_path_factory.mktemp("sales")
    raw = open_raw(folder / "raw.duckdb", load_contracts(ROOT))
    write_stock(raw)
    write_orders(raw)
    raw.close()
    path = build_models(
        folder,
        "sales",
        KNOWN,
        "--indirect-selection",
        "cautious",
        "--select",
        " ".join(f"+kpi_{name}" for name in KPIS),
    )
    connection = duckdb.connect(str(path), read_only=True)
    yield connection
    connection.close()


def value(build: duckdb.DuckDBPyConnection, name: str, grain: str, start: date) -> float:
    """The company's value of a period, from the KPI's components."""
    kpi = replace(load_catalogue(ROOT)[name], minimum_n=0)  # two counts are an answer here
    components = build.cursor().sql(f"select * from metrics.{kpi.model}").pl()
    values = roll_up(components, kpi, grain, None, AS_OF).filter(pl.col("period_start") == start)
    return values["value"].item()


def test_five_too_many_and_five_too_few_are_two_misses(build: duckdb.DuckDBPyConnection) -> None:
    assert value(build, "stock_accuracy", "month", date(2025, 1, 1)) == 0


def test_485_of_500_counts_are_97_percent(build: duckdb.DuckDBPyConnection) -> None:
    assert value(build, "stock_accuracy", "month", date(2025, 2, 1)) == pytest.approx(0.97)


def test_days_of_inventory_of_the_published_cash_cycle(build: duckdb.DuckDBPyConnection) -> None:
    """Stock 1.11 and cost of goods 48.5: 8.35 days, and so 43.7 turns."""
    assert value(build, "days_of_inventory", "year", date(2025, 1, 1)) == pytest.approx(8.35, abs=0.005)
    assert value(build, "stock_turnover", "year", date(2025, 1, 1)) == pytest.approx(48.5 / 1.11)


def test_perfect_orders_are_counted_not_multiplied(build: duckdb.DuckDBPyConnection) -> None:
    """On time 9 of 10, in full 9 of 10, never both wrong: 8 of 10, not 81 %; the evening of the day is on time."""
    assert value(build, "perfect_order", "year", date(2025, 1, 1)) == pytest.approx(0.8)
    assert value(build, "on_time_in_full", "year", date(2025, 1, 1)) == pytest.approx(0.8)


def test_orders_of_three_lines_and_two_shipments_are_ten_orders(build: duckdb.DuckDBPyConnection) -> None:
    assert value(build, "sales_orders", "year", date(2025, 1, 1)) == 10
    assert value(build, "sales_revenue", "year", date(2025, 1, 1)) == 10 * 2700 - 90


def test_the_policy_of_the_order_date_is_the_one_that_counts(build: duckdb.DuckDBPyConnection) -> None:
    assert value(build, "discount_compliance", "year", date(2025, 1, 1)) == 1
    assert value(build, "discount_leakage", "year", date(2025, 1, 1)) == 0


def test_asked_for_while_there_is_no_stockout(build: duckdb.DuckDBPyConnection) -> None:
    assert value(build, "stockout_rate", "year", date(2025, 1, 1)) == 0

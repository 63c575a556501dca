"""Northwind's orders through contracts, marts and KPIs: 37 of its 830 orders were late and 21 never left, as is known."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import load_contracts
from ingestion.load import load_file
from ingestion.raw import open_raw
from tests.models.conftest import BuildModels

ROOT = Path(__file__).resolve().parents[2]
REALDATA = Path(os.environ.get("RETAGUARDA_REALDATA", ROOT.parent / "shared" / "realdata"))
NORTHWIND = REALDATA / "csv" / "northwind"
FIELDS = 14  # rows with more hold a comma in the address without quotes, and are quarantined
DIALECT = 'dialect: {delimiter: ",", decimal: ".", timestamp_format: "yyyy-mm-dd hh:mm:ss.000", date_format: '
MAPPINGS = {
    "erp.orders": ("orders.csv", DIALECT + '''"yyyy-mm-dd 00:00:00.000"}
columns: {orderID: order_id, customerID: customer_id, orderDate: entered_at, requiredDate: promised_date}
constants: {company: "1", business_unit: NW, channel: portal, total_brl: "0", status: open}
'''),
    "logistics.shipments": ("orders.csv", DIALECT + '''yyyy-mm-dd}
columns: {orderID: shipment_id, orderDate: released_at, requiredDate: promised_at, shippedDate: delivered_at,
          shipVia: carrier}
copies: {order_id: shipment_id, picked_at: delivered_at, shipped_at: delivered_at}
constants: {company: "1", business_unit: NW, warehouse: NW, documents_complete: "yes"}
values: {delivered_at: {"NULL": ""}, picked_at: {"NULL": ""}, shipped_at: {"NULL": ""}}
'''),
    "erp.order_lines": ("order-details.csv", DIALECT + '''yyyy-mm-dd}
columns: {orderID: order_id, productID: line_number, quantity: quantity, unitPrice: list_price_brl}
copies: {item_id: line_number, amount_brl: list_price_brl}
constants: {company: "1", business_unit: NW, status: open}
'''),
    "logistics.shipment_lines": ("order-details.csv", DIALECT + '''yyyy-mm-dd}
columns: {orderID: shipment_id, productID: line_number, quantity: quantity_asked}
copies: {order_line_number: line_number, item_asked: line_number, item_sent: line_number,
         quantity_sent: quantity_asked}
constants: {company: "1", business_unit: NW}
'''),
}  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NORTHWIND.is_dir(), reason=f"the real samples are not here ({REALDATA})"),
]


def orders() -> list[dict[str, str]]:
    """The orders as they stand in the file; a row with a comma too many shifts only what comes after the dates."""
    with (NORTHWIND / "orders.csv").open(encoding="utf-8", errors="replace", newline="") as file:
        header, *rows = csv.reader(file)
    names = header[:6]
    return [dict(zip(names, row, strict=False)) | {"fields": str(len(row))} for row in rows]


def late(rows: list[dict[str, str]]) -> int:
    return sum(row["shippedDate"] != "NULL" and row["shippedDate"] > row["requiredDate"] for row in rows)


def unshipped(rows: list[dict[str, str]]) -> int:
    return sum(row["shippedDate"] == "NULL" for row in rows)


@pytest.fixture(scope="module")
def build(build_models: BuildModels, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("northwind")
    contracts = load_contracts(ROOT)
    raw = open_raw(folder / "raw.duckdb", contracts)
    for table, (name, rest) in MAPPINGS.items():
        mapping = folder / f"{table}.yml"
        mapping.write_text(f'table: {table}\nmatch: ["{name}"]\n{rest}', encoding="utf-8")
        report = load_file(
            raw, NORTHWIND / name, contracts, mapping=mapping, batch_id="real", knowledge_at=datetime(1998, 12, 30)
        )
        assert report.state == "loaded", report.message
    raw.close()
    path = build_models(
        folder,
        "northwind",
        datetime(1998, 12, 31, 12),
        "--indirect-selection",
        "cautious",
        "--select",
        "+kpi_perfect_order +kpi_on_time_in_full",
    )
    connection = duckdb.connect(str(path), read_only=True)
    yield connection
    connection.close()


def sums(build: duckdb.DuckDBPyConnection, kpi: str) -> tuple[int, int]:
    """Numerator and denominator over all time."""
    part, whole = build.execute(f"select sum(numerator), sum(denominator) from metrics.kpi_{kpi}").fetchall()[0]
    return int(part), int(whole)


def test_the_file_is_the_one_everybody_knows() -> None:
    assert (len(orders()), late(orders()), unshipped(orders())) == (830, 37, 21)


def test_on_time_in_full_is_known_to_the_order(build: duckdb.DuckDBPyConnection) -> None:
    whole = [row for row in orders() if row["fields"] == str(FIELDS)]
    assert len(whole) > 600
    assert sums(build, "on_time_in_full") == (len(whole) - late(whole) - unshipped(whole), len(whole))


def test_perfect_orders_are_those_delivered_that_were_not_late(build: duckdb.DuckDBPyConnection) -> None:
    delivered = [row for row in orders() if row["fields"] == str(FIELDS) and row["shippedDate"] != "NULL"]
    assert sums(build, "perfect_order") == (len(delivered) - late(delivered), len(delivered))

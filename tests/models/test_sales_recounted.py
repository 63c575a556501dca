"""Sales, stock and logistics KPIs counted again from raw, row by row in Python: both must agree exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.models.recounting import Rows, Store, local

pytestmark = pytest.mark.slow

TOLERANCE = {"A": Decimal("0.01"), "B": Decimal("0.03"), "C": Decimal("0.05")}
Counted = dict[tuple[date, str], list[Any]]


def local_day(moment: datetime) -> date:
    """The calendar day of a naive UTC moment in São Paulo."""
    return local(moment).date()


class Orders(Store):
    """With the published components."""

    def published(self, kpi: str) -> Counted:
        """Numerator and denominator of a KPI by day and unit, days without either left out."""
        rows = self.serving.execute(
            f"select date_day, business_unit, sum(numerator), sum(denominator) from metrics.kpi_{kpi} "
            "group by all having sum(numerator) <> 0 or sum(denominator) <> 0"
        ).fetchall()
        return {(day, unit): [part, whole] for day, unit, part, whole in rows}


@pytest.fixture(scope="module")
def store(demo_data: Path, published_copy: Path) -> Iterator[Orders]:
    with Orders(demo_data, published_copy) as opened:
        yield opened


def grouped(rows: Rows, *columns: str) -> dict[Any, Rows]:
    """Rows by the values of some columns."""
    groups: dict[Any, Rows] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


def add(counted: Counted, day: date, unit: str, part: Any, whole: Any) -> None:
    """Add to the numerator and denominator of a day and unit."""
    sums = counted.setdefault((day, unit), [0, 0])
    sums[0] += part
    sums[1] += whole


def test_perfect_orders_one_by_one(store: Orders) -> None:
    lines = grouped(store.known("erp.order_lines"), "order_id")
    shipments = grouped(store.known("logistics.shipments"), "order_id")
    sent = grouped(store.known("logistics.shipment_lines"), "shipment_id")
    perfect, promised = {}, {}
    for order in store.known("erp.orders"):
        mine = shipments.get((order["order_id"],), [])
        if order["status"] == "cancelled" or order["cancelled_at"]:
            continue
        arrived = [shipment["delivered_at"] for shipment in mine]
        is_delivered = bool(mine) and all(moment is not None for moment in arrived)
        got: dict[int, Decimal] = defaultdict(Decimal)
        is_right = True
        for shipment in mine:
            for line in sent.get((shipment["shipment_id"],), []):
                if not line["quantity_sent"] or not shipment["shipped_at"]:
                    continue
                if line["item_sent"] != line["item_asked"]:
                    is_right = False
                else:
                    got[line["order_line_number"]] += line["quantity_sent"]
        wanted = [line for line in lines[order["order_id"],] if line["status"] != "cancelled"]
        is_full = bool(wanted) and all(got[line["line_number"]] >= line["quantity"] for line in wanted)
        day = max(local_day(moment) for moment in arrived) if is_delivered else None
        is_punctual = day is not None and day <= order["promised_date"]
        if day is not None:
            is_whole = not any(
                shipment["damaged"] or any(line["damaged"] for line in sent.get((shipment["shipment_id"],), []))
                for shipment in mine
            )
            has_papers = all(shipment["documents_complete"] for shipment in mine)
            is_perfect = is_punctual and is_full and is_right and is_whole and has_papers
            add(perfect, day, order["business_unit"], int(is_perfect), 1)
        if order["promised_date"] <= store.today:
            add(promised, order["promised_date"], order["business_unit"], int(is_punctual and is_full), 1)
    assert perfect == store.published("perfect_order")
    assert promised == store.published("on_time_in_full")


def test_discounts_line_by_line(store: Orders) -> None:
    orders = {order["order_id"]: order for order in store.known("erp.orders")}
    categories = {item["item_id"]: item["category"].strip() for item in store.known("erp.items")}
    policies = store.known("erp.discount_policies")
    compliance: Counted = {}
    leakage: Counted = {}
    for line in store.known("erp.order_lines"):
        order = orders[line["order_id"]]
        is_cancelled = "cancelled" in (line["status"], order["status"]) or order["cancelled_at"]
        if not line["discount_percent"] or is_cancelled:
            continue
        day = local_day(order["entered_at"])
        group, category = order["customer_group"].strip(), categories[line["item_id"]]
        fitting = [
            policy
            for policy in policies
            if policy["valid_from"] <= day <= (policy["valid_to"] or day)
            and (policy["customer_group"] or group) == group
            and (policy["item_category"] or category) == category
        ]
        narrowest = max(
            fitting, key=lambda p: (p["customer_group"] is not None, p["item_category"] is not None), default=None
        )
        limit = narrowest["limit_percent"] if narrowest else Decimal(0)
        beyond = max(line["discount_percent"] - limit, Decimal(0))
        is_compliant = beyond == 0 or bool(line["approved_exception"])
        lost = (line["quantity"] * line["list_price_brl"]).quantize(Decimal("0.01"), ROUND_HALF_UP) * beyond / 100
        add(compliance, day, order["business_unit"], int(is_compliant), 1)
        if not is_compliant:
            add(leakage, day, order["business_unit"], lost.quantize(Decimal("0.01"), ROUND_HALF_UP), 0)
    assert compliance == store.published("discount_compliance")
    found = {key: sums[0] for key, sums in store.published("discount_leakage").items()}
    assert found == {key: sums[0] for key, sums in leakage.items() if sums[0]}


def test_counts_one_by_one(store: Orders) -> None:
    classes = {item["item_id"]: item["abc_class"] for item in store.known("erp.items")}
    counted: Counted = {}
    for count in store.known("erp.stock_counts"):
        off = abs(count["counted_quantity"] - count["book_quantity"])
        is_accurate = off <= TOLERANCE[classes[count["item_id"]]] * count["book_quantity"]
        add(counted, count["counted_date"], count["business_unit"], int(is_accurate), 1)
    assert counted == store.published("stock_accuracy")


def test_stockouts_day_by_day(store: Orders) -> None:
    """Walk through each item's days with a balance in the hand."""
    orders = {order["order_id"]: order for order in store.known("erp.orders")}
    asked = {
        (line["warehouse"], line["item_id"], local_day(orders[line["order_id"]]["entered_at"]), line["business_unit"])
        for line in store.known("erp.order_lines")
    }
    movements = grouped(store.known("erp.stock_movements"), "warehouse", "item_id")
    counted: Counted = {}
    for warehouse, item, day, unit in asked:
        history = [row for row in movements[warehouse, item] if row["movement_date"] <= day]
        there = sum(
            (row["quantity"] for row in history if row["movement_date"] < day or row["quantity"] > 0), Decimal(0)
        )
        if history:
            add(counted, day, unit, int(there <= 0), 1)
    assert counted == store.published("stockout_rate")


def test_cost_of_goods_of_twelve_months_over_thirteen_points(store: Orders) -> None:
    """The published turnover of October 2026, from the movements alone."""
    movements = store.known("erp.stock_movements")
    ends = [date(2025 + (9 + month) // 12, (9 + month) % 12 + 1, 1) for month in range(1, 14)]  # first days after
    points = [sum((row["cost_brl"] for row in movements if row["movement_date"] < end), Decimal(0)) for end in ends]
    sold = -sum(
        (row["cost_brl"] for row in movements
         if row["kind"] == "sale" and date(2025, 11, 1) <= row["movement_date"] < date(2026, 11, 1)), Decimal(0)
    )  # fmt: skip
    values = store.serving.execute(
        "select kpi, value from kpi.kpi_values where kpi in ('stock_turnover', 'days_of_inventory') "
        "and grain = 'month' and period_start = date '2026-10-01' and dimension = 'total'"
    ).fetchall()
    mean, cost = float(sum(points, Decimal(0))) / 13, float(sold)
    assert dict(values) == pytest.approx({"stock_turnover": cost / mean, "days_of_inventory": mean / cost * 365})

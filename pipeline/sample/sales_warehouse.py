"""The warehouses, event by event: receipts, orders, shipments, counts; the books roll exactly.

Stock in the books follows the documents. What was really sent may differ, and a count finds it. Planted: the head
office's class A items run out in October 2026, because what was ordered from 2026-09-07 on comes weeks late.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import numpy as np

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, random_stream
from pipeline.sample.sales_catalogue import WAREHOUSES, items_truth, price_level
from pipeline.sample.sales_dispatch import Way, banking_days_later, plans
from pipeline.sample.sales_orders import WEEKLY_ORDERS, order_heads, ordered_lines
from pipeline.sample.working_time import banking_days

LINES_AN_ORDER, QUANTITY_A_LINE = 2.48, 58.0
COUNT_EVERY_WEEKS = {"A": 6, "B": 12, "C": 24}
LATE_PURCHASES = (date(2026, 9, 7), date(2026, 10, 26))
LATE_PURCHASES_UNIT = "MTZ"
LATE_PURCHASES_BANKING_DAYS = 26
BACKORDER_BANKING_DAYS = 5
MISCOUNT_SHARE = {"large": 0.045, "small": 0.25}

_LAST = datetime.combine(AS_OF + timedelta(days=45), time())
_FIRST_HOUR = {"count": 7, "receipt": 8, "review": 18}


@dataclass
class Shelf:
    """The stock of one item in one warehouse: in the books (quantity, cents), reserved, ordered; and the error."""

    quantity: int = 0
    value: int = 0
    reserved: int = 0
    ordered: int = 0
    error: int = 0  # what is really there less what the books say


@dataclass
class Ledger:
    """What the simulation writes down."""

    available: dict[tuple[str, int], int] = field(default_factory=dict)
    shipments: list[dict[str, Any]] = field(default_factory=list)
    shipment_lines: list[dict[str, Any]] = field(default_factory=list)
    movements: list[dict[str, Any]] = field(default_factory=list)
    counts: list[dict[str, Any]] = field(default_factory=list)


class Warehouses:
    """Runs the events in the order of time."""

    def __init__(self) -> None:
        """Fill the shelves and write the events that are known beforehand."""
        self.stream = random_stream("sales_warehouse")
        self.way = Way()
        self.ledger = Ledger()
        self.events: list[tuple[datetime, int, str, tuple[Any, ...]]] = []
        self.items = {row["item_id"]: row for row in items_truth().iter_rows(named=True)}
        self.lines: dict[str, list[dict[str, Any]]] = {}
        for line in ordered_lines().iter_rows(named=True):
            self.lines.setdefault(line["order_id"], []).append(line)
        self.heads = {head["order_id"]: head for head in order_heads().iter_rows(named=True)}
        weights = sum(item["weight"] for item in self.items.values())
        self.weekly = {
            (unit, item_id): rate * LINES_AN_ORDER * QUANTITY_A_LINE * item["weight"] / weights
            for unit, rate in WEEKLY_ORDERS.items()
            for item_id, item in self.items.items()
        }
        self.shelves = {place: Shelf() for place in self.weekly}
        for place in self.weekly:
            low, high = self._levels(place)
            self._receive(FIRST_DAY, *place, round((low + high) / 2), "Saldo inicial", "")
        self._schedule()

    def _add(self, moment: datetime, kind: str, *what: Any) -> None:
        heapq.heappush(self.events, (moment, len(self.events) + 1_000_000 * (kind != "order"), kind, what))

    def _schedule(self) -> None:
        for order_id, head in self.heads.items():
            self._add(head["entered_at"], "order", order_id)
            if head["cancelled_at"] is not None:
                self._add(head["cancelled_at"], "cancel", order_id)
        for order_id, plan in plans().items():
            rest = {line["line_number"]: line["quantity"] for line in self.lines[order_id]}
            self._add(plan.shipped_at, "ship", order_id, plan.released_at, plan.picked_at, rest, 0)
        weeks = np.unique(np.busday_offset(banking_days(FIRST_DAY, AS_OF), 0, roll="backward", weekmask="Mon"))
        for week, monday in enumerate(weeks.tolist()):
            self._add(self._hour(monday, "review"), "review", monday)
            counted_on = min(monday + timedelta(days=3), AS_OF)
            for number, (unit, item_id) in enumerate(self.weekly):
                if (week + number * 7) % COUNT_EVERY_WEEKS[self.items[item_id]["abc_class"]] == 0 and week:
                    self._add(self._hour(counted_on, "count"), "count", unit, item_id, counted_on)

    @staticmethod
    def _hour(day: date, kind: str) -> datetime:
        return datetime.combine(day, time(_FIRST_HOUR[kind]))

    def _levels(self, place: tuple[str, str]) -> tuple[float, float]:
        """Order when the stock falls under the first, up to the second."""
        weekly = self.weekly[place]
        low = 3.2 * weekly + 95
        return low, low + max(2.4 * weekly, 80)

    def _move(self, day: date, unit: str, item_id: str, quantity: int, cost: int, kind: str, document: str) -> None:
        shelf = self.shelves[unit, item_id]
        shelf.quantity += quantity
        shelf.value += cost
        row = {"company": COMPANY, "business_unit": unit, "movement_id": f"M{len(self.ledger.movements) + 1:05d}"}
        row |= {"movement_date": day, "item_id": item_id, "warehouse": WAREHOUSES[unit], "kind": kind}
        self.ledger.movements.append(row | {"quantity": quantity, "cost_brl": cost, "document": document or None})

    def _receive(self, day: date, unit: str, item_id: str, quantity: int, kind: str, document: str) -> None:
        level = float(price_level(np.array([day], dtype="datetime64[D]"))[0])
        price = self.items[item_id]["unit_cost_brl"] * level * (1 + float(self.stream.normal(0, 0.015)))
        self._move(day, unit, item_id, quantity, round(quantity * price), kind, document)

    def _issue(self, day: date, unit: str, item_id: str, quantity: int, kind: str, document: str) -> None:
        """Out of the books at the moving average; the last one takes what is left of the value."""
        shelf = self.shelves[unit, item_id]
        cost = shelf.value if quantity == shelf.quantity else round(shelf.value * quantity / shelf.quantity)
        self._move(day, unit, item_id, -quantity, -cost, kind, document)

    def run(self) -> Ledger:
        """Everything that happens until some weeks after the as-of date; callers leave out what lies after it."""
        while self.events:
            moment, _, kind, what = heapq.heappop(self.events)
            if moment < _LAST:
                getattr(self, f"_on_{kind}")(moment, *what)
        return self.ledger

    def _on_order(self, _: datetime, order_id: str) -> None:
        for line in self.lines[order_id]:
            shelf = self.shelves[line["business_unit"], line["item_id"]]
            self.ledger.available[order_id, line["line_number"]] = shelf.quantity - shelf.reserved
            shelf.reserved += line["quantity"]

    def _on_cancel(self, _: datetime, order_id: str) -> None:
        for line in self.lines[order_id]:
            self.shelves[line["business_unit"], line["item_id"]].reserved -= line["quantity"]

    def _on_review(self, moment: datetime, monday: date) -> None:
        for place, shelf in self.shelves.items():
            low, high = self._levels(place)
            position = shelf.quantity + shelf.ordered - shelf.reserved
            days = int(self.stream.integers(5, 11))
            if position >= low:
                continue
            quantity = int(np.ceil((high - position) / 10)) * 10
            is_late = LATE_PURCHASES[0] <= monday <= LATE_PURCHASES[1] and place[0] == LATE_PURCHASES_UNIT
            if is_late and self.items[place[1]]["abc_class"] == "A":
                days += LATE_PURCHASES_BANKING_DAYS
            shelf.ordered += quantity
            arrival = banking_days_later(moment, days).date()
            self._add(self._hour(arrival, "receipt"), "receipt", *place, quantity)

    def _on_receipt(self, moment: datetime, unit: str, item_id: str, quantity: int) -> None:
        self.shelves[unit, item_id].ordered -= quantity
        self._receive(moment.date(), unit, item_id, quantity, "Compra", "")

    def _on_count(self, moment: datetime, unit: str, item_id: str, day: date) -> None:
        shelf = self.shelves[unit, item_id]
        draw, part, sign = self.stream.random(3)
        if draw < MISCOUNT_SHARE["large"]:
            shelf.error += round(shelf.quantity * (0.02 + 0.06 * part)) * (1 if sign < 0.4 else -1)
        elif draw < MISCOUNT_SHARE["small"]:
            shelf.error += round(shelf.quantity * 0.008 * part) * (1 if sign < 0.5 else -1)
        counted = max(shelf.quantity + shelf.error, 0)
        who = f"conf{unit}{1 + int(sign * 3)}"
        row = {"company": COMPANY, "business_unit": unit, "warehouse": WAREHOUSES[unit], "item_id": item_id}
        row |= {"counted_date": day, "book_quantity": shelf.quantity, "counted_quantity": counted, "counter": who}
        self.ledger.counts.append(row)
        found = counted - shelf.quantity
        shelf.error = 0
        if found > 0:
            average = shelf.value / shelf.quantity if shelf.quantity else self.items[item_id]["unit_cost_brl"]
            self._move(moment.date(), unit, item_id, found, round(found * average), "Ajuste de inventário", "")
        elif found < 0:
            self._issue(moment.date(), unit, item_id, -found, "Ajuste de inventário", "")

    def _on_ship(
        self, moment: datetime, order_id: str, released: datetime, picked: datetime, rest: dict[int, int], tries: int
    ) -> None:
        lines = [line for line in self.lines[order_id] if rest[line["line_number"]]]
        unit = self.heads[order_id]["business_unit"]
        stock = {line["line_number"]: self.shelves[unit, line["item_id"]].quantity for line in lines}
        if not any(stock.values()):
            if tries < 9:
                later = banking_days_later(moment, 3)
                self._add(later, "ship", order_id, released, later - timedelta(minutes=50), rest, tries + 1)
            return
        shipment_id = f"E{len(self.ledger.shipments) + 1:05d}"
        carrier = self.way.carrier(unit, moment.date())
        delivered = self.way.delivered_at(unit, carrier, moment)
        damage = [
            self._send(shipment_id, number, line, rest, carrier, moment.date()) for number, line in enumerate(lines, 1)
        ]
        promised = datetime.combine(self.heads[order_id]["promised_date"], time(12))
        self.ledger.shipments.append(
            {
                "company": COMPANY, "business_unit": unit, "shipment_id": shipment_id, "order_id": order_id,
                "warehouse": WAREHOUSES[unit], "carrier": carrier, "released_at": released, "picked_at": picked,
                "shipped_at": moment, "promised_at": promised, "delivered_at": delivered,
                "documents_complete": self.way.has_documents(), "damaged": any(damage),
                "proved_date": delivered.date() + timedelta(days=self.way.proof_days()),
            }
        )  # fmt: skip
        if any(rest.values()):
            later = banking_days_later(moment, BACKORDER_BANKING_DAYS)
            released = later - timedelta(hours=3)
            self._add(later, "ship", order_id, released, later - timedelta(minutes=50), rest, 0)

    def _send(self, shipment: str, number: int, line: dict, rest: dict[int, int], carrier: str, day: date) -> bool:
        """Take one line off the shelf; returns whether it will arrive damaged."""
        unit, item_id = line["business_unit"], line["item_id"]
        shelf = self.shelves[unit, item_id]
        asked = rest[line["line_number"]]
        picked = self.way.quantity_picked(asked)
        sent = min(picked, shelf.quantity)
        item_sent = self.way.item_sent(unit, item_id, day)
        damaged = self.way.is_damaged(carrier) and sent > 0
        if sent:
            self._issue(day, unit, item_id, sent, "Venda", shipment)
            if item_sent != item_id:
                shelf.error += sent
                self.shelves[unit, item_sent].error -= sent
        # a line that was picked short by mistake is closed; one without stock waits
        rest[line["line_number"]] = asked - sent if sent < picked else 0
        shelf.reserved -= asked - rest[line["line_number"]]
        self.ledger.shipment_lines.append(
            {
                "company": COMPANY, "business_unit": unit, "shipment_id": shipment, "line_number": number,
                "order_line_number": line["line_number"], "item_asked": item_id,
                "item_sent": item_sent if sent else None, "quantity_asked": asked, "quantity_sent": sent,
                "damaged": damaged, "order_id": line["order_id"], "shipped_date": day,
            }
        )  # fmt: skip
        return damaged


@cache
def ledger() -> Ledger:
    """The whole simulation, run once."""
    return Warehouses().run()

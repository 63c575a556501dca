"""When each order is released, picked, sent and delivered, by whom, and what goes wrong on the way.

Planted: NE's carrier from 2026-09-14 on delivers late and breaks things; SUL's warehouse picks wrong items after its
layout change of 2026-08-17.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import random_stream
from pipeline.sample.sales_catalogue import items_truth
from pipeline.sample.sales_orders import order_heads
from pipeline.sample.working_time import BusinessClock, bank_holidays

CARRIERS = {
    "MTZ": ("Rápido Paulista", "TransAurora"),
    "SUL": ("Sulista Cargas", "Araucária Log"),
    "NE": ("Capibaribe Transportes", "Agreste Cargas"),
    "CO": ("Cerrado Express",),
}
TRANSIT_BANKING_DAYS = {"MTZ": (1, 3), "SUL": (1, 4), "NE": (2, 5), "CO": (2, 4)}  # from, to (exclusive)
LATE_SHARE = 0.05
DAMAGED_SHARE = 0.006  # of the lines
INCOMPLETE_DOCUMENTS_SHARE = 0.012
WRONG_ITEM_SHARE = 0.006  # of the lines
MISCOUNTED_SHARE = 0.004  # of the lines: fewer than asked although there was stock

NEW_CARRIER = "Expresso Litoral"
NEW_CARRIER_UNIT = "NE"
NEW_CARRIER_FROM = date(2026, 9, 14)
NEW_CARRIER_LATE_SHARE = 0.62
NEW_CARRIER_DAMAGED_SHARE = 0.09

LAYOUT_UNIT = "SUL"
LAYOUT_CHANGE = date(2026, 8, 17)
LAYOUT_WRONG_ITEM_SHARE = 0.10

_clock = cache(BusinessClock)


@dataclass(frozen=True)
class Plan:
    """What will happen to an order if the stock is there; instants are local."""

    released_at: datetime
    picked_at: datetime
    shipped_at: datetime


@cache
def plans() -> dict[str, Plan]:
    """Order → when it is released, picked and sent; orders cancelled before their release are left out."""
    stream = random_stream("sales_dispatch")
    heads = order_heads()
    count = heads.height
    start = _clock().minutes(heads["entered_at"].to_numpy().astype("datetime64[s]"))
    released = start + stream.gamma(1.5, 60.0, count)
    picked = released + 15 + stream.gamma(1.8, 110.0, count) * np.where(stream.random(count) < 0.05, 4.0, 1.0)
    shipped = picked + 20 + stream.gamma(2.0, 70.0, count)
    moments = [_clock().instants(minutes).astype("datetime64[s]").tolist() for minutes in (released, picked, shipped)]
    cancelled = heads["cancelled_at"].to_list()
    return {
        order_id: Plan(*(moment[position] for moment in moments))
        for position, order_id in enumerate(heads["order_id"].to_list())
        if cancelled[position] is None
    }


def banking_days_later(moment: datetime, days: int) -> datetime:
    """The same time of day, that many banking days later."""
    day = np.busday_offset(np.datetime64(moment.date(), "D"), days, roll="forward", holidays=bank_holidays())
    return datetime.combine(date.fromisoformat(str(day)), moment.time())


class Way:
    """Draws what happens to shipments from one stream, in the order in which they leave."""

    def __init__(self) -> None:
        """Open the stream and group the items that can be mistaken for one another."""
        self.stream = random_stream("sales_way")
        self.by_category = {
            str(category): frame["item_id"].to_list()
            for (category,), frame in items_truth().group_by("category", maintain_order=True)
        }
        self.category = dict(items_truth().select("item_id", "category").iter_rows())

    def carrier(self, unit: str, day: date) -> str:
        """Who takes a shipment that leaves on that day."""
        position = int(self.stream.integers(0, len(CARRIERS[unit])))
        if unit == NEW_CARRIER_UNIT and day >= NEW_CARRIER_FROM:
            return NEW_CARRIER
        return CARRIERS[unit][position]

    def delivered_at(self, unit: str, carrier: str, shipped_at: datetime) -> datetime:
        """When it arrives: some banking days later, by day."""
        late, extra = self.stream.random(), int(self.stream.integers(3, 7))
        days = int(self.stream.integers(*TRANSIT_BANKING_DAYS[unit]))
        if late < (NEW_CARRIER_LATE_SHARE if carrier == NEW_CARRIER else LATE_SHARE):
            days += extra
        day = banking_days_later(shipped_at, days).date()
        seconds = int(self.stream.integers(8 * 3600, 19 * 3600))
        return datetime.combine(day, time()) + timedelta(seconds=seconds)

    def item_sent(self, unit: str, item: str, day: date) -> str:
        """The item that really goes into the box."""
        draw = self.stream.random()
        others = [other for other in self.by_category[self.category[item]] if other != item]
        other = others[int(self.stream.integers(0, len(others)))]
        is_new_layout = unit == LAYOUT_UNIT and day >= LAYOUT_CHANGE
        return other if draw < (LAYOUT_WRONG_ITEM_SHARE if is_new_layout else WRONG_ITEM_SHARE) else item

    def quantity_picked(self, quantity: int) -> int:
        """How many of the quantity are picked: seldom a few less."""
        draw, part = self.stream.random(), self.stream.uniform(0.6, 0.95)
        return max(1, int(quantity * part)) if draw < MISCOUNTED_SHARE and quantity > 1 else quantity

    def is_damaged(self, carrier: str) -> bool:
        """Whether a line arrives damaged."""
        share = NEW_CARRIER_DAMAGED_SHARE if carrier == NEW_CARRIER else DAMAGED_SHARE
        return bool(self.stream.random() < share)

    def has_documents(self) -> bool:
        """Whether the documents were complete."""
        return bool(self.stream.random() >= INCOMPLETE_DOCUMENTS_SHARE)

    def proof_days(self) -> int:
        """Calendar days until the proof of delivery is typed in: mostly none, sometimes weeks."""
        draw, days, weeks = self.stream.random(), int(self.stream.integers(0, 3)), int(self.stream.integers(15, 41))
        return weeks if draw < 0.03 else days


def as_frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows of the simulation as a frame; instants in milliseconds as everywhere in the sample."""
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.with_columns(pl.col(pl.Datetime).cast(pl.Datetime("ms")))

"""Customer orders and their lines, before the warehouse sees them.

Planted: from 2026 on, the unit CO gives discounts beyond the policy in the last days of each quarter.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, UNITS, random_stream
from pipeline.sample.sales_catalogue import (
    WAREHOUSES,
    customers_truth,
    items_truth,
    limit_percent,
    price_level,
)
from pipeline.sample.working_time import bank_holidays, even_arrivals

WEEKLY_ORDERS = {"MTZ": 8.6, "SUL": 5.4, "NE": 4.2, "CO": 3.4}
LINES_SHARES = (0.25, 0.31, 0.23, 0.13, 0.08)  # orders of 1, 2 … 5 lines
PROMISED_BANKING_DAYS = {"MTZ": 5, "SUL": 6, "NE": 7, "CO": 6}
DISCOUNTED_SHARE = 0.45
EXCEPTION_SHARE = 0.05  # of the discounted lines: beyond the limit, and approved
VIOLATION_SHARE = 0.04  # of the discounted lines: beyond the limit, and not approved
CORRECTED_SHARE = 0.035
QUANTITY_FOUND_AFTER_DAYS = 24
CANCELLED_SHARE = 0.025
QUARTER_END_UNIT = "CO"
QUARTER_END_FROM = date(2026, 1, 1)
QUARTER_END_DAYS = 12
QUARTER_END_VIOLATION_SHARE = 0.60
SEASON = (date(2026, 10, 5), AS_OF)  # the head office's class A items sell more before the year's end
SEASON_UNIT = "MTZ"
SEASON_FACTOR = 1.5

CHANNELS = ("Representante", "Telefone", "Portal", "EDI")
CHANNEL_SHARES = (0.42, 0.20, 0.28, 0.10)
_CORRECTIONS = ("Quantidade digitada errada", "Preço errado", "Cliente errado", "Produto errado")
_CANCELLATIONS = ("Desistência do cliente", "Crédito não aprovado", "Pedido em duplicidade", "Sem estoque")
_SALESPEOPLE = {"MTZ": 6, "SUL": 4, "NE": 3, "CO": 2}


def is_quarter_end(day: date) -> bool:
    """Whether the day is one of the last calendar days of a quarter that has the planted discounts."""
    end_month = (day.month + 2) // 3 * 3
    end = date(day.year + end_month // 12, end_month % 12 + 1, 1)
    return day >= QUARTER_END_FROM and (end - day).days <= QUARTER_END_DAYS


@cache
def order_heads() -> pl.DataFrame:
    """One row an order without its total and status: who, when, promised for, corrected or cancelled when and why.

    ``entered_at`` and the like are local; ``cancelled_at`` lies before the warehouse would ship.
    """
    stream = random_stream("sales_orders")
    arrivals = {unit: even_arrivals(stream, rate) for unit, rate in WEEKLY_ORDERS.items()}
    day = np.concatenate([arrivals[unit] for unit in UNITS])
    unit = np.repeat(np.array(UNITS), [len(arrivals[unit]) for unit in UNITS])
    seconds = stream.integers(9 * 3600, 17 * 3600, len(day))
    entered = day.astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    order = np.argsort(entered, kind="stable")
    day, unit, entered = day[order], unit[order], entered[order]
    count = len(day)

    customers = customers_truth()
    created = customers["created_date"].to_numpy().astype("datetime64[D]")
    weight = customers["weight"].to_numpy()
    units = customers["business_unit"].to_numpy()
    customer = np.empty(count, dtype=int)
    for name in UNITS:
        rows = np.flatnonzero(unit == name)
        old = np.flatnonzero((units == name) & (created < np.datetime64("2024-06-01")))
        everyone = np.flatnonzero(units == name)
        customer[rows] = stream.choice(everyone, len(rows), p=weight[everyone] / weight[everyone].sum())
        too_early = rows[created[customer[rows]] > day[rows]]
        customer[too_early] = stream.choice(old, len(too_early))

    lead = np.array([PROMISED_BANKING_DAYS[name] for name in unit.tolist()])
    promised = np.busday_offset(day, lead, roll="forward", holidays=bank_holidays())
    corrected = stream.random(count) < CORRECTED_SHARE
    hours = np.where(stream.random(count) < 0.8, stream.integers(1, 30, count), stream.integers(48, 500, count))
    corrected_after = hours * 3600 + stream.integers(0, 3600, count)
    cancelled = stream.random(count) < CANCELLED_SHARE
    cancelled_at = entered + stream.integers(600, 5400, count).astype("timedelta64[s]")
    salesperson = [f"vend{name}{stream.integers(1, _SALESPEOPLE[name] + 1)}" for name in unit.tolist()]
    channel = stream.choice(CHANNELS, size=count, p=CHANNEL_SHARES)
    reason = stream.choice(_CORRECTIONS, size=count)
    # a wrong quantity is found when the customer compares the papers: weeks later, after the next exports
    corrected_after += (reason == _CORRECTIONS[0]) * QUANTITY_FOUND_AFTER_DAYS * 86_400
    corrected_at = entered + corrected_after.astype("timedelta64[s]")

    def where(condition: np.ndarray, instants: np.ndarray) -> pl.Series:
        return pl.Series(np.where(condition, instants, np.datetime64("NaT")).astype("datetime64[ms]"))

    return pl.DataFrame(
        {
            "company": np.full(count, COMPANY),
            "business_unit": unit,
            "order_id": [f"PV{value:05d}" for value in range(10_001, 10_001 + count)],
            "customer_id": customers["customer_id"].to_numpy()[customer],
            "customer_group": customers["customer_group"].to_numpy()[customer],
            "channel": channel,
            "salesperson": salesperson,
            "entered_at": entered.astype("datetime64[ms]"),
            "promised_date": promised,
            "corrected_at": where(corrected, corrected_at),
            "correction_reason": np.where(corrected, reason, ""),
            "cancelled_at": where(cancelled, cancelled_at),
            "cancellation_reason": np.where(cancelled, stream.choice(_CANCELLATIONS, size=count), ""),
        }
    ).with_columns(pl.col("correction_reason", "cancellation_reason").replace("", None))


@cache
def ordered_lines() -> pl.DataFrame:
    """One row an order line as asked: item, warehouse, quantity, list price, discount, amount, approved exception.

    ``first_quantity`` is what was typed at first, where the order was corrected because of it.
    """
    stream = random_stream("sales_lines")
    heads = order_heads()
    items = items_truth()
    weight = items["weight"].to_numpy()
    classes = items["abc_class"].to_numpy()
    levels = price_level(heads["entered_at"].dt.date().to_numpy().astype("datetime64[D]"))
    rows = []
    for position, head in enumerate(heads.iter_rows(named=True)):
        count = int(stream.choice(5, p=LINES_SHARES)) + 1
        day = head["entered_at"].date()
        in_season = head["business_unit"] == SEASON_UNIT and SEASON[0] <= day <= SEASON[1]
        chances = weight * np.where((classes == "A") & in_season, SEASON_FACTOR, 1.0)
        chosen = stream.choice(items.height, count, replace=False, p=chances / chances.sum())
        mistyped = int(stream.integers(1, count + 1)) if head["correction_reason"] == _CORRECTIONS[0] else 0
        for number, item in enumerate(chosen.tolist(), 1):
            quantity = int(np.ceil(np.exp(stream.normal(3.95, 0.45))))
            quantity = int(quantity * SEASON_FACTOR) if in_season and classes[item] == "A" else quantity
            price = round(items["list_price_brl"][item] * float(levels[position]))
            discount, approved = _discount(stream, head, items["category"][item], day)
            amount = round(quantity * price * (1 - discount / 100))
            rows.append(
                {
                    "company": COMPANY,
                    "business_unit": head["business_unit"],
                    "order_id": head["order_id"],
                    "line_number": number,
                    "item_id": items["item_id"][item],
                    "warehouse": WAREHOUSES[head["business_unit"]],
                    "quantity": quantity,
                    "list_price_brl": price,
                    "discount_percent": discount,
                    "amount_brl": amount,
                    "approved_exception": approved,
                    "first_quantity": quantity * 10 if number == mistyped else quantity,
                }
            )
    return pl.DataFrame(rows)


def _discount(stream: np.random.Generator, head: dict, category: str, day: date) -> tuple[float, bool]:
    """Discount of a line in percent and whether it is an approved exception; draws the same number of times always."""
    limit = limit_percent(head["customer_group"], category, day)
    is_discounted, kind, size = stream.random(3)
    violations = VIOLATION_SHARE
    if head["business_unit"] == QUARTER_END_UNIT and is_quarter_end(day):
        violations, is_discounted = QUARTER_END_VIOLATION_SHARE, is_discounted * 0.55
    if is_discounted >= DISCOUNTED_SHARE:
        return 0.0, False
    if kind < violations:
        return limit + 1 + round(size * 6 * 2) / 2, False
    if kind > 1 - EXCEPTION_SHARE:
        return limit + 1 + round(size * 4 * 2) / 2, True
    return max(0.5, round(limit * size * 2) / 2), False

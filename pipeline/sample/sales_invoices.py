"""Invoices of the shipments: numbers without gaps by series, items, instalments; a few cancelled and issued again.

Each unit is a branch with a series of its own. Money is in cents; instants are local.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import polars as pl

from pipeline.sample.company import AS_OF, UNITS, random_stream
from pipeline.sample.sales_catalogue import customers_truth, items_truth
from pipeline.sample.sales_dispatch import as_frame
from pipeline.sample.sales_orders import order_heads, ordered_lines
from pipeline.sample.sales_warehouse import ledger

SERIES = {unit: str(position) for position, unit in enumerate(UNITS, 1)}
FIRST_NUMBER = 20_001
CANCELLED_SHARE = 0.014
LATE_CANCELLATION_SHARE = 0.2  # of the cancelled: more than 24 hours after the authorisation
SLOW_SHARE = 0.04  # authorised hours after the goods left


@cache
def _issued() -> list[dict[str, Any]]:
    """Every invoice in the order of issue, cancelled ones and their replacements included, numbered."""
    stream = random_stream("sales_invoices")
    end = datetime.combine(AS_OF, time.max)
    heads = {head["order_id"]: head for head in order_heads().iter_rows(named=True)}
    drafts = []
    for shipment in ledger().shipments:
        minutes, cancelled, late, hours, slow = stream.random(5)
        issued = shipment["shipped_at"] + timedelta(seconds=int(240 + minutes * 4200 + (slow < SLOW_SHARE) * 21_600))
        invoice = {
            "business_unit": shipment["business_unit"],
            "customer_id": heads[shipment["order_id"]]["customer_id"],
            "order_id": shipment["order_id"],
            "shipment_id": shipment["shipment_id"],
            "shipped_at": shipment["shipped_at"],
            "issued_at": issued,
            "authorised_at": issued + timedelta(seconds=int(20 + hours * 160)),
            "cancelled_at": None,
        }
        if cancelled < CANCELLED_SHARE:
            wait = 26 + hours * 150 if late < LATE_CANCELLATION_SHARE else 0.4 + hours * 20
            invoice["cancelled_at"] = invoice["authorised_at"] + timedelta(seconds=int(wait * 3600))
            again = invoice["cancelled_at"] + timedelta(seconds=int(600 + minutes * 5000))
            authorised = again + timedelta(seconds=int(20 + late * 160))
            drafts.append(invoice | {"issued_at": again, "authorised_at": authorised, "cancelled_at": None})
        drafts.append(invoice)
    numbers = dict.fromkeys(UNITS, FIRST_NUMBER - 1)
    issued = sorted((draft for draft in drafts if draft["authorised_at"] <= end), key=lambda draft: draft["issued_at"])
    for invoice in issued:
        numbers[invoice["business_unit"]] += 1
        invoice["invoice_number"] = numbers[invoice["business_unit"]]
        invoice["series"] = SERIES[invoice["business_unit"]]
        if invoice["cancelled_at"] is not None and invoice["cancelled_at"] > end:
            invoice["cancelled_at"] = None
    return issued


@cache
def invoice_items_truth() -> pl.DataFrame:
    """One row an item of an invoice: what was sent of the items asked; discount and total in cents.

    ``unit_price_brl`` is the list price, so total = round(quantity × unit price) − discount.
    """
    lines = {(line["order_id"], line["line_number"]): line for line in ordered_lines().iter_rows(named=True)}
    names = dict(items_truth().select("item_id", "description").iter_rows())
    by_shipment: dict[str, list[dict[str, Any]]] = {}
    for sent in ledger().shipment_lines:
        if sent["quantity_sent"]:
            by_shipment.setdefault(sent["shipment_id"], []).append(sent)
    rows = []
    for invoice in _issued():
        for number, sent in enumerate(by_shipment[invoice["shipment_id"]], 1):
            line = lines[sent["order_id"], sent["order_line_number"]]
            gross = sent["quantity_sent"] * line["list_price_brl"]
            total = round(gross * (1 - line["discount_percent"] / 100))
            rows.append(
                {
                    "invoice_number": invoice["invoice_number"],
                    "series": invoice["series"],
                    "item_number": number,
                    "item_id": sent["item_asked"],
                    "description": names[sent["item_asked"]],
                    "quantity": sent["quantity_sent"],
                    "unit_price_brl": line["list_price_brl"],
                    "discount_brl": gross - total,
                    "total_brl": total,
                    "order_line_number": sent["order_line_number"],
                }
            )
    return pl.DataFrame(rows)


@cache
def invoices_truth() -> pl.DataFrame:
    """One row an invoice authorised by the as-of date, in the order of issue; ``cancelled_at`` mostly null."""
    totals = invoice_items_truth().group_by("invoice_number", "series").agg(pl.col("total_brl").sum())
    return (
        as_frame(_issued())
        .join(totals, on=["invoice_number", "series"], how="left", maintain_order="left")
        .select(
            "invoice_number", "series", "business_unit", "customer_id", "order_id", "shipment_id", "shipped_at",
            "issued_at", "authorised_at", "total_brl", "cancelled_at",
        )
    )  # fmt: skip


@cache
def instalments_truth() -> pl.DataFrame:
    """One row an instalment of an invoice that stands: due after the customer's terms, the cents in the first."""
    terms = dict(customers_truth().select("customer_id", "terms").iter_rows())
    rows = []
    for invoice in invoices_truth().filter(pl.col("cancelled_at").is_null()).iter_rows(named=True):
        days = terms[invoice["customer_id"]]
        part = invoice["total_brl"] // len(days)
        issued: date = invoice["issued_at"].date()
        for number, after in enumerate(days, 1):
            rows.append(
                {
                    "invoice_number": invoice["invoice_number"],
                    "series": invoice["series"],
                    "instalment": number,
                    "due_date": issued + timedelta(days=after),
                    "amount_brl": invoice["total_brl"] - part * (len(days) - 1) if number == 1 else part,
                }
            )
    return pl.DataFrame(rows)

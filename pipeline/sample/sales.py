"""The sales chain of the sample: order → reservation and stock → shipment → invoice → instalments.

Every function returns the whole truth, cached and the same at every call: do not change a frame in place. Money is in
cents (``_brl``), instants are local. Orders and shipments hold what will happen too: an instant after the as-of date
has not happened yet (the ``_known`` functions of `sales_exports` leave it out); invoices end at the as-of date.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from pipeline.sample.company import AS_OF
from pipeline.sample.sales_catalogue import customers_truth, discount_policies_truth, items_truth
from pipeline.sample.sales_dispatch import as_frame
from pipeline.sample.sales_invoices import instalments_truth, invoice_items_truth, invoices_truth
from pipeline.sample.sales_orders import order_heads, ordered_lines
from pipeline.sample.sales_warehouse import ledger

__all__ = [
    "customers_truth", "discount_policies_truth", "instalments_truth", "invoice_items_truth", "invoices_truth",
    "items_truth", "order_lines_truth", "orders_truth", "shipment_lines_truth", "shipments_truth",
    "stock_counts_truth", "stock_movements_truth",
]  # fmt: skip


@cache
def orders_truth() -> pl.DataFrame:
    """One row an order, with its total."""
    totals = ordered_lines().group_by("order_id").agg(total_brl=pl.col("amount_brl").sum())
    return order_heads().join(totals, on="order_id", how="left", maintain_order="left")


@cache
def order_lines_truth() -> pl.DataFrame:
    """One row an order line, with the stock that was available when the order was entered."""
    available = pl.DataFrame(
        [(order, line, quantity) for (order, line), quantity in ledger().available.items()],
        schema=["order_id", "line_number", "available_quantity"],
        orient="row",
    )
    return ordered_lines().join(available, on=["order_id", "line_number"], how="left", maintain_order="left")


@cache
def shipments_truth() -> pl.DataFrame:
    """One row a shipment, with the number of the invoice that stands (null if none was authorised yet).

    ``proved_date`` is the day on which its delivery was typed in.
    """
    standing = (
        invoices_truth()
        .filter(pl.col("cancelled_at").is_null())
        .select("shipment_id", invoice_number=pl.format("{}-{}", "invoice_number", "series"))
    )
    return as_frame(ledger().shipments).join(standing, on="shipment_id", how="left", maintain_order="left")


@cache
def shipment_lines_truth() -> pl.DataFrame:
    """One row a line of a shipment; ``shipped_date`` is the day on which it left."""
    return as_frame(ledger().shipment_lines)


@cache
def stock_movements_truth() -> pl.DataFrame:
    """One row a movement of stock up to the as-of date, in the order in which it was booked; in is positive."""
    return as_frame(ledger().movements).filter(pl.col("movement_date") <= AS_OF)


@cache
def stock_counts_truth() -> pl.DataFrame:
    """One row a count, taken before the day's other movements."""
    return as_frame(ledger().counts)

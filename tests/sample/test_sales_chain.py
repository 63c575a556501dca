"""The sales chain of the sample hangs together: order, stock, shipment, invoice, instalment."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise

import polars as pl
import pytest

from pipeline.sample import sales
from pipeline.sample.company import AS_OF, KNOWLEDGE_DATES
from pipeline.sample.sales_catalogue import NEW_LIMITS_FROM, limit_percent
from pipeline.sample.sales_exports import (
    order_lines_known,
    orders_known,
    shipment_lines_known,
    shipments_known,
    stock_movements_known,
)

PLACE = ("warehouse", "item_id")


def test_stock_rolls_and_never_falls_below_zero() -> None:
    rolled = sales.stock_movements_truth().with_columns(
        quantity_after=pl.col("quantity").cum_sum().over(PLACE), value_after=pl.col("cost_brl").cum_sum().over(PLACE)
    )
    assert rolled["quantity_after"].min() == 0
    assert rolled.filter(pl.col("quantity_after") == 0)["value_after"].abs().max() == 0


def test_every_count_finds_the_books_as_the_movements_left_them() -> None:
    counts = sales.stock_counts_truth()
    before = (
        counts.join(sales.stock_movements_truth().drop("kind"), on=PLACE)
        .filter(pl.col("movement_date") < pl.col("counted_date"))
        .group_by(*PLACE, "counted_date", "book_quantity")
        .agg(pl.col("quantity").sum())
    )
    assert before.height == counts.height
    assert before.filter(pl.col("quantity") != pl.col("book_quantity")).is_empty()


def test_what_is_sold_out_of_stock_is_what_was_sent() -> None:
    sold = sales.stock_movements_truth().filter(pl.col("kind") == "Venda")
    sent = sales.shipment_lines_truth().filter(pl.col("shipped_date") <= AS_OF)
    by_shipment = sent.group_by("shipment_id").agg(pl.col("quantity_sent").sum()).filter(pl.col("quantity_sent") > 0)
    booked = sold.group_by(shipment_id="document").agg(quantity_booked=-pl.col("quantity").sum())
    compared = by_shipment.join(booked, on="shipment_id", how="full", coalesce=True)
    assert compared.filter(pl.col("quantity_sent") != pl.col("quantity_booked")).is_empty()
    assert compared.null_count().sum_horizontal().item() == 0


def test_no_line_is_sent_more_than_it_was_ordered() -> None:
    sent = (
        sales.shipment_lines_truth()
        .group_by("order_id", line_number="order_line_number")
        .agg(pl.col("quantity_sent").sum())
    )
    compared = sent.join(sales.order_lines_truth(), on=["order_id", "line_number"], how="left")
    assert compared["quantity"].null_count() == 0
    assert compared.filter(pl.col("quantity_sent") > pl.col("quantity")).is_empty()


def test_cancelled_orders_are_never_sent() -> None:
    cancelled = sales.orders_truth().filter(pl.col("cancelled_at").is_not_null())
    assert cancelled.height > 20
    assert sales.shipments_truth().join(cancelled, on="order_id", how="semi").is_empty()


def test_every_shipment_that_left_has_one_standing_invoice() -> None:
    standing = sales.invoices_truth().filter(pl.col("cancelled_at").is_null())
    assert standing["shipment_id"].is_unique().all()
    left = sales.shipments_truth().filter(pl.col("shipped_at") < datetime.combine(date(2026, 11, 18), time()))
    missing = left.join(standing, on="shipment_id", how="anti")
    replaced_later = sales.invoices_truth().join(missing, on="shipment_id", how="semi")
    assert replaced_later["cancelled_at"].is_not_null().all()


def test_invoices_are_their_items_and_their_instalments_to_the_cent() -> None:
    invoices, items = sales.invoices_truth(), sales.invoice_items_truth()
    priced = pl.col("quantity") * pl.col("unit_price_brl") - pl.col("discount_brl")
    assert items.filter(pl.col("total_brl") != priced).is_empty()
    number = ["invoice_number", "series"]
    owed = sales.instalments_truth().group_by(number).agg(pl.col("amount_brl").sum())
    compared = invoices.filter(pl.col("cancelled_at").is_null()).join(owed, on=number, how="full", coalesce=True)
    assert compared.filter(pl.col("total_brl") != pl.col("amount_brl")).is_empty()
    assert compared["amount_brl"].null_count() == compared["total_brl"].null_count() == 0


def test_invoice_numbers_have_no_gaps_and_follow_time() -> None:
    for (_,), invoices in sales.invoices_truth().group_by("series", maintain_order=True):
        assert (invoices["invoice_number"].diff().drop_nulls() == 1).all()
        assert (invoices["issued_at"].diff().drop_nulls().dt.total_seconds() >= 0).all()
        assert (invoices["authorised_at"] > invoices["shipped_at"]).all()


@pytest.mark.parametrize("day", KNOWLEDGE_DATES)
def test_exports_know_nothing_of_the_future(day: date) -> None:
    for known in (orders_known, shipments_known):
        rows = known(day)
        for name, kind in rows.schema.items():
            if isinstance(kind, pl.Datetime) and name != "promised_at":
                assert (rows[name].dt.date().drop_nulls() <= day).all(), f"{known.__name__}, {name}"
    assert orders_known(day)["total_brl"].sum() == order_lines_known(day)["amount_brl"].sum()
    shipped = shipments_known(day).filter(pl.col("shipped_at").is_not_null())
    assert shipment_lines_known(day).join(shipped, on="shipment_id", how="anti").is_empty()


def test_late_corrections_change_what_was_exported_before() -> None:
    changed = 0
    for before, day in pairwise(KNOWLEDGE_DATES):
        rows = order_lines_known(before).join(order_lines_known(day), on=["order_id", "line_number"], suffix="_later")
        changed += rows.filter(pl.col("quantity") != pl.col("quantity_later")).height
        costs = stock_movements_known(before).join(stock_movements_known(day), on="movement_id", suffix="_later")
        assert costs.filter(pl.col("cost_brl") != pl.col("cost_brl_later"))["kind"].unique().to_list() == ["Compra"]
        assert costs.filter(pl.col("quantity") != pl.col("quantity_later")).is_empty()
    assert changed > 0


def test_the_limit_is_that_of_the_order_date() -> None:
    assert limit_percent("Atacado", "Mercearia", date(2025, 12, 31)) == 10
    assert limit_percent("Atacado", "Mercearia", NEW_LIMITS_FROM) == 8
    assert limit_percent("Atacado", "Bebidas", NEW_LIMITS_FROM) == 6
    assert limit_percent("Exterior", "Bebidas", NEW_LIMITS_FROM) == 2

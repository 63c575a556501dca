"""What the ERP and the warehouse system showed of the sales chain on a day, and the files exported then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl

from pipeline.sample import sales
from pipeline.sample.company import KNOWLEDGE_DATES
from pipeline.sample.exporter import Exporter, SampleFile, changes
from pipeline.sample.exports import Style
from pipeline.sample.sales_catalogue import discount_policies_known, items_known

CP1252, UTF8, UTF8_MARK = "cp1252", "utf-8", "utf-8-sig"
ENGLISH_WAREHOUSE_FROM = date(2026, 10, 31)  # the warehouse system's new release writes English headers
PROVISIONAL_EVERY = 40  # one purchase in so many is first booked at a provisional cost, 3 % too low
CATALOGUES_EVERY = 3  # items and policies are exported whole at every third knowledge date, and at the last


def _happened(column: str, day: date) -> pl.Expr:
    return pl.col(column).dt.date() <= day


def order_lines_known(day: date) -> pl.DataFrame:
    """The lines of the orders entered by then; a quantity typed wrong stands until it is corrected."""
    heads = sales.orders_truth().filter(_happened("entered_at", day)).select(
        "order_id", is_corrected=_happened("corrected_at", day), is_cancelled=_happened("cancelled_at", day)
    )  # fmt: skip
    sent = (
        sales.shipment_lines_truth()
        .filter(pl.col("shipped_date") <= day, pl.col("quantity_sent") > 0)
        .select("order_id", line_number="order_line_number", is_sent=pl.lit(value=True))
        .unique(maintain_order=True)
    )
    is_first = ~pl.col("is_corrected").fill_null(value=False)
    factor = pl.when(is_first).then(pl.col("first_quantity") // pl.col("quantity")).otherwise(1)
    return (
        sales.order_lines_truth()
        .join(heads, on="order_id", how="inner", maintain_order="left")
        .join(sent, on=["order_id", "line_number"], how="left", maintain_order="left")
        .select(
            "company", "business_unit", "order_id", "line_number", "item_id", "warehouse",
            pl.col("quantity") * factor, "list_price_brl", "discount_percent", pl.col("amount_brl") * factor,
            "approved_exception", "available_quantity",
            pl.when("is_cancelled").then(pl.lit("Cancelado")).when("is_sent").then(pl.lit("Expedido"))
            .otherwise(pl.lit("Aberto")).alias("status"),
        )
    )  # fmt: skip


def orders_known(day: date) -> pl.DataFrame:
    """The orders entered by then, in the state that they had."""
    totals = order_lines_known(day).group_by("order_id").agg(pl.col("amount_brl").sum().alias("total_brl"))
    shipments = (
        shipments_known(day)
        .group_by("order_id")
        .agg(is_shipped=pl.col("shipped_at").is_not_null().any(), is_delivered=pl.col("delivered_at").is_not_null().all())
    )  # fmt: skip
    is_corrected, is_cancelled = _happened("corrected_at", day), _happened("cancelled_at", day)
    return (
        sales.orders_truth()
        .drop("total_brl")
        .filter(_happened("entered_at", day))
        .join(totals, on="order_id", how="left", maintain_order="left")
        .join(shipments, on="order_id", how="left", maintain_order="left")
        .select(
            "company", "business_unit", "order_id", "customer_id", "customer_group", "channel", "salesperson",
            "entered_at", "promised_date", "total_brl",
            *(pl.when(is_corrected).then(name).alias(name) for name in ("corrected_at", "correction_reason")),
            *(pl.when(is_cancelled).then(name).alias(name) for name in ("cancelled_at", "cancellation_reason")),
            pl.when(is_cancelled).then(pl.lit("Cancelado")).when("is_delivered").then(pl.lit("Entregue"))
            .when("is_shipped").then(pl.lit("Expedido")).otherwise(pl.lit("Aberto")).alias("status"),
        )
    )  # fmt: skip


def shipments_known(day: date) -> pl.DataFrame:
    """The shipments released by then; a delivery shows when its proof has been typed in, sometimes weeks later."""
    is_proved = (pl.col("proved_date") <= day) & _happened("delivered_at", day)
    authorised = (
        sales.invoices_truth()
        .filter(pl.col("cancelled_at").is_null(), _happened("authorised_at", day))
        .select("shipment_id", has_invoice=pl.lit(value=True))
    )

    def yes_or_no(column: str) -> pl.Expr:
        word = pl.when(column).then(pl.lit("S")).otherwise(pl.lit("N"))
        return pl.when(is_proved).then(word).alias(column)

    return (
        sales.shipments_truth()
        .filter(_happened("released_at", day))
        .join(authorised, on="shipment_id", how="left", maintain_order="left")
        .select(
            "company", "business_unit", "shipment_id", "order_id", "warehouse", "carrier",
            pl.when("has_invoice").then("invoice_number").alias("invoice_number"), "released_at",
            *(pl.when(_happened(name, day)).then(name).alias(name) for name in ("picked_at", "shipped_at")),
            "promised_at", pl.when(is_proved).then("delivered_at").alias("delivered_at"),
            yes_or_no("documents_complete"), yes_or_no("damaged"),
        )
    )  # fmt: skip


def shipment_lines_known(day: date) -> pl.DataFrame:
    """The lines of the shipments that have left; damage shows when the delivery does."""
    proved = shipments_known(day).filter(pl.col("delivered_at").is_not_null()).get_column("shipment_id").implode()
    damaged = pl.when(pl.col("shipment_id").is_in(proved) & pl.col("damaged")).then(pl.lit("S")).otherwise(pl.lit("N"))
    return (
        sales.shipment_lines_truth()
        .filter(pl.col("shipped_date") <= day)
        .select(
            "company", "business_unit", "shipment_id", "line_number", "order_line_number", "item_asked", "item_sent",
            "quantity_asked", "quantity_sent", damaged.alias("damaged"),
        )
    )  # fmt: skip


def stock_movements_known(day: date) -> pl.DataFrame:
    """The movements booked by then; a provisional cost stands until the export after the first."""
    number = pl.col("movement_id").str.slice(1).cast(pl.Int64)
    earlier = [known for known in KNOWLEDGE_DATES if known < day]
    is_new = pl.col("movement_date") > earlier[-1] if earlier else pl.lit(value=True)
    is_provisional = (pl.col("kind") == "Compra") & (number % PROVISIONAL_EVERY == 0) & is_new
    cost = pl.when(is_provisional).then((pl.col("cost_brl") * 97) // 100).otherwise("cost_brl")
    return (
        sales.stock_movements_truth().filter(pl.col("movement_date") <= day).with_columns(cost.alias("cost_brl"))
    )  # fmt: skip


def stock_counts_known(day: date) -> pl.DataFrame:
    """The counts made by then."""
    return sales.stock_counts_truth().filter(pl.col("counted_date") <= day)


def files(exporter: Exporter, day: date) -> Iterator[SampleFile]:
    """The files of the sales chain exported on a knowledge date."""
    stamp = day.strftime("%Y_%m_%d")
    warehouse_language = "english" if day >= ENGLISH_WAREHOUSE_FROM else "portuguese"
    exports: tuple[tuple[str, str, Callable[[date], pl.DataFrame], Style], ...] = (
        ("pedidos", "orders", orders_known, Style(UTF8_MARK)),
        ("itens_pedido", "order_lines", order_lines_known, Style(CP1252, thousands=False)),
        ("movimentos_estoque", "stock_movements", stock_movements_known, Style(UTF8, thousands=False)),
        ("contagens_estoque", "stock_counts", stock_counts_known, Style(CP1252)),
        ("expedicoes", "shipments", shipments_known, Style(UTF8, language=warehouse_language)),
        ("itens_expedicao", "shipment_lines", shipment_lines_known, Style(UTF8, language=warehouse_language)),
    )
    for name, table, known, style in exports:
        yield exporter.csv(day, f"{name}_{stamp}.csv", table, changes(known, day), style)
    position = KNOWLEDGE_DATES.index(day)
    if position % CATALOGUES_EVERY == 0 or day == KNOWLEDGE_DATES[-1]:
        yield exporter.csv(day, f"produtos_{stamp}.csv", "items", items_known(day), Style(CP1252))
        rows = discount_policies_known(day)
        yield exporter.csv(day, f"politicas_desconto_{stamp}.csv", "discount_policies", rows, Style(UTF8))

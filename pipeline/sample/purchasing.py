"""Purchase requests behind a part of the supplier invoices: asked for, approved, ordered, received, invoiced."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, UNITS, random_stream
from pipeline.sample.working_time import next_banking_day, previous_banking_day

SHARE_OF_INVOICES = 0.16
CATEGORIES = ("Mercadorias", "Tecnologia", "Manutenção")
SLOW_CATEGORY = "Tecnologia"  # approvals go through a committee
SLOW_DAYS = 14
REFUSED_SHARE = 0.05
LATEST_REQUESTS = 60  # of the last weeks, some not ordered or received yet


def purchase_requests_truth(payables: pl.DataFrame) -> pl.DataFrame:
    """One row a request with all that happens to it, also after the as-of date; money in cents."""
    stream = random_stream("purchasing")
    invoices = payables.filter(
        pl.col("instalment") == 1, pl.col("category").is_in(CATEGORIES), pl.col("receipt_date") >= FIRST_DAY
    )
    chosen = invoices.filter(pl.Series(stream.random(invoices.height) < SHARE_OF_INVOICES))
    count = chosen.height
    received = chosen["receipt_date"].to_numpy().astype("datetime64[D]")
    ordered = previous_banking_day(received - stream.integers(4, 15, count))
    approved = previous_banking_day(ordered - stream.integers(0, 4, count))
    slow = (chosen["category"] == SLOW_CATEGORY).to_numpy()
    requested = previous_banking_day(approved - stream.integers(1, 7, count) - np.where(slow, SLOW_DAYS, 0))
    made = chosen.select(
        "business_unit", "category", "cost_centre", "supplier_id", "amount_brl", "document",
        requested_date=pl.Series(requested), approved_date=pl.Series(approved), ordered_date=pl.Series(ordered),
        received_date=pl.Series(received), refused=pl.lit(value=False),
    )  # fmt: skip
    latest = _without_invoice(stream, LATEST_REQUESTS, 30, refused=False)
    refused = _without_invoice(stream, round(count * REFUSED_SHARE), 880, refused=True)
    return (
        pl.concat([made, latest, refused], how="diagonal_relaxed")
        .filter(pl.col("requested_date") >= FIRST_DAY)
        .sort("requested_date", "business_unit", "amount_brl")
        .with_columns(
            company=pl.lit(COMPANY),
            request_id=pl.format("RC{}", pl.int_range(pl.len()) + 70_000),
            requester=pl.format("colab{}", 100 + pl.int_range(pl.len()) % 37),
            purchase_order=pl.format("PC{}", pl.int_range(pl.len()) + 40_000),
        )
    )


def _without_invoice(stream: np.random.Generator, count: int, days: int, *, refused: bool) -> pl.DataFrame:
    """Requests of the last days before the as-of date that no invoice of the sample answers."""
    requested = next_banking_day(np.datetime64(AS_OF, "D") - stream.integers(2, days, count))
    approved = next_banking_day(requested + stream.integers(2, 9, count))
    ordered = next_banking_day(approved + stream.integers(1, 5, count))
    return pl.DataFrame(
        {
            "business_unit": stream.choice(UNITS, size=count),
            "category": stream.choice(CATEGORIES, size=count),
            "cost_centre": stream.choice(("1010", "2020"), size=count),
            "supplier_id": [f"F{number:04d}" for number in stream.integers(1, 80, count)],
            "amount_brl": np.round(np.exp(stream.normal(8.1, 0.6, count)) * 100).astype(np.int64),
            "requested_date": requested,
            "approved_date": approved,
            "ordered_date": ordered,
            "received_date": next_banking_day(ordered + stream.integers(20, 40, count)),
        }
    ).with_columns(refused=pl.lit(refused))


def purchase_requests_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The contract's columns of every request as it stood at the end of that day."""
    stands = ~pl.col("refused")
    approved, ordered, received = (
        stands & (pl.col(f"{step}_date") <= day) for step in ("approved", "ordered", "received")
    )
    refused = pl.col("refused") & (pl.col("approved_date") <= day)
    return (
        truth.filter(pl.col("requested_date") <= day)
        .with_columns(
            approved_date=pl.when(approved).then("approved_date"),
            ordered_date=pl.when(ordered).then("ordered_date"),
            received_date=pl.when(received).then("received_date"),
            supplier_id=pl.when(ordered).then("supplier_id"),
            purchase_order=pl.when(ordered).then("purchase_order"),
            document=pl.when(received).then("document"),
            status=pl.when(refused)
            .then(pl.lit("Recusado"))
            .when(received)
            .then(pl.lit("Recebido"))
            .when(ordered)
            .then(pl.lit("Pedido"))
            .when(approved)
            .then(pl.lit("Aprovado"))
            .otherwise(pl.lit("Requisitado")),
        )
        .select(
            "company", "business_unit", "request_id", "category", "cost_centre", "requester", "supplier_id",
            "purchase_order", "requested_date", "approved_date", "ordered_date", "received_date", "amount_brl",
            "document", "status",
        )
    )  # fmt: skip

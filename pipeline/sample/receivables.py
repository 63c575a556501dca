"""Receivables: the instalments of the sales invoices, when each was settled and by which means.

From 2026-W28 on the customers of one group pay one unit about two weeks later than before.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, random_stream
from pipeline.sample.sales import customers_truth, instalments_truth, invoices_truth
from pipeline.sample.working_time import next_banking_day, previous_banking_day

LATER_UNIT, LATER_GROUP = "CO", "Varejo"
LATER_FROM = date(2026, 7, 6)  # Monday of 2026-W28
LATER_DAYS = (12, 19)  # extra days, from (inclusive) to (exclusive)
LATE_SHARE, EARLY_SHARE = 0.14, 0.12
DISPUTED_SHARE = 0.018
NEVER_SHARE = 0.006  # not paid at all by the as-of date
# how the money arrives: boletos in one line a day, the others in a line of their own; a few customers pay what they
# owe together, on the 1st and the 15th
MEANS = ("boleto", "pix", "ted_document", "third_party")
MEANS_SHARES = (0.66, 0.23, 0.1, 0.01)
TOGETHER = "ted_several"
TOGETHER_EVERY = 12  # one customer in so many
_FAR = np.datetime64("2027-06-30", "D")


@cache
def receivables_truth() -> pl.DataFrame:
    """One row an instalment with what happened to it; money in cents.

    Besides the contract's columns: ``cancelled_date``, ``customer_name``, ``customer_group`` and ``means`` (of
    payment). ``settled_date`` is when the money came or will come (2027: never within the sample).
    """
    stream = random_stream("receivables")
    rows = (
        instalments_truth()
        .join(invoices_truth().drop("total_brl"), on=["invoice_number", "series"], maintain_order="left")
        .join(
            customers_truth().select("customer_id", "customer_group", customer_name="name"),
            on="customer_id",
            maintain_order="left",
        )
        .with_columns(issue_date=pl.col("issued_at").dt.date(), cancelled_date=pl.col("cancelled_at").dt.date())
        .sort("issue_date", "series", "invoice_number", "instalment")
    )
    count = rows.height
    due = rows["due_date"].to_numpy().astype("datetime64[D]")
    draw, disputed = stream.random(count), stream.random(count) < DISPUTED_SHARE
    lag = np.zeros(count, dtype=int)
    late = draw < LATE_SHARE
    lag[late] = 1 + stream.geometric(0.11, int(late.sum()))
    early = draw > 1 - EARLY_SHARE
    lag[early] = -stream.integers(1, 5, int(early.sum()))
    lag[disputed] = stream.integers(15, 60, int(disputed.sum()))
    later = (
        (rows["business_unit"].to_numpy() == LATER_UNIT)
        & (rows["customer_group"].to_numpy() == LATER_GROUP)
        & (due >= np.datetime64(LATER_FROM, "D"))
    )
    lag += np.where(later, stream.integers(*LATER_DAYS, count), 0)
    issued = rows["issue_date"].to_numpy().astype("datetime64[D]")
    settled = next_banking_day(np.maximum(next_banking_day(due) + lag, issued))
    together = rows["customer_id"].str.slice(1).cast(pl.Int32).to_numpy() % TOGETHER_EVERY == 1
    settled = np.where(together, _fortnight(settled, issued), settled)
    settled = np.where(stream.random(count) < NEVER_SHARE, _FAR, settled)
    amount = rows["amount_brl"].to_numpy()
    days_late = np.maximum((settled - next_banking_day(due)).astype(int), 0)
    interest = np.round(amount * (0.02 * (days_late > 0) + 0.00033 * days_late)).astype(np.int64)
    means = np.where(together, TOGETHER, stream.choice(MEANS, size=count, p=MEANS_SHARES))
    return rows.select(
        company=pl.lit(COMPANY),
        business_unit="business_unit",
        customer_id="customer_id",
        document=pl.format("{}-{}", "invoice_number", "series"),
        instalment="instalment",
        issue_date="issue_date",
        due_date="due_date",
        settled_date=pl.Series(settled),
        amount_brl="amount_brl",
        settled_amount_brl=pl.Series(amount + interest),
        disputed=pl.Series(disputed),
        cancelled_date="cancelled_date",
        customer_name="customer_name",
        customer_group="customer_group",
        means=pl.Series(means),
    )


def _fortnight(settled: np.ndarray, issued: np.ndarray) -> np.ndarray:
    """The 1st or the 15th before the day of settlement (its banking day), unless the invoice came later than that."""
    month = settled.astype("datetime64[M]").astype("datetime64[D]")
    payday = previous_banking_day(np.where((settled - month).astype(int) >= 14, month + 14, month))
    return np.where(payday > issued, payday, settled)


def settled_until(day: date) -> pl.DataFrame:
    """The instalments whose money had come by the end of that day."""
    return receivables_truth().filter(pl.col("cancelled_date").is_null(), pl.col("settled_date") <= min(day, AS_OF))


def receivables_known(day: date) -> pl.DataFrame:
    """The contract's columns of every instalment as the ERP showed it at the end of that day."""
    is_cancelled = pl.col("cancelled_date").is_not_null() & (pl.col("cancelled_date") <= day)
    is_settled = pl.col("cancelled_date").is_null() & (pl.col("settled_date") <= day)
    return (
        receivables_truth()
        .filter(pl.col("issue_date") <= day)
        .with_columns(
            settled_date=pl.when(is_settled).then("settled_date"),
            settled_amount_brl=pl.when(is_settled).then("settled_amount_brl"),
            status=pl.when(is_cancelled)
            .then(pl.lit("Cancelado"))
            .when(is_settled)
            .then(pl.lit("Recebido"))
            .otherwise(pl.lit("Aberto")),
        )
        .drop("cancelled_date", "customer_name", "customer_group", "means")
    )


def customers_known(day: date) -> pl.DataFrame:
    """The full customer export as it was on a day."""
    return (
        customers_truth()
        .filter(pl.col("created_date") <= day)
        .select(
            "company", "business_unit", "customer_id", "name", "tax_id", "customer_group", "city", "state",
            payment_term_days=pl.col("terms").list.first(),
            created_date="created_date",
            active=pl.lit(value=True),
        )
        .sort("customer_id")
    )  # fmt: skip

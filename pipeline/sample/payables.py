"""Payables: invoices, instalments, payment dates, and the slowdown of the unit SUL from 2026-W37."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, KNOWLEDGE_DATES, SLOWDOWN_START, UNITS, random_stream
from pipeline.sample.suppliers import choose_suppliers
from pipeline.sample.working_time import even_arrivals, next_banking_day

FIRST_RECEIPT = date(2024, 4, 1)  # of the invoices received before the first day, those still to be paid then
WEEKLY_INVOICES = {"MTZ": 30.0, "SUL": 34.0, "NE": 16.0, "CO": 13.0}
TERMS = (21, 28, 35, 45)
TERM_SHARES = (0.2, 0.5, 0.23, 0.07)
LATE_SHARE = 0.075
SECOND_INSTALMENT_SHARE = 0.07
DISPUTED_SHARE = 0.02
CANCELLED_SHARE = 0.008
SLOWDOWN_DAYS = (5, 9)  # extra days, from (inclusive) to (exclusive)
SLOWDOWN_HELD_SHARE = 0.09  # of SUL's instalments since then, not paid at all by the as-of date
CORRECTED_MONTH = (date(2026, 8, 1), date(2026, 8, 31))  # re-exported whole on 2026-10-31, some rows changed
CORRECTED_MONTH_KNOWN = date(2026, 10, 31)

COUNT_TYPED_TWICE = 9  # invoices entered and paid a second time

_COST_CENTRES = ("1010", "1020", "2010", "2020", "3010")
_FAR = np.datetime64("2027-06-30", "D")


def _payment_days(stream: np.random.Generator, unit: np.ndarray, due: np.ndarray, disputed: np.ndarray) -> np.ndarray:
    """When each instalment is (or will be) paid: at the due date, early, late; SUL slower from 2026-W37."""
    count = len(due)
    lag = np.zeros(count, dtype=int)
    draw = stream.random(count)
    lag[draw < LATE_SHARE] = 1 + stream.geometric(0.16, int((draw < LATE_SHARE).sum()))
    early = draw > 0.90
    lag[early] = -stream.integers(1, 6, int(early.sum()))
    lag[disputed] = stream.integers(12, 40, int(disputed.sum()))
    scheduled = next_banking_day(due + lag)
    slow = (unit == "SUL") & (scheduled >= np.datetime64(SLOWDOWN_START, "D"))
    slowed = next_banking_day(scheduled + stream.integers(*SLOWDOWN_DAYS, count))
    held = slow & (stream.random(count) < SLOWDOWN_HELD_SHARE)
    return np.where(held, _FAR, np.where(slow, slowed, scheduled))


def payables_truth(suppliers: pl.DataFrame) -> pl.DataFrame:
    """One row an instalment, with what happened and when it was typed, corrected and paid.

    Besides the contract's columns (money in cents): ``recorded_date`` (first export that can hold it),
    ``first_receipt_date`` (as typed at first, wrong in about one row in 80) and ``corrected_from`` (knowledge date).
    """
    stream = random_stream("payables")
    arrivals = {unit: even_arrivals(stream, rate, first=FIRST_RECEIPT) for unit, rate in WEEKLY_INVOICES.items()}
    receipt = np.concatenate([arrivals[unit] for unit in UNITS])
    unit = np.repeat(np.array(UNITS), [len(arrivals[unit]) for unit in UNITS])
    order = np.argsort(receipt, kind="stable")
    receipt, unit = receipt[order], unit[order]
    count = len(receipt)

    issue = receipt - stream.integers(0, 6, count)
    supplier = choose_suppliers(stream, suppliers, issue)
    term = stream.choice(TERMS, size=count, p=TERM_SHARES)
    cents = np.round(np.exp(stream.normal(8.1, 0.6, count)) * 100).astype(np.int64)
    disputed = stream.random(count) < DISPUTED_SHARE
    cancelled = stream.random(count) < CANCELLED_SHARE
    has_second = stream.random(count) < SECOND_INSTALMENT_SHARE
    recorded = receipt + stream.integers(0, 4, count)
    mistyped = (stream.random(count) < 0.012) & (issue < receipt)
    in_corrected_month = (
        (receipt >= np.datetime64(CORRECTED_MONTH[0], "D"))
        & (receipt <= np.datetime64(CORRECTED_MONTH[1], "D"))
        & (unit == "MTZ")
        & (issue < receipt)
    )
    mistyped |= in_corrected_month & (stream.random(count) < 0.22)
    number = 48_000 + np.arange(count) * 3 + stream.integers(0, 3, count)
    cost_centre = stream.choice(_COST_CENTRES, size=count)

    row = np.concatenate([np.arange(count), np.flatnonzero(has_second)])
    instalment = np.concatenate([np.ones(count, dtype=int), np.full(int(has_second.sum()), 2)])
    due = issue[row] + term[row] + np.where(instalment == 2, 28, 0)
    paid = np.maximum(_payment_days(stream, unit[row], due, disputed[row]), recorded[row])
    paid = next_banking_day(paid)
    corrected_from = _correction_dates(recorded, mistyped, in_corrected_month)
    half = cents[row] // 2
    amount = np.where(has_second[row], np.where(instalment == 1, cents[row] - half, half), cents[row])
    late_fee = np.where(paid > next_banking_day(due), np.round(amount * 0.012).astype(np.int64), 0)
    discount = np.where(paid < due - 1, np.round(amount * 0.01).astype(np.int64), 0)

    ids = suppliers["supplier_id"].to_numpy()
    trades = suppliers["trade"].to_numpy()
    return (
        pl.DataFrame(
            {
                "company": np.full(len(row), COMPANY),
                "business_unit": unit[row],
                "supplier_id": ids[supplier[row]],
                "document": [f"NF{value:06d}" for value in number[row]],
                "instalment": instalment,
                "issue_date": issue[row],
                "receipt_date": receipt[row],
                "due_date": due,
                "paid_date": paid,
                "amount_brl": amount,
                "paid_amount_brl": amount + late_fee - discount,
                "cost_centre": cost_centre[row],
                "category": trades[supplier[row]],
                "disputed": disputed[row],
                "is_cancelled": cancelled[row],
                "recorded_date": recorded[row],
                "first_receipt_date": np.where(mistyped, issue, receipt)[row],
                "corrected_from": corrected_from[row],
            }
        )
        .filter((pl.col("paid_date") >= FIRST_DAY) & (pl.col("due_date") >= FIRST_DAY))
        .pipe(_with_invoices_typed_twice)
        .sort("receipt_date", "document", "instalment")
    )


def _with_invoices_typed_twice(rows: pl.DataFrame) -> pl.DataFrame:
    """A handful of paid invoices again, typed a second time without the letters of their number, and paid again."""
    stream = random_stream("duplicate_payments")
    single = rows.filter(
        ~pl.col("is_cancelled") & ~pl.col("disputed"),
        pl.col("paid_date").is_between(date(2025, 2, 1), date(2026, 9, 30)),
        pl.col("instalment").max().over("supplier_id", "document") == 1,
    )
    again = single[sorted(stream.choice(single.height, COUNT_TYPED_TWICE, replace=False).tolist())]
    days_later = pl.Series(stream.integers(6, 19, again.height)) * pl.duration(days=1)
    paid_again = next_banking_day((again["paid_date"].to_numpy().astype("datetime64[D]")) + 14)
    return pl.concat(
        [
            rows,
            again.with_columns(
                document=pl.col("document").str.strip_prefix("NF"),
                receipt_date=pl.col("receipt_date") + days_later,
                first_receipt_date=pl.col("receipt_date") + days_later,
                recorded_date=pl.col("recorded_date") + days_later,
                paid_date=pl.Series(paid_again),
                paid_amount_brl="amount_brl",
                corrected_from=date(2000, 1, 1),
            ),
        ]
    )


def _correction_dates(recorded: np.ndarray, mistyped: np.ndarray, in_corrected_month: np.ndarray) -> np.ndarray:
    """The knowledge date from which a mistyped row shows its true receipt date: one export after its first."""
    exports = np.array(KNOWLEDGE_DATES, dtype="datetime64[D]")
    first_export = np.searchsorted(exports, recorded)
    later = exports[np.minimum(first_export + 1, len(exports) - 1)]
    later = np.where(in_corrected_month, np.datetime64(CORRECTED_MONTH_KNOWN, "D"), later)
    return np.where(mistyped, later, np.datetime64("2000-01-01", "D"))


def payables_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The contract's columns of every instalment as the ERP showed it at the end of that day."""
    is_paid = (pl.col("paid_date") <= day) & ~pl.col("is_cancelled")
    return (
        truth.filter(pl.col("recorded_date") <= min(day, AS_OF))
        .with_columns(
            receipt_date=pl.when(pl.col("corrected_from") <= day)
            .then(pl.col("receipt_date"))
            .otherwise(pl.col("first_receipt_date")),
            paid_date=pl.when(is_paid).then(pl.col("paid_date")),
            paid_amount_brl=pl.when(is_paid).then(pl.col("paid_amount_brl")),
            status=pl.when(pl.col("is_cancelled") & (pl.col("recorded_date") + pl.duration(days=9) <= day))
            .then(pl.lit("Cancelado"))
            .when(is_paid)
            .then(pl.lit("Pago"))
            .otherwise(pl.lit("Aberto")),
        )
        .drop("is_cancelled", "recorded_date", "first_receipt_date", "corrected_from")
    )

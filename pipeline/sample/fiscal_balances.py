"""The trial balance of a month, as the ledger gives it: every account before, its debits and credits, and after."""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.sample import finance_files, journal
from pipeline.sample.company import COMPANY


def balances(first: date, last: date, known: date) -> pl.DataFrame:
    """One row an account with entries up to `last`, of what was booked by the day `known`; credits are negative."""
    columns = ("posting_date", "account", "debit_brl", "credit_brl")
    lines = pl.concat([
        journal.journal_known(journal.journal_truth(), known).select(columns),
        finance_files.summaries_known(known).select(columns),
    ]).filter(pl.col("posting_date") <= last)  # fmt: skip
    moved = pl.col("debit_brl") - pl.col("credit_brl")
    is_before = pl.col("posting_date") < first
    return (
        lines.group_by("account")
        .agg(
            opening_balance_brl=moved.filter(is_before).sum(),
            debit_brl=pl.col("debit_brl").filter(~is_before).sum(),
            credit_brl=pl.col("credit_brl").filter(~is_before).sum(),
            closing_balance_brl=moved.sum(),
        )
        .sort("account")
        .select(
            pl.lit(COMPANY).alias("company"),
            pl.lit(first).alias("period_start"),
            pl.lit(last).alias("period_end"),
            pl.all(),
        )
    )

"""Entries that the treasury and the controllers post: one a bank movement, and one a unit and month for the rest."""

from __future__ import annotations

import polars as pl

from pipeline.sample.company import AS_OF, COMPANY
from pipeline.sample.controlling import REVENUE_ACCOUNT, REVENUE_CENTRE, budget_and_actual, monthly_sales
from pipeline.sample.receivables import settled_until

BANK, CUSTOMERS, SUPPLIERS = "1.1.01.002", "1.1.02.001", "2.1.01.001"
_LINE = ("business_unit", "entry_id", "posting_date", "account", "cost_centre", "amount", "module")


def _both_sides(rows: pl.DataFrame, debit: pl.Expr, credit: pl.Expr) -> pl.DataFrame:
    """Two lines of each row: ``amount`` debited to one account and credited to the other (negative: a credit)."""
    return pl.concat(
        [
            rows.with_columns(account=debit, amount=pl.col("amount")),
            rows.with_columns(account=credit, amount=-pl.col("amount")),
        ]
    ).select(_LINE)


def _treasury(bank: pl.DataFrame) -> pl.DataFrame:
    """An entry for each bank line that no document stands behind, on the day of the bank."""
    rows = bank.filter(pl.col("ledger").is_not_null()).with_columns(
        entry_id=pl.format("TS{}", pl.int_range(pl.len()) + 10_000),
        posting_date="posted_date",
        cost_centre=pl.lit(None, pl.String),
        amount="amount_brl",
        module=pl.lit("Tesouraria"),
    )
    return _both_sides(rows, pl.lit(BANK), pl.col("ledger"))


def _monthly(rows: pl.DataFrame, prefix: str, module: str) -> pl.DataFrame:
    """Rows of unit, month and amount as entries of the month's last day; months that are not over are left out."""
    return (
        rows.with_columns(posting_date=pl.col("month").dt.month_end())
        .filter(pl.col("posting_date") <= AS_OF)
        .with_columns(
            entry_id=pl.format("{}{}{}", pl.lit(prefix), pl.col("month").dt.strftime("%Y%m"), "business_unit"),
            module=pl.lit(module),
        )
    )


def summaries_truth(bank: pl.DataFrame) -> pl.DataFrame:
    """One row a line of these entries, in the contract's columns (money in cents), sorted by date and entry."""
    sales = _monthly(monthly_sales(), "VD", "Faturamento").with_columns(cost_centre=pl.lit(REVENUE_CENTRE))
    receipts = (
        settled_until(AS_OF)
        .group_by("business_unit", month=pl.col("settled_date").dt.truncate("1mo"))
        .agg(amount=pl.col("settled_amount_brl").sum())
    )
    received = _monthly(receipts, "RB", "Contas a receber").with_columns(cost_centre=pl.lit(None, pl.String))
    expenses = _monthly(
        budget_and_actual().filter(pl.col("account") != REVENUE_ACCOUNT).rename({"actual": "amount"}), "DP", "Despesas"
    )
    total = expenses.group_by("business_unit", "entry_id", "posting_date", "module").agg(-pl.col("amount").sum())
    lines = pl.concat(
        [
            _treasury(bank),
            _both_sides(sales, pl.lit(CUSTOMERS), pl.lit(REVENUE_ACCOUNT)),
            _both_sides(received, pl.lit(BANK), pl.lit(CUSTOMERS)),
            expenses.select(_LINE),
            total.with_columns(account=pl.lit(SUPPLIERS), cost_centre=pl.lit(None, pl.String)).select(_LINE),
        ]
    )
    is_result = pl.col("account").str.slice(0, 1).is_in(["3", "4"])
    return (
        lines.filter(pl.col("amount") != 0)
        .sort(
            "posting_date",
            "entry_id",
            "amount",
            "account",
            "cost_centre",
            descending=[False, False, True, False, False],
        )
        .select(
            company=pl.lit(COMPANY),
            business_unit="business_unit",
            entry_id="entry_id",
            line_number=pl.int_range(1, pl.len() + 1).over("entry_id"),
            posting_date="posting_date",
            period=pl.col("posting_date").dt.strftime("%Y-%m"),
            account="account",
            debit_brl=pl.max_horizontal("amount", 0),
            credit_brl=pl.max_horizontal(-pl.col("amount"), 0),
            source=pl.lit("Automático"),
            module="module",
            entry_kind=pl.lit("Normal"),
            cost_centre=pl.when(is_result).then("cost_centre"),
        )
    )

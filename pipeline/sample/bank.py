"""Bank lines and balances of four accounts: what moved them, numbered and added up as the banks do."""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.sample.bank_movements import customer_receipts, other_movements, own_transfers, supplier_payments
from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY

# unit: bank, account
ACCOUNTS = {
    "MTZ": ("341", "0912/45678-9"),
    "SUL": ("237", "1234/0056789-0"),
    "NE": ("001", "31771234-5"),
    "CO": ("104", "2077/003/00001122-3"),
}
OPENING_BALANCE = 180_000_000  # cents
OFX_UNIT = "NE"  # this account comes as OFX from October 2026 on
OFX_FROM = date(2026, 10, 1)


def bank_truth(payables: pl.DataFrame) -> pl.DataFrame:
    """One row a bank line (money in cents, signed) with ``balance``, the account's balance after it, and ``ledger``,
    the account against which it is posted (null where its document says it all).

    ``payables`` has the supplier's name as ``supplier_name``.
    """
    movements = pl.concat([supplier_payments(payables), customer_receipts(), other_movements()])
    everything = pl.concat([movements, own_transfers(movements)], how="vertical_relaxed")
    bank = pl.DataFrame(
        [(unit, *account) for unit, account in ACCOUNTS.items()],
        schema=["business_unit", "bank_id", "account_id"],
        orient="row",
    )
    return (
        everything.filter(pl.col("posted_date").is_between(FIRST_DAY, AS_OF))
        .join(bank, on="business_unit")
        .sort("posted_date", "business_unit", "memo", "amount_brl", "check_number")
        .with_columns(
            company=pl.lit(COMPANY),
            balance=pl.col("amount_brl").cum_sum().over("business_unit") + OPENING_BALANCE,
            # Caixa numbers its lines anew every day: an id alone is no key there
            transaction_id=pl.when(pl.col("bank_id") == "104")
            .then(pl.format("{}", pl.int_range(1, pl.len() + 1).over("business_unit", "posted_date")))
            .otherwise(pl.format("{}{}", pl.col("posted_date").dt.strftime("%Y%m%d"), pl.int_range(pl.len()) + 1000)),
            occurrence=pl.lit(1),
        )
    )


def bank_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The lines posted up to that day."""
    return truth.filter(pl.col("posted_date") <= day).select(
        "company", "business_unit", "bank_id", "account_id", "posted_date", "amount_brl", "transaction_type",
        "transaction_id", "check_number", "memo", "occurrence",
    )  # fmt: skip


def balances_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The balance of each account at the last movement of every month, and at the last one known."""
    month = pl.col("posted_date").dt.truncate("1mo")
    return (
        truth.filter(pl.col("posted_date") <= day)
        .group_by("company", "business_unit", "bank_id", "account_id", month.alias("month"), maintain_order=True)
        .agg(balance_date=pl.col("posted_date").last(), ledger_balance_brl=pl.col("balance").last())
        .drop("month")
        .sort("balance_date", "business_unit")
    )

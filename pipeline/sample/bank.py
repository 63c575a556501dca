"""Bank lines and balances of four accounts: supplier payments as paid in the ERP, collections, payroll, fees."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, UNITS, random_stream
from pipeline.sample.working_time import banking_days, previous_banking_day

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


def _supplier_payments(payables: pl.DataFrame) -> pl.DataFrame:
    """One debit a unit and day: what the ERP says was paid that day."""
    return (
        payables.filter(~pl.col("is_cancelled") & (pl.col("paid_date") <= AS_OF))
        .group_by("business_unit", posted_date="paid_date")
        .agg(amount_brl=-pl.col("paid_amount_brl").sum(), count=pl.len())
        .with_columns(
            transaction_type=pl.lit("DEBIT"),
            memo=pl.format("SISPAG FORNECEDORES {} TÍTULOS", "count"),
        )
        .drop("count")
    )


def _monthly(days: np.ndarray, unit: str, amount: np.ndarray, memo: str) -> pl.DataFrame:
    return pl.DataFrame({"posted_date": days, "amount_brl": amount}).with_columns(
        business_unit=pl.lit(unit), transaction_type=pl.lit("DEBIT"), memo=pl.lit(memo)
    )


def bank_truth(payables: pl.DataFrame) -> pl.DataFrame:
    """One row a bank line (money in cents, signed) with ``balance``, the account's balance after it."""
    stream = random_stream("bank")
    payments = _supplier_payments(payables)
    months = np.arange(np.datetime64(FIRST_DAY, "M"), np.datetime64(AS_OF, "M") + 1)
    mondays = np.unique(np.busday_offset(banking_days(FIRST_DAY, AS_OF), 0, roll="backward", weekmask="Mon"))
    parts = [payments.select("posted_date", "amount_brl", "business_unit", "transaction_type", "memo")]
    for unit in UNITS:
        # collections come on three days a week and cover on average what is paid out
        paid = int(-payments.filter(pl.col("business_unit") == unit)["amount_brl"].sum())
        weekly = paid / len(mondays) + 9_000_000
        days = previous_banking_day((mondays[:, None] + np.array([1, 3])[None, :]).ravel())
        amount = np.round(weekly / 2 * stream.uniform(0.8, 1.2, len(days))).astype(np.int64)
        keep = (days >= np.datetime64(FIRST_DAY, "D")) & (days <= np.datetime64(AS_OF, "D"))
        collections = _monthly(days[keep], unit, amount[keep], "COBRANÇA RECEBIDA").with_columns(
            transaction_type=pl.lit("CREDIT")
        )
        fees = _monthly(
            previous_banking_day(months.astype("datetime64[D]") + 9),
            unit,
            -stream.integers(8_900, 19_900, len(months)),
            "TARIFA MANUTENÇÃO CONTA",
        )
        payroll = _monthly(
            previous_banking_day(months.astype("datetime64[D]") + 4),
            unit,
            -np.round(30_000_000 * stream.uniform(0.97, 1.03, len(months))).astype(np.int64),
            "FOLHA DE PAGAMENTO",
        )
        parts += [collections, fees, payroll]
    bank = pl.DataFrame(
        [(unit, *account) for unit, account in ACCOUNTS.items()],
        schema=["business_unit", "bank_id", "account_id"],
        orient="row",
    )
    return (
        pl.concat([part.select(parts[0].columns) for part in parts], how="vertical_relaxed")
        .filter(pl.col("posted_date").is_between(FIRST_DAY, AS_OF))
        .join(bank, on="business_unit")
        .sort("posted_date", "business_unit", "memo", "amount_brl")
        .with_columns(
            company=pl.lit(COMPANY),
            balance=pl.col("amount_brl").cum_sum().over("business_unit") + OPENING_BALANCE,
            # Caixa numbers its lines anew every day: an id alone is no key there
            transaction_id=pl.when(pl.col("bank_id") == "104")
            .then(pl.format("{}", pl.int_range(1, pl.len() + 1).over("business_unit", "posted_date")))
            .otherwise(pl.format("{}{}", pl.col("posted_date").dt.strftime("%Y%m%d"), pl.int_range(pl.len()) + 1000)),
            check_number=pl.lit(None, pl.String),
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

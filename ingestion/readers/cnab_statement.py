"""Segment E of CNAB 240, the statement for reconciliation → bank transactions and balances, as text."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ingestion.readers import RejectedFile
from ingestion.readers.cnab_checks import check_statement_lot
from ingestion.readers.cnab_layouts import SEGMENT_E, STATEMENT_ACCOUNT, STATEMENT_BALANCE, Positions
from ingestion.readers.cnab_lines import amount_text, between, date_text, number, plain_text

TRANSACTIONS = "bank.bank_transactions"
BALANCES = "bank.balances"
NO_IDENTIFIER = "none"  # as for OFX: the identifier is part of the key
SAME_MOVEMENT = ("account_id", "posted_date", "amount_brl", "memo", "transaction_id")


def statement_tables(path: Path, bank: str, records: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Text of transactions and closing balances, by contract; `records` has line, text, kind, lot and segment.

    Raises RejectedFile where a lot's trailer disagrees with its records.
    """
    entries = records.filter((pl.col("kind") == "3") & (pl.col("segment") == "E"))
    lots = entries["lot"].unique(maintain_order=True).to_list()
    trailers = records.filter((pl.col("kind") == "5") & pl.col("lot").is_in(lots))
    signs = entries.select("line", "lot", number(SEGMENT_E["amount"]).alias("cents"),
                           between(SEGMENT_E["sign"]).alias("sign"))  # fmt: skip
    strange = signs.filter(~pl.col("sign").is_in(["D", "C"]))
    if strange.height > entries.height / 2:
        raise RejectedFile(
            f"{path.name}, line {strange['line'][0]}: neither D nor C where a statement says debit or credit.",
            "Is it a statement for reconciliation (extrato para conciliação) in CNAB 240?",
        )
    for lot in lots:
        check_statement_lot(path, lot, trailers.filter(pl.col("lot") == lot), signs.filter(pl.col("lot") == lot))
    transactions = (
        entries.select(
            _account(bank).struct.unnest(),
            date_text(SEGMENT_E["posted_date"]).alias("posted_date"),
            _signed(SEGMENT_E).alias("amount_brl"),
            plain_text(SEGMENT_E["transaction_type"]).alias("transaction_type"),
            plain_text(SEGMENT_E["check_number"]).fill_null(NO_IDENTIFIER).alias("transaction_id"),
            plain_text(SEGMENT_E["check_number"]).alias("check_number"),
            plain_text(SEGMENT_E["memo"]).alias("memo"),
            pl.col("line").alias("_line"),
            pl.col("text").str.strip_chars_end().alias("_raw_line"),
        )
        .with_columns(pl.int_range(1, pl.len() + 1).over(SAME_MOVEMENT).cast(pl.String).alias("occurrence"))
    )  # fmt: skip
    balances = trailers.select(
        _account(bank).struct.unnest(),
        date_text(STATEMENT_BALANCE["balance_date"]).alias("balance_date"),
        _signed(STATEMENT_BALANCE).alias("ledger_balance_brl"),
        pl.col("line").alias("_line"),
        pl.col("text").str.strip_chars_end().alias("_raw_line"),
    )
    return {TRANSACTIONS: transactions, BALANCES: balances}


def _account(bank: str) -> pl.Expr:
    # Some banks leave a blank before the check digit.
    number_of_account = between(STATEMENT_ACCOUNT).str.replace_all(" ", "").str.strip_chars_start("0")
    return pl.struct(pl.lit(bank).alias("bank_id"), number_of_account.alias("account_id"))


def _signed(positions: Positions) -> pl.Expr:
    """The amount with its sign: debits are money out. Without D or C nobody can tell, and the text says so."""
    sign = between(positions["sign"])
    amount = amount_text(positions["amount"])
    return (
        pl.when(sign == "D").then(pl.concat_str(pl.lit("-"), amount))
        .when(sign == "C").then(amount)
        .otherwise(pl.concat_str(amount, pl.lit(" ?")))
    )  # fmt: skip

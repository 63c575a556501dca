"""OFX statements → bank transactions and balances, as text.

One file may hold several statements, of bank accounts and of cards. Every movement and every ledger balance becomes
a row; what is no movement (balance lines), has no single meaning or is in another currency stays in the table with a
`_problem`, so that it goes to quarantine and every row read is accounted for.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion.currency import REMEDY as CURRENCY_REMEDY
from ingestion.readers import RejectedFile, TextTable
from ingestion.readers.mapped import lay_mapping
from ingestion.readers.ofx_markup import Document, Record, Statement, read_markup
from ingestion.readers.ofx_reconcile import Totals, reconcile
from ingestion.readers.ofx_values import amount_text, date_text, is_balance_line, is_opening_line, memo_text
from ingestion.readers.text import decode

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract
    from ingestion.mapping import Mapping

TRANSACTIONS = "bank.bank_transactions"
BALANCES = "bank.balances"
LARGEST_FILE = 64 * 1024 * 1024
START = 4096  # an OFX header is shorter
NO_IDENTIFIER = "none"
COLUMNS = {
    TRANSACTIONS: (
        "bank_id", "account_id", "posted_date", "amount_brl", "transaction_type", "transaction_id", "check_number",
        "memo", "occurrence",
    ),
    BALANCES: ("bank_id", "account_id", "balance_date", "ledger_balance_brl"),
}  # fmt: skip

# What a person looks for in the file when a value is in quarantine.
ELEMENTS = {
    "bank_id": "BANKID", "account_id": "ACCTID", "posted_date": "DTPOSTED", "amount_brl": "TRNAMT",
    "transaction_type": "TRNTYPE", "transaction_id": "FITID", "check_number": "CHECKNUM", "memo": "MEMO",
    "balance_date": "DTASOF", "ledger_balance_brl": "BALAMT",
}  # fmt: skip
REMEDIES = (
    ("is no movement", "Nothing to do: the line is kept out of the movements and counted here."),
    ("the amount is in", CURRENCY_REMEDY),
)
OTHER_REMEDY = "Compare with the bank's statement, correct the line in the file and load it again."


class OfxReader:
    """Reads OFX 1 (SGML) and OFX 2 (XML). The header's encoding and version are not believed."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """Text tables of transactions and of balances, with the reconciliation as notes of the balances.

        Raises RejectedFile for a file that is too large, empty, not OFX, cut, or only an error of the bank.
        """
        if contract is not None and contract.name not in COLUMNS:
            raise RejectedFile(
                f"{path.name}: an OFX file holds bank transactions and balances, not {contract.name}.",
                f"Load it without naming a table, or as {TRANSACTIONS}.",
            )
        text, encoding = _text(path)
        document = read_markup(text)
        _reject(path, document)
        currencies = mapping.currencies if mapping is not None else ("BRL",)
        rows: dict[str, list[dict[str, str | int | None]]] = {TRANSACTIONS: [], BALANCES: []}
        notes: list[str] = []
        for statement in document.statements:
            transactions, balances = _rows(statement, document, currencies)
            rows[TRANSACTIONS].extend(transactions)
            rows[BALANCES].extend(balances)
            totals = _totals(transactions, balances, statement)
            note = reconcile(connection, totals) if totals is not None else None
            if note is not None:
                notes.append(note)
        tables = [_table(connection, name, rows[name], contracts[name], mapping, encoding) for name in rows]
        return [tables[0], dataclasses.replace(tables[1], notes=(*notes, *_remarks(document)))]


def _text(path: Path) -> tuple[str, str]:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise RejectedFile(
            f"{path.name} has {size / 1048576:,.0f} MiB; an OFX file may have {LARGEST_FILE // 1048576} MiB.",
            "Export a shorter period.",
        )
    content = path.read_bytes()
    if not content.strip():
        raise RejectedFile(f"{path.name} is empty.", "Export the statement again.")
    text, encoding = decode(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = text[:START].upper()
    if "<OFX>" not in text.upper():
        if "<HTML" in start or "<!DOCTYPE HTML" in start:
            raise RejectedFile(
                f"{path.name} is a web page (HTML), not an OFX file.",
                "The download failed: sign in to the bank again and export the statement.",
            )
        raise RejectedFile(f"{path.name} is not an OFX file: it has no <OFX>.", "Export the statement as OFX (Money).")
    return text, encoding


def _reject(path: Path, document: Document) -> None:
    if document.ends_inside and not document.is_closed:
        raise RejectedFile(
            f"{path.name} stops within a statement: the file was cut.",
            "Nothing was loaded, because movements may be missing. Export the statement again.",
        )
    if document.statements:
        return
    if document.errors:
        raise RejectedFile(
            f"{path.name} holds no statement but an error of the bank: {'; '.join(document.errors)}",
            "Export the statement again.",
        )
    investments = " (investment statements are not read)" if document.has_investments else ""
    raise RejectedFile(
        f"{path.name} holds no statement of a bank account or card{investments}.", "Export the statement again."
    )


def _remarks(document: Document) -> list[str]:
    remarks = [f"the bank reported an error: {error}" for error in document.errors]
    if document.has_investments:
        remarks.append("investment statements in the file were not read")
    if not document.is_closed:
        remarks.append("the file has no </OFX> at its end; all statements in it are whole")
    return remarks


def _rows(
    statement: Statement, document: Document, currencies: tuple[str, ...]
) -> tuple[list[dict[str, str | int | None]], list[dict[str, str | int | None]]]:
    account = _account(statement, document)
    currency = statement.leaves.get("CURDEF", "BRL").upper()
    foreign = _currency_problem(currency, currencies)
    # Alike in every other key column: counted within the statement, so that a day that two statements of one account
    # both tell keeps its keys, and is not loaded twice.
    seen: Counter[tuple[str | None, ...]] = Counter()
    transactions = []
    for record in statement.movements:
        leaves = record.leaves
        amount, problem = amount_text(leaves["TRNAMT"]) if "TRNAMT" in leaves else (None, "the bank wrote no TRNAMT")
        memo = memo_text(leaves)
        if is_balance_line(memo):
            problem = f'"{memo}" tells a balance and is no movement'
        row: dict[str, str | int | None] = {
            **account,
            "posted_date": date_text(leaves.get("DTPOSTED", "")) or None,
            "amount_brl": amount,
            "transaction_type": leaves.get("TRNTYPE"),
            "transaction_id": leaves.get("FITID", NO_IDENTIFIER),
            "check_number": leaves.get("CHECKNUM"),
            "memo": memo or None,
        }
        same = (row["posted_date"], row["amount_brl"], row["transaction_id"], row["memo"])
        seen[same] += 1  # type: ignore[index]
        row["occurrence"] = str(seen[same])  # type: ignore[index]
        own = _currency_problem(leaves["CURRENCY"].upper(), currencies) if "CURRENCY" in leaves else foreign
        row.update(_place(record, problem or own))
        transactions.append(row)
    balances = []
    for record in statement.balances:
        written = record.leaves.get("BALAMT")
        amount, problem = amount_text(written) if written is not None else (None, "the bank wrote no BALAMT")
        row = {
            **account,
            "balance_date": date_text(record.leaves.get("DTASOF", "")) or None,
            "ledger_balance_brl": amount,
        }
        balances.append({**row, **_place(record, problem or foreign)})
    return transactions, balances


def _account(statement: Statement, document: Document) -> dict[str, str | int | None]:
    """Bank and account. A card statement names no bank: the institution that signed the file stands for it."""
    bank = statement.account.get("BANKID")
    if bank is None and statement.kind == "CCSTMTRS":
        bank = document.institution.get("FID") or document.institution.get("ORG") or "card"
    parts = [statement.account.get("BRANCHID"), statement.account.get("ACCTID")]
    account = "/".join(part for part in parts if part) if parts[1] else None
    return {"bank_id": bank, "account_id": account}


def _currency_problem(currency: str, accepted: tuple[str, ...]) -> str | None:
    if currency in accepted:
        return None
    return f"the amount is in {currency}, and amounts here are in {', '.join(accepted)}"


def _place(record: Record, problem: str | None) -> dict[str, str | int | None]:
    remedy = None if problem is None else next((text for part, text in REMEDIES if part in problem), OTHER_REMEDY)
    return {"_line": record.line, "_raw_line": record.raw, "_problem": problem, "_remedy": remedy}


def _totals(
    transactions: list[dict[str, str | int | None]],
    balances: list[dict[str, str | int | None]],
    statement: Statement,
) -> Totals | None:
    """What can be added up: a dated, legible ledger balance. None where the statement has none."""
    if len(balances) != 1:
        return None
    balance_date, balance = _day(balances[0]["balance_date"]), _decimal(balances[0]["ledger_balance_brl"])
    if balance_date is None or balance is None or balances[0]["_problem"]:
        return None
    movements, opening, real = [], None, 0
    for row in transactions:
        day, amount = _day(row["posted_date"]), _decimal(row["amount_brl"])
        if is_balance_line(str(row["memo"])):
            if day is not None and amount is not None and opening is None and is_opening_line(str(row["memo"])):
                opening = (day, amount)
            continue
        real += 1
        if day is not None and amount is not None and not row["_problem"]:
            movements.append((day, amount))
    return Totals(
        bank_id=str(balances[0]["bank_id"]),
        account_id=str(balances[0]["account_id"]),
        movements=tuple(movements),
        first_day=_day(date_text(statement.leaves.get("DTSTART", ""))),
        balance_date=balance_date,
        balance=balance,
        opening=opening,
        is_complete=len(movements) == real,
    )


def _day(text: str | int | None) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _decimal(text: str | int | None) -> Decimal | None:
    amount, problem = amount_text(str(text))
    return Decimal(amount) if problem is None else None


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rows: list[dict[str, str | int | None]],
    contract: Contract,
    mapping: Mapping | None,
    encoding: str,
) -> TextTable:
    relation = f"text_ofx_{contract.table}"
    schema = dict.fromkeys(COLUMNS[name], pl.String) | {
        "_line": pl.Int64, "_raw_line": pl.String, "_problem": pl.String, "_remedy": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    connection.register("text_ofx_rows", frame)
    connection.execute(f"create or replace temp table {relation} as select * from text_ofx_rows")  # noqa: S608
    connection.unregister("text_ofx_rows")
    return TextTable(
        table=name,
        relation=lay_mapping(connection, relation, contract, mapping),
        rows_read=len(rows),
        encoding=encoding,
        # The reader has already given amounts and dates one form, whatever each bank writes.
        dialect=dataclasses.replace(contract.dialect, decimal=".", date_format="yyyy-mm-dd"),
        headers={column: ELEMENTS[column] for column in COLUMNS[name] if column in ELEMENTS},
    )

"""Amounts in another currency: a table that names the currency of each row is taken at its word.

Contracts hold amounts in reais, so none of them has a column for the currency. A file that has one says by it which of
its rows are none: 1,000.00 in dollars must not come in as R$ 1.000,00.
"""

# ruff: noqa: S608 — SQL is written from our own names; texts go through text_sql.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from ingestion.contract import Column, Contract, fold
from ingestion.quoting import name_sql, text_sql
from ingestion.readers import TextTable

COLUMN = "_currency"
# Those with MOEDA behind a table's letters are Protheus's: the amounts of a title are in its own currency.
HEADERS = {
    "pt_BR": (
        "Moeda",
        "Cód. Moeda",
        "Código da Moeda",
        "Moeda do Documento",
        "Moeda do Título",
        "E1_MOEDA",
        "E2_MOEDA",
    ),
    "en": ("Currency", "Currency Code", "Document Currency"),
}
REAL = ("brl", "r$", "real", "reais", "986", "real brasileiro", "1", "01")  # some programs count it as the first
REMEDY = "Convert it to BRL, or accept the currency as it is: list it under currencies in a mapping."


def with_currency(contract: Contract) -> Contract:
    """The contract as a reader wants it: with a column for the currency of each row, where it holds amounts in reais."""
    if not any(column.name.endswith("_brl") for column in contract.columns):
        return contract
    known = contract.header_index()
    headers = {
        language: tuple(name for name in names if fold(name) not in known) for language, names in HEADERS.items()
    }
    return replace(contract, columns=(*contract.columns, Column(COLUMN, "text", headers=headers)))


def with_currency_problems(
    connection: duckdb.DuckDBPyConnection, text: TextTable, accepted: Sequence[str]
) -> TextTable:
    """The text table with a problem in every row whose currency is not accepted; as it is where it names none."""
    present = {row[0] for row in connection.execute(f"describe {name_sql(text.relation)}").fetchall()}
    if COLUMN not in present:
        return text
    known = {fold(currency) for currency in accepted}
    if "brl" in known:
        known |= set(REAL)
    folded = f"lower(strip_accents(trim(coalesce({COLUMN}, ''))))"
    listed = ", ".join(text_sql(each) for each in sorted({"", *known}))
    foreign = f"{folded} not in ({listed})"
    said = f"'the amount is in ' || {COLUMN} || ', and amounts here are in {', '.join(accepted)}'"
    problem, remedy = (name if name in present else "cast(null as varchar)" for name in ("_problem", "_remedy"))
    others = ", ".join(name_sql(name) for name in sorted(present - {"_problem", "_remedy"}))
    view = f"{text.relation}_in_reais"
    connection.execute(
        f"create or replace temp view {name_sql(view)} as select {others}, "
        f"coalesce({problem}, case when {foreign} then {said} end) as _problem, "
        f"coalesce({remedy}, case when {problem} is null and {foreign} then {text_sql(REMEDY)} end) as _remedy "
        f"from {name_sql(text.relation)}"
    )
    return replace(text, relation=view)

"""Full exports that lack rows: which rows they speak of, and when they lack so many that somebody must confirm it."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import duckdb

from ingestion.contracts import Contract
from ingestion.quoting import name_sql
from ingestion.raw import table_sql

DEFAULT_MAXIMUM_SHRINK = 0.2
# A list of ten that loses three has lost 30 %, and nobody would want to be asked about it.
FEW_ROWS = 5


class HeldFile(Exception):
    """A full export lacks suspiciously many rows: nothing of it is applied until somebody confirms it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message, self.remedy = message, remedy


def scope_sql(contract: Contract) -> str:
    """SQL condition over `known`: whether the temporary table file_keys speaks of the row's company (and unit)."""
    if not contract.scope:
        return "true"
    equal = " and ".join(f"known.{name_sql(name)} is not distinct from scopes.{name_sql(name)}"
                         for name in contract.scope)  # fmt: skip
    names = ", ".join(name_sql(name) for name in contract.scope)
    return f"exists (select 1 from (select distinct {names} from file_keys) as scopes where {equal})"


def refuse_shrunk(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    missing: str,
    file_name: str,
    rows: tuple[int, int],
    maximum_shrink: float,
) -> None:
    """Raise HeldFile if the rows that `missing` selects are more than `maximum_shrink` of the current ones.

    `rows` are those read from the file and those whose version was closed just now. Fewer than FEW_ROWS are never
    too many, unless the export is empty.
    """
    rows_read, versioned = rows
    lost, open_now = connection.execute(
        f"select count(*) filter (where {missing}), count(*) from {table_sql(contract)} as known "
        f"where known._valid_to is null and {scope_sql(contract)}"
    ).fetchall()[0]
    current = open_now + versioned
    if lost <= current * maximum_shrink or (lost < FEW_ROWS and rows_read):
        return
    part = ", ".join(contract.scope)
    raise HeldFile(
        f"{file_name}: this full export lacks {lost:,} of the {current:,} current rows of {contract.name}"
        f"{f' (of each {part} in it)' if part else ''}: {lost / current:.0%}, and more than {maximum_shrink:.0%} is "
        "held. Nothing of it was loaded.",
        "If the rows are really gone, confirm it with `retaguarda load FILE --confirm`; if not, export again, whole.",
    )

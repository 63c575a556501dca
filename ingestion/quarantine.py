"""The quarantine: rows that are not loaded, each problem with file, line, column, value, reason, remedy, raw line."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import duckdb

from ingestion.contracts import Contract
from ingestion.parsing import Parsing, name_sql, text_sql
from ingestion.reports import PROBLEMS_SHOWN, Problem


def write_problems(connection: duckdb.DuckDBPyConnection, parsing: Parsing, file_id: int) -> int:
    """Write every problem of a text relation into load.quarantine; returns the number of rows concerned."""
    contract = parsing.contract
    connection.execute(
        "insert into load.quarantine "
        f"select {file_id}, {text_sql(contract.source)}, {text_sql(contract.table)}, _line, column_name, value, "
        f"reason, remedy, _raw_line from ({parsing.problems()}) as problems"
    )
    return rows_quarantined(connection, contract, file_id)


def write_repeated_keys(connection: duckdb.DuckDBPyConnection, parsing: Parsing, file_id: int, repeated: str) -> None:
    """Write rows whose key comes again with other values; `repeated` has _line, last_line and the key columns."""
    contract = parsing.contract
    headers = ", ".join(parsing.header(contract.column(name)) for name in contract.key)
    values = ", ".join(f"coalesce(cast(repeated.{name_sql(name)} as varchar), '')" for name in contract.key)
    shown = f"concat_ws(', ', {values})"
    connection.execute(
        "insert into load.quarantine "
        f"select {file_id}, {text_sql(contract.source)}, {text_sql(contract.table)}, repeated._line, "
        f"{text_sql(', '.join(contract.key))}, {shown}, "
        f"{text_sql(headers)} || ' \"' || {shown} || '\": same key again in line ' || repeated.last_line || "
        "' with other values', 'Keep one of the two lines, or export the file again.', texts._raw_line "
        f"from {name_sql(repeated)} as repeated "
        f"join (select _line, min(_raw_line) as _raw_line from {name_sql(parsing.relation)} group by _line) as texts "
        "on texts._line = repeated._line"
    )


def rows_quarantined(connection: duckdb.DuckDBPyConnection, contract: Contract, file_id: int) -> int:
    """Number of rows (not problems) of a file and table that are in quarantine."""
    found = connection.execute(
        "select count(distinct line) from load.quarantine where file_id = ? and source = ? and table_name = ?",
        [file_id, contract.source, contract.table],
    ).fetchall()
    return int(found[0][0])


def first_problems(
    connection: duckdb.DuckDBPyConnection, file_id: int, file_name: str, limit: int = PROBLEMS_SHOWN
) -> tuple[Problem, ...]:
    """The first problems of a file, in the order of its lines, each with its whole message."""
    found = connection.execute(
        "select source || '.' || table_name, line, column_name, value, reason, remedy from load.quarantine "
        "where file_id = ? order by line, rowid limit ?",
        [file_id, limit],
    ).fetchall()
    return tuple(
        Problem(table, line, column, value, reason, remedy, problem_message(file_name, line, reason))
        for table, line, column, value, reason, remedy in found
    )


def problem_message(file_name: str, line: int, reason: str) -> str:
    """`payables_2026_07.csv, line 5: Vencimento "32/07/2026" is not a date (dd/mm/aaaa). Row quarantined.`"""
    return f"{file_name}, line {line}: {reason}. Row quarantined."

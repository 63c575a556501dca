"""Parquet → text table: every type in one canonical text, numbers and moments in the contract's dialect."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ingestion.headers import headers_in_words, match_headers
from ingestion.quoting import name_sql, path_sql, text_sql
from ingestion.readers import RejectedFile, TextTable
from ingestion.readers.mapped import lay_mapping
from ingestion.readers.text_values import iso_text_sql, moment_text_sql, number_text_sql

if TYPE_CHECKING:
    from ingestion.contracts import Column, Contract, Dialect
    from ingestion.mapping import Mapping

ENCODING = "parquet"
MARK, ENCRYPTED_MARK = b"PAR1", b"PARE"
MOST_ROWS = 500_000_000  # repeated values pack into nothing: a small file may claim any number of rows
MOST_BYTES = 16 << 30
SIGNIFICANT_DIGITS = 15
FLOATS = ("FLOAT", "DOUBLE")
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
         "UHUGEINT")  # fmt: skip


class ParquetReader:
    """Reads one Parquet file: `_line` is the row's number from 1."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """One text table. Raises RejectedFile for a file that is no Parquet, cut, encrypted, or lacks columns."""
        if contract is None:
            raise RejectedFile(f"{path.name}: it is not clear which table this file is.", "Name the table with --as.")
        types = _columns(path)
        dialect = mapping.dialect_over(contract.dialect) if mapping is not None else contract.dialect
        match = match_headers(contract, list(types), mapping, path)
        names = list(types)
        taken = [(names[place], column) for place, column in enumerate(match.columns) if column is not None]
        selected = ", ".join(
            f"{_text_sql(name, types[name], contract.column(column), dialect)} as {name_sql(column)}"
            for name, column in taken
        )
        written = ", ".join(f"coalesce(cast({name_sql(name)} as varchar), '')" for name in names)
        relation = f"text_parquet_{contract.table}"
        connection.execute(
            f"create or replace temp view {name_sql(relation)} as select {selected}, file_row_number + 1 as _line, "
            f"concat_ws(';', {written}) as _raw_line from {_source(path)}"
        )
        # The view is read while rows go in; whether every value can be read is found out before, on the side.
        with duckdb.connect() as aside:
            values = ", ".join(map(name_sql, names))
            rows = _guarded(path, aside, f"select count(*), bit_xor(hash({values})) from {_source(path)}")[0][0]
        ignored = [header for header in match.ignored if header]
        notes = (f"Not in the contract, and not loaded: {headers_in_words(ignored)}.",) if ignored else ()
        return [
            TextTable(
                contract.name, lay_mapping(connection, relation, contract, mapping), int(rows), ENCODING, dialect,
                notes, match.written,
            )
        ]  # fmt: skip


def header_rows(path: Path, dialect: Dialect, sheet: str | None, count: int) -> list[list[str]]:
    """The names of the file's columns, as its one header row."""
    return [list(_columns(path))]


def _source(path: Path) -> str:
    return f"read_parquet({path_sql(path)}, file_row_number = true, hive_partitioning = false)"


def _columns(path: Path) -> dict[str, str]:
    """Name → DuckDB type of the file's columns, in its order. Raises RejectedFile for what is no such file."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(max(path.stat().st_size - 4, 0))
        end = file.read(4)
    if not start:
        raise RejectedFile(f"{path.name} is empty.", "Export the file again.")
    if ENCRYPTED_MARK in (start, end):
        raise RejectedFile(f"{path.name} is encrypted.", "Export it without encryption.")
    if start != MARK or end != MARK:
        kind = "is cut off" if start == MARK else "is no Parquet file"
        raise RejectedFile(f"{path.name} {kind}.", "Export the file again.")
    with duckdb.connect() as connection:
        totals = _guarded(
            path, connection,
            f"select coalesce(max(num_rows), 0) from parquet_file_metadata({path_sql(path)}) union all "
            f"select coalesce(sum(total_uncompressed_size), 0) from parquet_metadata({path_sql(path)})",
        )  # fmt: skip
        if totals[0][0] > MOST_ROWS or totals[1][0] > MOST_BYTES:
            raise RejectedFile(
                f"{path.name} claims {totals[0][0]:,} rows: refused as dangerous.", "Export a shorter period."
            )
        described = _guarded(path, connection, f"describe select * exclude (file_row_number) from {_source(path)}")
    return {name: str(kind) for name, kind, *_ in described}


def _guarded(path: Path, connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    try:
        return connection.execute(query).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise RejectedFile(f"{path.name} cannot be read as Parquet: {reason}", "Export the file again.") from error


def _text_sql(name: str, kind: str, column: Column, dialect: Dialect) -> str:
    """SQL of one column's text."""
    cell = name_sql(name)
    if kind in FLOATS:
        # Fifteen digits are what a binary number holds for certain; the rest is noise. NaN is how some write null. It
        # is told by a pattern: a comparison is answered from the file's statistics, and writers leave NaN out of them.
        digits = f"format('{{:.{SIGNIFICANT_DIGITS}g}}', cast({cell} as double))"
        is_number = f"regexp_matches({digits}, '[0-9]|inf')"
        return f"case when {is_number} then {number_text_sql(digits, column, dialect)} end"
    if kind in WHOLE or kind.startswith("DECIMAL"):
        return number_text_sql(f"cast({cell} as varchar)", column, dialect)
    if kind == "DATE" and column.type in ("date", "timestamp"):
        return moment_text_sql(cell, _pattern(column, dialect))
    if kind.startswith("TIMESTAMP") and column.type in ("date", "timestamp"):
        local = f"{cell} at time zone {text_sql(dialect.timezone)}" if kind.endswith("ZONE") else cell
        return moment_text_sql(f"cast({local} as timestamp)", _pattern(column, dialect))
    if kind == "BLOB":
        return f"coalesce(try(decode({cell})), cast({cell} as varchar))"
    if kind == "VARCHAR":
        return iso_text_sql(cell, column, dialect)
    return f"cast({cell} as varchar)"


def _pattern(column: Column, dialect: Dialect) -> str:
    return dialect.date_format if column.type == "date" else dialect.timestamp_format

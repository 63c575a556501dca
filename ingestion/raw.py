"""The raw store: one bitemporal table a contract, and the book of loads. One writer; DuckDB holds the lock."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import duckdb

from ingestion.contracts import Contract
from ingestion.quoting import name_sql

MEMORY_LIMIT = "1200MB"
THREADS = 2
# DuckDB's hash() is fast but its makers may change it: a probe says when stored hashes must be computed anew.
HASH_PROBE = "hash('Retaguarda', 42, date '2026-11-20', 1234.56::decimal(18,2))"

_BOOK = (
    """create table if not exists load.files (
        file_id bigint primary key, batch_id varchar, file_name varchar, file_path varchar, sha256 varchar,
        size_bytes bigint, reader varchar, encoding varchar, loaded_at timestamp, knowledge_at timestamp,
        state varchar, message varchar, remedy varchar, recipe varchar)""",
    """create table if not exists load.tables (
        file_id bigint, source varchar, table_name varchar, rows_read bigint, rows_loaded bigint,
        rows_versioned bigint, rows_unchanged bigint, rows_closed bigint, rows_quarantined bigint,
        control_column varchar, control_read decimal(38,6), control_loaded decimal(38,6),
        control_unchanged decimal(38,6), control_quarantined decimal(38,6), rows_left_out bigint,
        control_left_out decimal(38,6))""",
    # row_key: hash of the key, where it can be read; layout_line: the row as a line of load.layouts, where raw_line is
    # not one; resolved_by: the later file that brought the row in good order.
    """create table if not exists load.quarantine (
        file_id bigint, source varchar, table_name varchar, line bigint, column_name varchar, value varchar,
        reason varchar, remedy varchar, raw_line varchar, row_key ubigint, layout_line varchar,
        resolved_by bigint)""",
    """create table if not exists load.layouts (
        file_id bigint, source varchar, table_name varchar, header varchar, delimiter varchar, quote varchar)""",
    "create table if not exists load.properties (name varchar primary key, value varchar)",
)
# Columns that the book gained later: a store of before gets them when it is opened for writing.
_GAINED = {
    "tables": {"rows_left_out": "bigint", "control_left_out": "decimal(38,6)"},
    "quarantine": {"row_key": "ubigint", "layout_line": "varchar", "resolved_by": "bigint"},
}
METADATA_COLUMNS = {
    "_row_key": "UBIGINT",
    "_row_hash": "UBIGINT",
    "_file_id": "BIGINT",
    "_line": "BIGINT",
    "_batch_id": "VARCHAR",
    "_valid_from": "TIMESTAMP",
    "_valid_to": "TIMESTAMP",
}


class RawStoreError(RuntimeError):
    """The raw store cannot be used as the contracts want; the text says which table and what to do."""


def open_raw(path: Path, contracts: Mapping[str, Contract], *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Connection to the raw store; when writable, every contract's table and the book of loads exist afterwards.

    A column that a contract has gained is added to its table (null for the rows before). Raises RawStoreError for a
    column whose type changed, duckdb.IOException when another process is writing.
    """
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _create_whole(path)
    connection = duckdb.connect(
        str(path),
        read_only=read_only,
        config={"memory_limit": MEMORY_LIMIT, "threads": THREADS},
    )
    if not read_only:
        try:
            _prepare(connection, contracts)
        except BaseException:
            connection.close()
            raise
    return connection


def _create_whole(path: Path) -> None:
    """Make an empty store elsewhere and put it in its place whole: DuckDB, killed while it makes one, leaves half."""
    made = path.with_name(f"{path.name}.{os.getpid()}.new")
    # Another process may be quicker, and its store counts. Where a folder takes no files or no links, the store is opened
    # at its place, which tells what is wrong or makes it there.
    with contextlib.suppress(OSError, duckdb.IOException):
        duckdb.connect(str(made)).close()
        os.link(made, path)
    with contextlib.suppress(OSError):
        made.unlink(missing_ok=True)


def table_sql(contract: Contract) -> str:
    """The contract's raw table, quoted for SQL."""
    return f"{name_sql(contract.source)}.{name_sql(contract.table)}"


def key_hash_sql(contract: Contract, prefix: str = "") -> str:
    """SQL of the hash of a row's key columns, each called `prefix` + its name."""
    return f"hash({', '.join(name_sql(prefix + name) for name in contract.key)})"


def row_hash_sql(contract: Contract, prefix: str = "") -> str:
    """SQL of the hash of all contract columns of a row."""
    return f"hash({', '.join(name_sql(prefix + column.name) for column in contract.columns)})"


def _prepare(connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]) -> None:
    connection.execute("begin")
    connection.execute("create schema if not exists load")
    for statement in _BOOK:
        connection.execute(statement)
    stored_columns = _stored_columns(connection)
    for table, columns in _GAINED.items():
        for name in columns.keys() - stored_columns["load", table].keys():
            connection.execute(f"alter table load.{table} add column {name} {columns[name]}")
    changed = {
        contract.name
        for contract in contracts.values()
        if _create(connection, contract, stored_columns.get((contract.source, contract.table), {}))
    }
    probe = str(connection.execute(f"select {HASH_PROBE}").fetchall()[0][0])
    stored = connection.execute("select value from load.properties where name = 'hash_probe'").fetchall()
    hashes_differ = bool(stored) and stored[0][0] != probe
    for contract in contracts.values():
        if hashes_differ or contract.name in changed:
            connection.execute(
                f"update {table_sql(contract)} set _row_key = {key_hash_sql(contract)}, "
                f"_row_hash = {row_hash_sql(contract)}"
            )
    if hashes_differ:
        connection.execute("update load.quarantine set row_key = null")
    # Written only when it changes: opening the store must not dirty the file.
    if not stored or hashes_differ:
        connection.execute("insert or replace into load.properties values ('hash_probe', ?)", [probe])
    connection.execute("commit")


def _stored_columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    """(schema, table) → column → type. One question for all: a question a table takes longer than all the rest."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and not internal order by all"
    ).fetchall():
        found.setdefault((schema, table), {})[column] = kind
    return found


def _create(connection: duckdb.DuckDBPyConnection, contract: Contract, present: Mapping[str, str]) -> bool:
    """Create the table or add the columns it lacks; whether columns were added to a table that existed."""
    wanted = {column.name: column.raw_type for column in contract.columns} | METADATA_COLUMNS
    if not present:
        columns = ", ".join(f"{name_sql(name)} {kind}" for name, kind in wanted.items())
        connection.execute(f"create schema if not exists {name_sql(contract.source)}")
        connection.execute(f"create table {table_sql(contract)} ({columns})")
        return False
    for name, kind in wanted.items():
        if name not in present:
            connection.execute(f"alter table {table_sql(contract)} add column {name_sql(name)} {kind}")
        elif present[name] != kind:
            raise RawStoreError(
                f"{contract.path}, line {contract.line}: {contract.name}.{name} is {kind} in the contract and "
                f"{present[name]} in the raw store. Give the column a new name, or load the exports into a new store."
            )
    return any(name not in present for name in wanted)

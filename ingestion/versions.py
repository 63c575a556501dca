"""One text table → versions of rows in the bitemporal raw table. Runs inside the transaction of its file.

A row is known from `_valid_from` until `_valid_to` (null: still). A row like the current version of its key changes
nothing; one with other values closes that version and opens a new one; a full export closes what it no longer has.
Knowledge only goes forward: a file that says it was known before a version that the table already has is refused, for
a version put in between would change what was known then without a trace.
"""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import duckdb

from ingestion.contracts import Contract
from ingestion.contradictions import contradiction_note
from ingestion.layout import layout_of
from ingestion.left_out import ENDED_KEYS, LeftOut, close_ended, split_left_out
from ingestion.mapping import Mapping
from ingestion.moved_units import moved_note
from ingestion.other_dialect import refuse_other_dialect
from ingestion.parsing import Parsing
from ingestion.quarantine import resolve, rows_quarantined, write_layout
from ingestion.quoting import name_sql
from ingestion.raw import table_sql
from ingestion.readers import RejectedFile, TextTable
from ingestion.reports import TableReport
from ingestion.shrinking import scope_sql
from ingestion.version_book import Load, RowsDoNotAddUp, VersionBook, same_key_sql, stage_sql


def prepare_stages(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Empty tables for rows on their way into tables that are not empty. To be called outside a transaction.

    DuckDB 2.0 does not see rows that it put in by several threads, beyond the first 122,880, in a table that was made
    in the same transaction: made before, it sees them all.
    """
    for contract in contracts:
        connection.execute(
            f"create or replace temp table {stage_sql(contract)} as select * from {table_sql(contract)} limit 0"
        )


def load_text_table(
    connection: duckdb.DuckDBPyConnection, contract: Contract, text: TextTable, load: Load, mapping: Mapping | None
) -> tuple[TableReport, tuple[str, ...]]:
    """Load one text table; returns its report and notes for people. `mapping` is that of the file.

    Raises RejectedFile when the table already holds later knowledge of these rows or when dates or amounts are in
    another order, HeldFile when a full export lacks suspiciously many of them or rows come from another unit,
    RowsDoNotAddUp when rows are missing between file and table.
    """
    target = table_sql(contract)
    present = {row[0] for row in connection.execute(f"describe {name_sql(text.relation)}").fetchall()}
    parsing = Parsing(contract, text.dialect, text.relation,
                      frozenset(present & {column.name for column in contract.columns}),
                      "_problem" in present, text.headers, "_remedy" in present, "_file_id" in present)  # fmt: skip
    layout = layout_of(parsing, text, mapping)
    left_out = LeftOut(control=None if contract.control_column is None else Decimal(0))
    if "_left_out" in present:
        parsing, left_out = split_left_out(connection, parsing)
    # Into an empty table rows go straight; otherwise to a temporary table first, to be compared.
    is_first = not connection.execute(f"select 1 from {target} limit 1").fetchall()
    stage = target if is_first else stage_sql(contract)
    book = VersionBook(connection, contract, stage, load)
    rows_read = book.fill(parsing, text.lines, text.rows_read - left_out.rows) + left_out.rows
    if rows_read != text.rows_read:
        raise RowsDoNotAddUp(
            f"{load.file_name}: {text.rows_read} rows were counted in the file and {rows_read} came out of it"
        )
    (_, good), (_, bad), unreadable = book.count("read"), book.count_bad("read"), book.control_unreadable()
    read = _sum(_sum(good, bad), left_out.control)
    rows_bad, quarantined, closable = book.quarantine_bad(parsing, layout)
    if rows_bad and load.last_file_id is None:
        refuse_other_dialect(connection, parsing, load, stage)
    is_full = contract.export == "full" and load.last_file_id is None
    if not is_first and is_full:
        book.remember_keys()
    rows_same, same, rows_repeated, repeated = book.settle_repeated_keys(parsing, layout)
    resolve(connection, parsing, load, stage, "_from_line" in present)
    versioned = closed = rows_unchanged = 0
    told: list[str | None] = []
    unchanged: Decimal | None = Decimal(0)
    if not is_first:
        _refuse_late(connection, contract, load, is_full=is_full, ended="_left_out" in present)
        rows_unchanged, unchanged = book.drop_unchanged()
        versioned = book.close_versions()
        told = [note(connection, contract, load, stage, versioned) for note in (moved_note, contradiction_note)]
        if left_out.rows:
            closed = close_ended(connection, contract, load.knowledge_at)
        if is_full and closable:
            closed += book.close_missing(rows_read, versioned)
    rows_loaded, loaded = book.count("loaded")
    if not is_first:
        inserted = int(connection.execute(f"insert into {target} select * from {stage}").fetchall()[0][0])
        if inserted != rows_loaded:
            raise RowsDoNotAddUp(f"{load.file_name}: {inserted} rows went into {contract.name}, and not {rows_loaded}")
        connection.execute(f"delete from {stage}")
    report = TableReport(
        table=contract.name, rows_read=rows_read, rows_loaded=rows_loaded, rows_versioned=versioned,
        rows_unchanged=rows_unchanged + rows_same, rows_closed=closed, rows_quarantined=rows_bad + rows_repeated,
        control_column=contract.control_column, control_read=read, control_loaded=loaded,
        control_unchanged=_sum(unchanged, same), control_quarantined=_sum(quarantined, repeated),
        control_unreadable=unreadable, rows_left_out=left_out.rows, control_left_out=left_out.control,
    )  # fmt: skip
    _check(report, rows_quarantined(connection, contract, load.rows), load)
    if report.rows_quarantined:
        write_layout(connection, contract, load.rows, layout)
    notes = [*text.notes, *filter(None, [left_out.note(), *told])]
    if not rows_read:
        notes.append("The file has a header and no rows.")
    if is_full and not closable and not is_first:
        notes.append("No row was closed as missing, because the key of a quarantined row cannot be read.")
    if unreadable:
        notes.append(
            f"The sums of {contract.control_column} leave out {unreadable:,} "
            f"{'value' if unreadable == 1 else 'values'} that cannot be read."
        )
    return report, tuple(notes)


def _refuse_late(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, *, is_full: bool, ended: bool
) -> None:
    stage = stage_sql(contract)
    keys = [stage, ENDED_KEYS] if ended else [stage]
    conditions = [f"exists (select 1 from {each} where {same_key_sql(contract, each)})" for each in keys]
    if is_full:
        # A full export also speaks of the rows that it lacks, of the companies and units that it holds.
        conditions.append(scope_sql(contract))
    touched = f"({' or '.join(conditions)})"
    found = connection.execute(
        f"select count(*), max(greatest(known._valid_from, coalesce(known._valid_to, known._valid_from))) "
        f"from {table_sql(contract)} as known where (known._valid_from > ? or known._valid_to > ?) and {touched}",
        [load.knowledge_at, load.knowledge_at],
    ).fetchall()
    if found[0][0]:
        raise RejectedFile(
            f"{load.file_name}: the file is said to have been known at {load.knowledge_at:%Y-%m-%d %H:%M:%S} UTC, but "
            f"{contract.name} already holds {found[0][0]} versions of its rows from later times (until "
            f"{found[0][1]:%Y-%m-%d %H:%M:%S} UTC).",
            "Load files in the order in which they were known, or load this one without --as-of, as known now.",
        )


def _sum(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else first + second


def _check(report: TableReport, in_quarantine: int, load: Load) -> None:
    parts = report.rows_loaded + report.rows_unchanged + report.rows_quarantined + report.rows_left_out
    sums = _sum(_sum(report.control_loaded, report.control_unchanged), report.control_quarantined)
    sums = _sum(sums, report.control_left_out)
    told = (report.rows_quarantined > 0) == (in_quarantine > 0) and in_quarantine <= report.rows_quarantined
    if parts != report.rows_read or sums != report.control_read or not told:
        raise RowsDoNotAddUp(f"{load.file_name}: read is not loaded + unchanged + quarantined + left out: {report}")

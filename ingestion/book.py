"""The book of loads: load.files and load.tables, one row for every attempt, also for files that were refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from ingestion.contracts import Contract
from ingestion.reports import TableReport


@dataclass
class File:
    """What is known of the file that is being loaded, as far as it is known."""

    path: Path
    batch_id: str
    loaded_at: datetime
    knowledge_at: datetime
    name: str  # in reports and in the book: the file's own, or `archive.zip/member.csv`
    container: Path | None = None  # the archive that it lies in
    sha256: str | None = None
    size_bytes: int | None = None
    reader: str | None = None
    encoding: str | None = None
    recipe: str | None = None
    notes: list[str] = field(default_factory=list)


def record_file(connection: duckdb.DuckDBPyConnection, file: File, state: str, message: str, remedy: str) -> int:
    """Write the file's row and return its id, the next free one (the store has one writer)."""
    file_id = int(connection.execute("select coalesce(max(file_id), 0) + 1 from load.files").fetchall()[0][0])
    connection.execute(
        "insert into load.files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [file_id, file.batch_id, file.name, str(file.container or file.path), file.sha256, file.size_bytes, file.reader,
         file.encoding, file.loaded_at, file.knowledge_at, state, message, remedy, file.recipe],
    )  # fmt: skip
    return file_id


def record_table(
    connection: duckdb.DuckDBPyConnection, contract: Contract | str, file_id: int, report: TableReport
) -> None:
    """Write what became of the rows of one table of a file."""
    source, table = (contract if isinstance(contract, str) else contract.name).split(".", 1)
    connection.execute(
        "insert into load.tables values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [file_id, source, table, report.rows_read, report.rows_loaded, report.rows_versioned, report.rows_unchanged,
         report.rows_closed, report.rows_quarantined, report.control_column, report.control_read,
         report.control_loaded, report.control_unchanged, report.control_quarantined, report.rows_left_out,
         report.control_left_out],
    )  # fmt: skip


def tables_of_earlier_load(
    connection: duckdb.DuckDBPyConnection, sha256: str, recipe: str, full: list[str], knowledge_at: datetime
) -> tuple[int, tuple[TableReport, ...]] | None:
    """File id and tables of the load of the same content with the same recipe; None if there was none.

    What was loaded is now unchanged; what went to quarantine is in quarantine still. None also where another file has since changed one of the tables in `full` (full exports), as known by
    `knowledge_at`: what was said first, and is said again, is then news.
    """
    found = connection.execute(
        "select file_id, t.source || '.' || t.table_name, t.rows_read, t.rows_quarantined, coalesce(t.rows_left_out, 0), "
        "t.control_column, t.control_read, t.control_quarantined, t.control_left_out "
        "from load.files as f join load.tables as t using (file_id) "
        "where f.sha256 = ? and f.recipe = ? and f.state = 'loaded' "
        "and f.file_id = (select max(file_id) from load.files "
        "where sha256 = ? and recipe = ? and state = 'loaded') order by t.rowid",
        [sha256, recipe, sha256, recipe],
    ).fetchall()
    if not found or _changed_since(connection, sha256, recipe, full, knowledge_at):
        return None
    reports = []
    for _, name, rows, bad, left_out, column, control, quarantined, aside in found:
        none = None if control is None else Decimal(0)
        aside = none if aside is None else aside
        reports.append(TableReport(
            table=name, rows_read=rows, rows_loaded=0, rows_versioned=0, rows_unchanged=rows - bad - left_out,
            rows_closed=0, rows_quarantined=bad, control_column=column, control_read=control, control_loaded=none,
            control_unchanged=None if control is None else control - (quarantined or 0) - (aside or 0),
            control_quarantined=quarantined, rows_left_out=left_out, control_left_out=aside,
        ))  # fmt: skip
    return found[0][0], tuple(reports)


def _changed_since(
    connection: duckdb.DuckDBPyConnection, sha256: str, recipe: str, full: list[str], knowledge_at: datetime
) -> bool:
    if not full:
        return False
    return bool(
        connection.execute(
            "select 1 from load.files as f join load.tables as t using (file_id) "
            "where f.state = 'loaded' and f.knowledge_at <= ? and t.rows_loaded + t.rows_closed > 0 "
            "and list_contains(?, t.source || '.' || t.table_name) "
            "and f.file_id > (select max(file_id) from load.files "
            "where sha256 = ? and recipe = ? and state = 'loaded') limit 1",
            [knowledge_at, full, sha256, recipe],
        ).fetchall()
    )

"""The book of loads for batches: many rows of load.files and load.tables written in one statement each."""

# ruff: noqa: S608 — SQL is written from our own names.

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from ingestion.book import File
from ingestion.contracts import Contract
from ingestion.reports import TableReport
from ingestion.version_book import TALLY, RowsDoNotAddUp

MEMBERS = "batch_members"
_MEASURES = ("loaded", "versioned", "unchanged", "quarantined")


@dataclass
class MemberFile:
    """One file of a batch and what became of it; `earlier` is the id of the load of the same content, if any."""

    name: str
    path: Path
    sha256: str
    size_bytes: int
    state: str = "loaded"
    message: str = ""
    remedy: str = ""
    earlier: int | None = None
    file_id: int = 0


def find_earlier(connection: duckdb.DuckDBPyConnection, members: list[MemberFile], recipe: str) -> None:
    """Mark the members whose content was loaded before with the same recipe."""
    _register(connection, members)
    found = connection.execute(
        f"select m.position, max(f.file_id) from {MEMBERS} as m join load.files as f "
        "on f.sha256 = m.sha256 and f.recipe = ? and f.state = 'loaded' group by 1",
        [recipe],
    ).fetchall()
    for position, file_id in found:
        members[position].earlier = file_id
        members[position].state = "unchanged"
        members[position].message = f"{members[position].name}: loaded before with the same content; nothing changed."


def record_members(connection: duckdb.DuckDBPyConnection, members: list[MemberFile], batch: File) -> None:
    """Give each member the next free id and write its row of load.files; of what is known it copies the tables."""
    first = int(connection.execute("select coalesce(max(file_id), 0) + 1 from load.files").fetchall()[0][0])
    for position, member in enumerate(members):
        member.file_id = first + position
    _register(connection, members)
    connection.execute(
        "insert into load.files select file_id, ?, name, path, sha256, size_bytes, ?, ?, ?, ?, state, message, remedy, "
        f"? from {MEMBERS} order by file_id",
        [batch.batch_id, batch.reader, batch.encoding, batch.loaded_at, batch.knowledge_at, batch.recipe],
    )
    connection.execute(
        "insert into load.tables select m.file_id, t.source, t.table_name, t.rows_read, 0, 0, "
        "t.rows_read - t.rows_quarantined - coalesce(t.rows_left_out, 0), 0, t.rows_quarantined, t.control_column, "
        "t.control_read, 0, t.control_read - coalesce(t.control_quarantined, 0) - coalesce(t.control_left_out, 0), "
        "t.control_quarantined, t.rows_left_out, t.control_left_out "
        f"from {MEMBERS} as m join load.tables as t on t.file_id = m.earlier order by m.file_id"
    )


def numbered(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """A view over a relation with `_member` in which each row has its member's `_file_id`."""
    view = f"{relation}_numbered"
    connection.execute(
        f'create or replace temp view "{view}" as select rows.* exclude (_member), members.file_id as _file_id '
        f'from "{relation}" as rows join {MEMBERS} as members on members.name = rows._member'
    )
    return view


def start_tally(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty count of what becomes of the rows of each member."""
    connection.execute(
        f"create or replace temp table {TALLY} (file_id bigint, table_name varchar, measure varchar, rows bigint, "
        "control decimal(38, 6))"
    )


def record_member_tables(connection: duckdb.DuckDBPyConnection, contract: Contract, batch: File) -> None:
    """Write what became of the rows of one table, member by member. Raises RowsDoNotAddUp where they do not add up."""
    sums = ", ".join(
        f"coalesce(sum(rows) filter (measure = '{measure}'), 0)::bigint as rows_{measure}, "
        f"coalesce(sum(control) filter (measure = '{measure}'), 0) as control_{measure}"
        for measure in ("read", *_MEASURES)
    )
    connection.execute(
        f"create or replace temp table member_tables as select file_id, {sums} from {TALLY} where table_name = ? "
        "group by file_id",
        [contract.name],
    )
    wrong = connection.execute(
        "select file_id from member_tables where rows_read <> rows_loaded + rows_unchanged + rows_quarantined "
        "or control_read <> control_loaded + control_unchanged + control_quarantined limit 1"
    ).fetchall()
    if wrong:
        raise RowsDoNotAddUp(f"{batch.name}: read is not loaded + unchanged + quarantined in file {wrong[0][0]}")
    controls = [f"control_{measure}" for measure in ("read", "loaded", "unchanged", "quarantined")]
    shown = ", ".join(controls) if contract.control_column else ", ".join(["null"] * len(controls))
    nothing_left_out = "0, 0" if contract.control_column else "0, null"
    connection.execute(
        "insert into load.tables select file_id, ?, ?, rows_read, rows_loaded, rows_versioned, rows_unchanged, 0, "
        f"rows_quarantined, ?, {shown}, {nothing_left_out} from member_tables order by file_id",
        [contract.source, contract.table, contract.control_column],
    )


def tell_members(connection: duckdb.DuckDBPyConnection, first: int, last: int, notes: dict[str, str]) -> None:
    """Write the message of each member that was loaded."""
    frame = pl.DataFrame({"name": list(notes), "note": list(notes.values())},
                         schema={"name": pl.String, "note": pl.String})  # fmt: skip
    connection.register("member_notes", frame)
    connection.execute(
        "update load.files as f set message = f.file_name || ': ' || told.words from ("
        "select m.name, coalesce(nullif(concat_ws(' ', string_agg(t.source || '.' || t.table_name || ': ' || "
        "t.rows_read || ' rows read: ' || t.rows_loaded || ' loaded, ' || t.rows_unchanged || ' unchanged, ' || "
        "t.rows_quarantined || ' quarantined.', ' ' order by t.rowid), any_value(n.note)), ''), 'nothing to load.') "
        "as words, m.file_id "
        f"from {MEMBERS} as m left join load.tables as t using (file_id) left join member_notes as n using (name) "
        "where m.state = 'loaded' group by all) as told "
        "where f.file_id = told.file_id and f.file_id between ? and ?",
        [first, last],
    )
    connection.unregister("member_notes")


def earlier_tables(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[TableReport]:
    """Sums by table over the members between two ids that were loaded before."""
    return [
        TableReport(
            table=name, rows_read=read, rows_loaded=0, rows_versioned=0, rows_unchanged=same, rows_closed=0,
            rows_quarantined=bad, control_column=column, control_read=control_read, control_loaded=control_loaded,
            control_unchanged=control_same, control_quarantined=control_bad, rows_left_out=left_out,
            control_left_out=control_left_out,
        )
        for name, column, read, same, bad, left_out, control_read, control_loaded, control_same, control_bad,
        control_left_out in connection.execute(
            "select t.source || '.' || t.table_name, any_value(t.control_column), sum(t.rows_read)::bigint, "
            "sum(t.rows_unchanged)::bigint, sum(t.rows_quarantined)::bigint, "
            "coalesce(sum(t.rows_left_out), 0)::bigint, sum(t.control_read), sum(t.control_loaded), "
            "sum(t.control_unchanged), sum(t.control_quarantined), sum(t.control_left_out) "
            "from load.tables as t join load.files as f using (file_id) "
            "where f.state = 'unchanged' and file_id between ? and ? group by 1 order by min(t.rowid)",
            [first, last],
        ).fetchall()
    ]  # fmt: skip


def _register(connection: duckdb.DuckDBPyConnection, members: list[MemberFile]) -> None:
    frame = pl.DataFrame(
        {
            "position": range(len(members)),
            "file_id": [member.file_id for member in members],
            "name": [member.name for member in members],
            "path": [str(member.path) for member in members],
            "sha256": [member.sha256 for member in members],
            "size_bytes": [member.size_bytes for member in members],
            "state": [member.state for member in members],
            "message": [member.message for member in members],
            "remedy": [member.remedy for member in members],
            "earlier": pl.Series([member.earlier for member in members], dtype=pl.Int64),
        }
    )
    connection.register("batch_members_frame", frame)
    connection.execute(f"create or replace temp table {MEMBERS} as from batch_members_frame")
    connection.unregister("batch_members_frame")

"""One text table → versions of rows in the bitemporal raw table. Runs inside the transaction of its file.

A row is known from `_valid_from` until `_valid_to` (null: still). A row like the current version of its key changes
nothing; one with other values closes that version and opens a new one; a full export closes what it no longer has.
Knowledge only goes forward: a file that says it was known before a version that the table already has is refused, for
a version put in between would change what was known then without a trace.
"""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from ingestion.contracts import Contract
from ingestion.layout import Layout, layout_of
from ingestion.left_out import ENDED_KEYS, LeftOut, close_ended, split_left_out
from ingestion.mapping import Mapping
from ingestion.parsing import Parsing, name_sql
from ingestion.quarantine import resolve, rows_quarantined, write_layout, write_problems, write_repeated_keys
from ingestion.raw import key_hash_sql, row_hash_sql, table_sql
from ingestion.readers import RejectedFile, TextTable
from ingestion.reports import TableReport
from ingestion.shrinking import HeldFile, refuse_shrunk, scope_sql

__all__ = ["HeldFile", "Load", "RowsDoNotAddUp", "load_text_table", "prepare_stages"]

TALLY = "member_tally"


class RowsDoNotAddUp(RuntimeError):
    """The rows that came out of a file are not as many as its reader counted: nothing may be loaded from it."""


@dataclass(frozen=True)
class Load:
    """The file that is being loaded; times in UTC.

    A batch of members has the ids from `file_id` to `last_file_id`, one a member; each row of its text tables tells
    which in `_file_id`, and what became of them is also counted by member (table `member_tally`). `maximum_shrink` is
    the share of its rows that a full export may lack before it is held; None: any.
    """

    file_id: int
    file_name: str
    batch_id: str
    knowledge_at: datetime
    last_file_id: int | None = None
    maximum_shrink: float | None = None

    @property
    def rows(self) -> str:
        """SQL condition: the rows of this load."""
        if self.last_file_id is None:
            return f"_file_id = {self.file_id}"
        return f"_file_id between {self.file_id} and {self.last_file_id}"


def prepare_stages(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Empty tables for rows on their way into tables that are not empty. To be called outside a transaction.

    DuckDB 2.0 does not see rows that it put in by several threads, beyond the first 122,880, in a table that was made
    in the same transaction: made before, it sees them all.
    """
    for contract in contracts:
        connection.execute(
            f"create or replace temp table {_stage_sql(contract)} as select * from {table_sql(contract)} limit 0"
        )


def load_text_table(
    connection: duckdb.DuckDBPyConnection, contract: Contract, text: TextTable, load: Load, mapping: Mapping | None
) -> tuple[TableReport, tuple[str, ...]]:
    """Load one text table; returns its report and notes for people. `mapping` is that of the file.

    Raises RejectedFile when the table already holds later knowledge of these rows, HeldFile when a full export lacks
    suspiciously many of them, RowsDoNotAddUp when rows are missing between file and table.
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
    stage = target if is_first else _stage_sql(contract)
    book = _Book(connection, contract, stage, load)
    rows_read = book.fill(parsing) + left_out.rows
    if rows_read != text.rows_read:
        raise RowsDoNotAddUp(
            f"{load.file_name}: {text.rows_read} rows were counted in the file and {rows_read} came out of it"
        )
    (_, read), unreadable = book.count("read"), book.control_unreadable()
    read = _sum(read, left_out.control)
    rows_bad, quarantined, closable = book.quarantine_bad(parsing, layout)
    is_full = contract.export == "full" and load.last_file_id is None
    if not is_first and is_full:
        book.remember_keys()
    if rows_bad:
        connection.execute(f"delete from {stage} where {book.mine} and _batch_id is null")
    rows_same, same, rows_repeated, repeated = book.settle_repeated_keys(parsing, layout)
    resolve(connection, parsing, load, stage, "_from_line" in present)
    versioned = closed = rows_unchanged = 0
    unchanged: Decimal | None = Decimal(0)
    if not is_first:
        _refuse_late(connection, contract, load, is_full=is_full, ended="_left_out" in present)
        rows_unchanged, unchanged = book.drop_unchanged()
        versioned = book.close_versions()
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
    notes = [*text.notes, *filter(None, [left_out.note()])]
    if not rows_read:
        notes.append("The file has a header and no rows.")
    if is_full and not closable and not is_first:
        notes.append("No row was closed as missing, because the key of a quarantined row cannot be read.")
    if unreadable:
        notes.append(f"The sums of {contract.control_column} leave out {unreadable} values that cannot be read.")
    return report, tuple(notes)


class _Book:
    """The rows of one load on their way into the raw table: `stage` is that table itself or a temporary one."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, contract: Contract, stage: str, load: Load) -> None:
        self.connection, self.contract, self.stage, self.load = connection, contract, stage, load
        self.mine = load.rows
        self.keys = ", ".join(name_sql(name) for name in contract.key)

    def fill(self, parsing: Parsing) -> int:
        """Put every row of the text, good or bad, into the stage; returns their number."""
        # A row with a problem comes in as well, without a batch, so that one pass over the file counts every row.
        values = ", ".join(f"v_{column.name}" for column in self.contract.columns)
        # Each row brings its line along: their order in the raw table does not matter, and threads need not wait.
        self.connection.execute("set preserve_insertion_order = false")
        self.connection.execute(
            f"insert into {self.stage} select {values}, {key_hash_sql(self.contract, 'v_')}, "
            f"{row_hash_sql(self.contract, 'v_')}, {parsing.file_id(self.load.file_id)}, _line, "
            f"case when {parsing.is_bad()} then null else ? end, ?, null from ({parsing.typed()}) as parsed",
            [self.load.batch_id, self.load.knowledge_at],
        )
        # Where that fails, the transaction takes no statement any more: whoever rolls it back sets this again.
        self.connection.execute("set preserve_insertion_order = true")
        # A count without a condition comes from the table's statistics; this one looks at the rows.
        return int(self._one(f"select coalesce(sum(case when _line is null then 0 else 1 end), 0) from {self.stage} "
                             f"where {self.mine}"))  # fmt: skip

    def rows(self, condition: str = "true") -> int:
        return int(self._one(f"select count(*) from {self.stage} where {self.mine} and {condition}"))

    def control(self, condition: str = "true") -> Decimal | None:
        column = self.contract.control_column
        if column is None:
            return None
        return Decimal(self._one(f"select coalesce(sum({name_sql(column)}), 0) from {self.stage} "
                                 f"where {self.mine} and {condition}"))  # fmt: skip

    def count(self, measure: str, condition: str = "true") -> tuple[int, Decimal | None]:
        """Rows and control sum under a condition; of a batch also counted by member, under the measure's name."""
        if self.load.last_file_id is not None:
            column = self.contract.control_column
            control = f"coalesce(sum({name_sql(column)}), 0)" if column else "null"
            self.connection.execute(
                f"insert into {TALLY} select _file_id, ?, ?, count(*), {control} from {self.stage} "
                f"where {self.mine} and {condition} group by _file_id",
                [self.contract.name, measure],
            )
        return self.rows(condition), self.control(condition)

    def control_unreadable(self) -> int:
        column = self.contract.control_column
        if column is None or not self.contract.column(column).required:
            return 0
        return self.rows(f"{name_sql(column)} is null")

    def quarantine_bad(self, parsing: Parsing, layout: Layout) -> tuple[int, Decimal | None, bool]:
        """Rows and control sum that go to quarantine, and whether each of their keys can be read."""
        bad = "_batch_id is null"
        rows = self.rows(bad)
        if not rows:
            return 0, self.control("false"), True
        write_problems(self.connection, parsing, self.load.file_id, layout)
        written = rows_quarantined(self.connection, self.contract, self.mine)
        if not 0 < written <= rows:  # fewer, where a reader has several rows on one line
            raise RowsDoNotAddUp(f"{rows} rows have a problem and {written} are in quarantine")
        unknown = " or ".join(f"{name_sql(name)} is null" for name in self.contract.key)
        return *self.count("quarantined", bad), not self.rows(f"{bad} and ({unknown})")

    def remember_keys(self) -> None:
        columns = ", ".join(name_sql(name) for name in dict.fromkeys(("_row_key", *self.contract.key,
                                                                      *self.contract.scope)))  # fmt: skip
        self.connection.execute(
            f"create or replace temp table file_keys as select distinct {columns} from {self.stage} where {self.mine}"
        )

    def settle_repeated_keys(self, parsing: Parsing, layout: Layout) -> tuple[int, Decimal | None, int, Decimal | None]:
        """Of rows with the same key the last stays: those like it are unchanged, the others quarantined."""
        twice = f"select _row_key from {self.stage} where {self.mine} group by _row_key having count(*) > 1"
        self.connection.execute(f"create or replace temp table twice as {twice}")
        if not self._one("select count(*) from twice"):
            return 0, self.control("false"), 0, self.control("false")
        last = (
            f"over (partition by _row_key, {self.keys} order by _file_id, _line, rowid "
            "rows between unbounded preceding and unbounded following)"
        )
        self.connection.execute(
            f"""
            create or replace temp table repeated as
            select * from (
                select {self.keys}, _row_key, _file_id, _line, rowid as row_number,
                    last_value(_line) {last} as last_line, last_value(_file_id) {last} as last_file,
                    last_value(rowid) {last} as last_row, last_value(_row_hash) {last} = _row_hash as is_same
                from {self.stage} where {self.mine} and _row_key in (select _row_key from twice)
            ) as ranked where row_number <> last_row
            """
        )
        same = "rowid in (select row_number from repeated where is_same)"
        other = "rowid in (select row_number from repeated where not is_same)"
        result = (*self.count("unchanged", same), *self.count("quarantined", other))
        if result[2]:
            self.connection.execute("create or replace temp table other_values as from repeated where not is_same")
            write_repeated_keys(self.connection, parsing, "other_values", layout)
        self.connection.execute(f"delete from {self.stage} where rowid in (select row_number from repeated)")
        return result

    def drop_unchanged(self) -> tuple[int, Decimal | None]:
        """Take out rows that say what the current version says; their number and control sum."""
        self.connection.execute(
            f"create or replace temp table same_rows as select {self.stage}.rowid as row_number from {self.stage} "
            f"join {table_sql(self.contract)} as known on known._valid_to is null "
            f"and known._row_hash = {self.stage}._row_hash and {_same_key(self.contract, self.stage)}"
        )
        same = "rowid in (select row_number from same_rows)"
        result = self.count("unchanged", same)
        if result[0]:
            self.connection.execute(f"delete from {self.stage} where {same}")
        return result

    def close_versions(self) -> int:
        replaced = f"known._valid_to is null and {_same_key(self.contract, self.stage)}"
        if self.load.last_file_id is not None:
            self.connection.execute(
                f"insert into {TALLY} select {self.stage}._file_id, ?, 'versioned', count(*), null "
                f"from {table_sql(self.contract)} as known join {self.stage} on {replaced} group by 1",
                [self.contract.name],
            )
        return self._changed(
            f"update {table_sql(self.contract)} as known set _valid_to = ? from {self.stage} where {replaced}"
        )

    def close_missing(self, rows_read: int, versioned: int) -> int:
        missing = (
            f"known._valid_to is null and {scope_sql(self.contract)} "
            f"and not exists (select 1 from file_keys where {_same_key(self.contract, 'file_keys')})"
        )
        if self.load.maximum_shrink is not None:
            refuse_shrunk(self.connection, self.contract, missing, self.load.file_name, (rows_read, versioned),
                          self.load.maximum_shrink)  # fmt: skip
        return self._changed(f"update {table_sql(self.contract)} as known set _valid_to = ? where {missing}")

    def _changed(self, statement: str) -> int:
        return int(self.connection.execute(statement, [self.load.knowledge_at]).fetchall()[0][0])

    def _one(self, query: str) -> int:
        value: int = self.connection.execute(query).fetchall()[0][0]
        return value


def _stage_sql(contract: Contract) -> str:
    return name_sql(f"new_rows_{contract.source}_{contract.table}")


def _same_key(contract: Contract, other: str) -> str:
    # The hash finds the row quickly; the columns make sure of it.
    equal = [f"known.{name_sql(name)} is not distinct from {other}.{name_sql(name)}" for name in contract.key]
    return " and ".join([f"known._row_key = {other}._row_key", *equal])


def _refuse_late(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, *, is_full: bool, ended: bool
) -> None:
    stage = _stage_sql(contract)
    keys = [stage, ENDED_KEYS] if ended else [stage]
    conditions = [f"exists (select 1 from {each} where {_same_key(contract, each)})" for each in keys]
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

"""The rows of one load on their way into a raw table: counted, and kept apart by what becomes of them."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from ingestion.contracts import Contract
from ingestion.layout import Layout
from ingestion.parsing import Parsing
from ingestion.quarantine import BAD_ROWS, find_bad_rows, rows_quarantined, write_problems, write_repeated_keys
from ingestion.quoting import name_sql
from ingestion.raw import key_hash_sql, row_hash_sql, table_sql
from ingestion.readers import RowLines
from ingestion.shrinking import refuse_shrunk, scope_sql

TALLY = "member_tally"
MOST_LINES_PICKED = 200_000  # of more, picking costs as much as reading all once more


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


class VersionBook:
    """The rows of one load on their way into the raw table: `stage` is that table itself or a temporary one."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, contract: Contract, stage: str, load: Load) -> None:
        self.connection, self.contract, self.stage, self.load = connection, contract, stage, load
        self.mine = load.rows
        self.keys = ", ".join(name_sql(name) for name in contract.key)
        self.rows_bad = 0

    def fill(self, parsing: Parsing, lines: RowLines | None, rows_expected: int) -> int:
        """Put every good row of the text into the stage and the others into the table of bad rows; their number.

        Bad rows never enter the stage: DuckDB writes all that a transaction put into a table once more if it also
        took something out. Every row that is not in the stage is looked at again, and must turn out to be bad.
        """
        good = self._fill_with_good(parsing, lines)
        if lines is not None and (beyond := self.rows(f"_line > {lines.last}")):
            return rows_expected + beyond
        if lines is None or not lines.is_certain:
            rows = self._one(f"select count(*) from {name_sql(parsing.relation)}")
            if rows != rows_expected:
                return rows
        if good != rows_expected:
            with self._missing_lines(lines, good):
                self.rows_bad = find_bad_rows(self.connection, parsing)
        return good + self.rows_bad

    def _fill_with_good(self, parsing: Parsing, lines: RowLines | None) -> int:
        values = ", ".join(f"v_{column.name}" for column in self.contract.columns)
        # A row beyond the last line would be none of the file: it goes in, to be counted as one too many.
        within = "" if lines is None else f" and _line <= {lines.last}"
        # Each row brings its line along: their order in the raw table does not matter, and threads need not wait.
        self.connection.execute("set preserve_insertion_order = false")
        self.connection.execute(
            f"insert into {self.stage} select {values}, {key_hash_sql(self.contract, 'v_')}, "
            f"{row_hash_sql(self.contract, 'v_')}, {parsing.file_id(self.load.file_id)}, _line, ?, ?, null "
            f"from ({parsing.typed()}) as parsed where not ({parsing.is_bad()}{within})",
            [self.load.batch_id, self.load.knowledge_at],
        )
        # Where that fails, the transaction takes no statement any more: whoever rolls it back sets this again.
        self.connection.execute("set preserve_insertion_order = true")
        # A count without a condition comes from the table's statistics; this one looks at the rows.
        return int(self._one(f"select coalesce(sum(case when _line is null then 0 else 1 end), 0) from {self.stage} "
                             f"where {self.mine}"))  # fmt: skip

    def _missing_lines(self, lines: RowLines | None, good: int) -> AbstractContextManager[None]:
        """Within it the text has just the rows that are not in the stage, or all where picking them would not pay."""
        if lines is None or lines.last - lines.first + 1 - good > MOST_LINES_PICKED:
            return nullcontext()
        # A bit a line: ten times as fast as a join of ten million numbers.
        bits = self.connection.execute(
            f"select cast(bitstring_agg(_line, {lines.first}, {lines.last}) as varchar) from {self.stage} "
            f"where {self.mine}"
        ).fetchall()[0][0]
        found = range(lines.first, lines.last + 1) if bits is None else _zeros(bits, lines.first)
        return lines.only(found)

    def rows(self, condition: str = "true") -> int:
        """Rows of this load in the stage under a condition."""
        return int(self._one(f"select count(*) from {self.stage} where {self.mine} and {condition}"))

    def control(self, condition: str = "true") -> Decimal | None:
        """Control sum of those rows; None where the contract has no control column."""
        column = self.contract.control_column
        if column is None:
            return None
        return Decimal(self._one(f"select coalesce(sum({name_sql(column)}), 0) from {self.stage} "
                                 f"where {self.mine} and {condition}"))  # fmt: skip

    def count(self, measure: str, condition: str = "true") -> tuple[int, Decimal | None]:
        """Rows and control sum under a condition; of a batch also counted by member, under the measure's name."""
        column = self.contract.control_column
        self._tally(measure, f"{self.stage} where {self.mine} and {condition}", column and name_sql(column))
        return self.rows(condition), self.control(condition)

    def count_bad(self, measure: str) -> tuple[int, Decimal | None]:
        """Rows with a problem and their control sum, counted as `count` does."""
        column = self.contract.control_column
        if not self.rows_bad:
            return 0, None if column is None else Decimal(0)
        self._tally(measure, BAD_ROWS, column and f"v_{column}")
        if column is None:
            return self.rows_bad, None
        return self.rows_bad, Decimal(self._one(f"select coalesce(sum(v_{column}), 0) from {BAD_ROWS}"))

    def _tally(self, measure: str, rows: str, column: str | None) -> None:
        """Of a batch, count `rows` (a table, with a condition) by member."""
        if self.load.last_file_id is None:
            return
        control = f"coalesce(sum({column}), 0)" if column else "null"
        self.connection.execute(
            f"insert into {TALLY} select _file_id, ?, ?, count(*), {control} from {rows} group by _file_id",
            [self.contract.name, measure],
        )

    def control_unreadable(self) -> int:
        """Rows whose value of the control column cannot be read, so that the sum leaves them out."""
        column = self.contract.control_column
        if column is None or not self.contract.column(column).required or not self.rows_bad:
            return 0
        return self._one(f"select count(*) from {BAD_ROWS} where v_{column} is null")

    def quarantine_bad(self, parsing: Parsing, layout: Layout) -> tuple[int, Decimal | None, bool]:
        """Rows and control sum that go to quarantine, and whether each of their keys can be read."""
        if not self.rows_bad:
            return *self.count_bad("quarantined"), True
        write_problems(self.connection, parsing, self.load.file_id, layout)
        written = rows_quarantined(self.connection, self.contract, self.mine)
        if not 0 < written <= self.rows_bad:  # fewer, where a reader has several rows on one line
            raise RowsDoNotAddUp(f"{self.rows_bad} rows have a problem and {written} are in quarantine")
        unknown = " or ".join(f"v_{name} is null" for name in self.contract.key)
        closable = not self._one(f"select count(*) from {BAD_ROWS} where {unknown}")
        return *self.count_bad("quarantined"), closable

    def remember_keys(self) -> None:
        """Keep the keys of the whole file: a full export closes what it does not name."""
        names = list(dict.fromkeys((*self.contract.key, *self.contract.scope)))
        columns = ", ".join(map(name_sql, names))
        every = f"select distinct _row_key, {columns} from {self.stage} where {self.mine}"
        if self.rows_bad:
            bad = ", ".join(name_sql(f"v_{name}") for name in names)
            every += f" union select {key_hash_sql(self.contract, 'v_')}, {bad} from {BAD_ROWS}"
        self.connection.execute(f"create or replace temp table file_keys as {every}")

    def settle_repeated_keys(self, parsing: Parsing, layout: Layout) -> tuple[int, Decimal | None, int, Decimal | None]:
        """Of rows with the same key the last stays: those like it are unchanged, the others quarantined."""
        keys = self._one(f"select count(*) from (select distinct _row_key from {self.stage} where {self.mine})")
        if keys == self.rows():
            # So it is in most files, and counting keys takes two thirds of counting the rows of each.
            return 0, self.control("false"), 0, self.control("false")
        twice = f"select _row_key from {self.stage} where {self.mine} group by _row_key having count(*) > 1"
        self.connection.execute(f"create or replace temp table twice as {twice}")
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
            f"and known._row_hash = {self.stage}._row_hash and {same_key_sql(self.contract, self.stage)}"
        )
        same = "rowid in (select row_number from same_rows)"
        result = self.count("unchanged", same)
        if result[0]:
            self.connection.execute(f"delete from {self.stage} where {same}")
        return result

    def close_versions(self) -> int:
        """End the versions that this load replaces; their number."""
        replaced = f"known._valid_to is null and {same_key_sql(self.contract, self.stage)}"
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
        """End what a full export no longer has; their number. Raises HeldFile when that is suspiciously much."""
        missing = (
            f"known._valid_to is null and {scope_sql(self.contract)} "
            f"and not exists (select 1 from file_keys where {same_key_sql(self.contract, 'file_keys')})"
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


def _zeros(bits: str, first: int) -> list[int]:
    """Numbers, counted from `first`, of the places at which a 0 stands."""
    found = []
    place = bits.find("0")
    while place >= 0:
        found.append(first + place)
        place = bits.find("0", place + 1)
    return found


def stage_sql(contract: Contract) -> str:
    """SQL name of the temporary table for rows on their way into a table that is not empty."""
    return name_sql(f"new_rows_{contract.source}_{contract.table}")


def same_key_sql(contract: Contract, other: str) -> str:
    """SQL condition: a version, called `known`, and a row of another table have the same key."""
    # The hash finds the row quickly; the columns make sure of it.
    equal = [f"known.{name_sql(name)} is not distinct from {other}.{name_sql(name)}" for name in contract.key]
    return " and ".join([f"known._row_key = {other}._row_key", *equal])

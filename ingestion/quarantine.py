"""The quarantine: rows that are not loaded, each problem with file, line, column, value, reason, remedy, raw line."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from ingestion.contracts import Contract
from ingestion.layout import Layout
from ingestion.parsing import Parsing
from ingestion.quoting import name_sql, text_sql
from ingestion.raw import key_hash_sql
from ingestion.reports import PROBLEMS_SHOWN, Problem

if TYPE_CHECKING:
    from ingestion.version_book import Load

BAD_ROWS = "bad_rows"
_COLUMNS = (
    "file_id, source, table_name, line, column_name, value, reason, remedy, raw_line, row_key, layout_line, resolved_by"
)


def find_bad_rows(connection: duckdb.DuckDBPyConnection, parsing: Parsing) -> int:
    """Put the rows of a text relation that have a problem into the temporary table of bad rows; their number."""
    # Put aside: the many conditions of their problems are then asked of plain columns, not of all that makes them.
    connection.execute(
        f"create or replace temp table {BAD_ROWS} as select * from ({parsing.typed(raw_line=True)}) as parsed "
        f"where {parsing.is_bad()}"
    )
    return int(connection.execute(f"select count(*) from {BAD_ROWS}").fetchall()[0][0])


def write_problems(connection: duckdb.DuckDBPyConnection, parsing: Parsing, file_id: int, layout: Layout) -> None:
    """Write every problem of the bad rows that were found into load.quarantine."""
    contract = parsing.contract
    connection.execute(
        f"insert into load.quarantine ({_COLUMNS}) "
        f"select {parsing.file_id(file_id)}, {text_sql(contract.source)}, {text_sql(contract.table)}, _line, "
        f"column_name, value, reason, remedy, _raw_line, "
        f"case when {parsing.key_is_readable()} then {key_hash_sql(contract, 'v_')} end, {layout.line(parsing)}, null "
        f"from ({parsing.problems(BAD_ROWS)}) as problems"
    )


def write_repeated_keys(connection: duckdb.DuckDBPyConnection, parsing: Parsing, repeated: str, layout: Layout) -> None:
    """Write rows whose key comes again with other values.

    `repeated` has _row_key, _file_id, _line, those of the last row with the key (last_file, last_line), and the key.
    """
    contract = parsing.contract
    headers = ", ".join(parsing.header(contract.column(name)) for name in contract.key)
    values = ", ".join(f"coalesce(cast(repeated.{name_sql(name)} as varchar), '')" for name in contract.key)
    shown = f"concat_ws(', ', {values})"
    file_id = parsing.file_id(0)
    connection.execute(
        f"insert into load.quarantine ({_COLUMNS}) "
        f"select repeated._file_id, {text_sql(contract.source)}, {text_sql(contract.table)}, repeated._line, "
        f"{text_sql(', '.join(contract.key))}, {shown}, "
        f"{text_sql(headers)} || ' \"' || {shown} || '\": same key again in ' "
        "|| case when last_file <> repeated._file_id then last.file_name || ', ' else '' end "
        "|| 'line ' || repeated.last_line || ' with other values', "
        "'Keep one of the two lines, or export the file again.', texts._raw_line, repeated._row_key, "
        "texts.layout_line, null "
        f"from {name_sql(repeated)} as repeated "
        "join load.files as last on last.file_id = repeated.last_file "
        f"join (select {file_id} as text_file, _line, min(_raw_line) as _raw_line, "
        f"min({layout.line(parsing)}) as layout_line from ({parsing.typed(raw_line=True)}) as typed "
        f"where _line in (select _line from {name_sql(repeated)}) group by 1, 2) as texts "
        "on texts._line = repeated._line"
        + (" and texts.text_file = repeated._file_id" if parsing.has_file_column else "")
    )


def write_layout(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str, layout: Layout) -> None:
    """Remember how the quarantined rows of the files that `rows` selects are written."""
    connection.execute(
        "insert into load.layouts select distinct file_id, source, table_name, ?, ?, ? from load.quarantine "
        f"where {rows.replace('_file_id', 'file_id')} and source = ? and table_name = ?",
        [layout.header, layout.dialect.delimiter, layout.dialect.quote, contract.source, contract.table],
    )


def resolve(connection: duckdb.DuckDBPyConnection, parsing: Parsing, load: Load, stage: str, knows_lines: bool) -> None:
    """Mark rows that earlier files left in quarantine as resolved by the good rows of `stage` with their keys.

    A mended copy of a quarantine file also says which lines it mends (`knows_lines`: columns _from_file, _from_line).
    """
    contract = parsing.contract
    open_rows = (
        f"bad.resolved_by is null and bad.source = {text_sql(contract.source)} "
        f"and bad.table_name = {text_sql(contract.table)} and bad.file_id < {load.file_id}"
    )
    if not connection.execute(f"select 1 from load.quarantine as bad where {open_rows} limit 1").fetchall():
        return
    connection.execute(
        f"update load.quarantine as bad set resolved_by = good._file_id from {stage} as good "
        f"where {open_rows} and bad.row_key = good._row_key and good.{load.rows}"
    )
    if knows_lines:
        connection.execute(
            f"update load.quarantine as bad set resolved_by = {load.file_id} from {name_sql(parsing.relation)} as mended "
            f"where {open_rows} and bad.file_id = try_cast(mended._from_file as bigint) "
            "and bad.line = try_cast(mended._from_line as bigint) "
            f"and mended._line not in (select line from load.quarantine where file_id = {load.file_id})"
        )


def rows_quarantined(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str) -> int:
    """Number of rows (not problems) of a table that are in quarantine, of the files that `rows` (a load's) selects."""
    found = connection.execute(
        "select count(*) from (select distinct file_id, line from load.quarantine "
        f"where {rows.replace('_file_id', 'file_id')} and source = ? and table_name = ?)",
        [contract.source, contract.table],
    ).fetchall()
    return int(found[0][0])


def first_problems(
    connection: duckdb.DuckDBPyConnection, rows: str, limit: int = PROBLEMS_SHOWN
) -> tuple[Problem, ...]:
    """The first problems of the files that `rows` selects, in the order of their lines, each with its message."""
    found = connection.execute(
        "select source || '.' || table_name, line, column_name, value, reason, bad.remedy, file_name "
        f"from (select *, rowid as place from load.quarantine where {rows.replace('_file_id', 'file_id')}) as bad "
        "join load.files using (file_id) order by file_id, line, place limit ?",
        [limit],
    ).fetchall()
    return tuple(
        Problem(table, line, column, value, reason, remedy, problem_message(file_name, line, reason))
        for table, line, column, value, reason, remedy, file_name in found
    )


def problem_message(file_name: str, line: int, reason: str) -> str:
    """`payables_2026_07.csv, line 5: Vencimento "32/07/2026" is not a date (dd/mm/aaaa). Row quarantined.`"""
    return f"{file_name}, line {line}: {reason}. Row quarantined."

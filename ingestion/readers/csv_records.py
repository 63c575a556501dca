"""Physical lines → CSV records, in SQL: the careful way, for files with line ends inside quotes or broken rows.

A quoted field may hold line ends, so whether a line starts a record depends on all lines before it. Each line is a
function of "inside a quoted field or not": it keeps the state, turns it round, or sets it. The functions compose
under a window, so no row is looked at outside the database. A line without quotes keeps it.
"""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from ingestion.contracts import Dialect
from ingestion.quoting import name_sql, path_sql, text_sql
from ingestion.readers import RejectedFile
from ingestion.readers.scanned_text import ScannedText
from ingestion.readers.text_counts import LONGEST_LINE_BYTES

# Three control characters in a row stand in no text, so that a whole line is one column.
_NO_DELIMITER = "chr(31) || chr(30) || chr(31)"
_NOTHING = "chr(32) || chr(9) || chr(26)"  # programs from the days of DOS end their files with 26
JOINED_AT_ONCE = 500_000  # lines


def lines_sql(path: Path) -> str:
    """Select of every physical line of a text file in UTF-8: `line` from 1 and `text` ('' where it is blank)."""
    return (
        "select row_number() over () as line, coalesce(text, '') as text "
        f"from read_csv({path_sql(path)}, delim = {_NO_DELIMITER}, quote = '', escape = '', header = false, "
        "auto_detect = false, strict_mode = false, columns = {'text': 'VARCHAR'}, nullstr = '', "
        f"max_line_size = {LONGEST_LINE_BYTES})"
    )


def careful_table(
    connection: duckdb.DuckDBPyConnection,
    text: ScannedText,
    dialect: Dialect,
    columns: tuple[str | None, ...],
    header_end: int,
    name: str,
    file_name: str,
) -> int:
    """Create the temporary table `name` of all records after line `header_end`; returns their number.

    Columns: those of `columns` that are not None, `_line` (the record's first line), `_raw_line`, and `_problem` for
    a record that is not one row of as many fields as there are columns. Blank lines are no records. Raises
    RejectedFile for a record that is longer than any row: a quote that nobody closed.
    """
    connection.execute(
        f"""
        create or replace temp table csv_lines as
        select line, text from ({lines_sql(text.start)}) as numbered where line > {header_end}
        """
    )
    if not text.has_quote:
        connection.execute(
            f"create or replace temp table {name_sql(name)} as "
            + _records_sql("select line, 1 as lines, text from csv_lines", dialect, columns)
        )
    else:
        _find_joined_lines(connection, dialect)
        _refuse_endless(connection, file_name)
        single = (
            "select line, 1 as lines, text from csv_lines "
            "where not exists (select 1 from csv_joined_lines as joined where joined.line = csv_lines.line)"
        )
        connection.execute(f"create or replace temp table {name_sql(name)} as {_records_sql(single, dialect, columns)}")
        # Texts that are put together stay in memory until all are: so many at a time.
        for first in range(header_end + 1, text.lines + 1, JOINED_AT_ONCE):
            joined = (
                "select record as line, count(*) as lines, string_agg(text, chr(10) order by line) as text "
                "from csv_joined_lines join csv_lines using (line) "
                f"where record between {first} and {first + JOINED_AT_ONCE - 1} group by record"
            )
            connection.execute(f"insert into {name_sql(name)} {_records_sql(joined, dialect, columns)}")
    for made in ("csv_lines", "csv_joined_lines"):
        connection.execute(f"drop table if exists {made}")
    return int(connection.execute(f"select count(*) from {name_sql(name)}").fetchall()[0][0])


def _records_sql(records: str, dialect: Dialect, columns: tuple[str | None, ...]) -> str:
    """Select of the columns of `records` (line, lines, text), of those that are not blank."""
    width = len(columns)
    selected = ", ".join(
        f"fields[{position}] as {name_sql(column)}" for position, column in enumerate(columns, 1) if column
    )
    return f"""
        with split as (
            select line, lines, text, {_fields_sql(dialect)} as fields
            from ({records}) as records
            where not (lines = 1 and trim(text, {_NOTHING}) = '')
        )
        select {selected}, line as _line, text as _raw_line,
            case when fields is null and lines > 1
                    then 'a quote is not closed properly: lines ' || line || ' to ' || (line + lines - 1)
                        || ' were read as one row'
                when fields is null then 'a quote is not closed properly'
                when len(fields) <> {width}
                    then 'has ' || len(fields) || case when len(fields) = 1 then ' field' else ' fields' end
                        || ' where the header has {width}'
            end as _problem
        from split
    """


def _find_joined_lines(connection: duckdb.DuckDBPyConnection, dialect: Dialect) -> None:
    """Create csv_joined_lines: each `line` of a record of several lines, and `record`, the number of its first line."""
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    quoted = f"{quote}(?:[^{quote}]|{quote}{quote})*{quote}"
    after = f"(?:[^{quote}{delimiter}][^{delimiter}]*)?"
    plain = f"[^{quote}{delimiter}][^{delimiter}]*"
    field = f"(?:{quoted}{after}|{plain})?"
    opened = f"{quote}(?:[^{quote}]|{quote}{quote})*"
    inside = f"(?:[^{quote}]|{quote}{quote})*"
    ends_inside = f"(?:{field}{delimiter})*{opened}"
    stays_inside = f"{inside}|{inside}{quote}{after}(?:{delimiter}{field})*{delimiter}{opened}"
    # Lines that keep the state are left out before the windows, and so are their texts: memory must not grow with them.
    connection.execute(
        f"""
        create or replace temp table csv_joined_lines as
        with quoted_lines as (
            select line,
                regexp_full_match(text, {text_sql(ends_inside)}) as from_outside,
                regexp_full_match(text, {text_sql(stays_inside)}) as from_inside
            from csv_lines where contains(text, {text_sql(dialect.quote)})
        ),
        turns as (
            select line, from_outside, from_inside from quoted_lines where from_outside or not from_inside
        ),
        settings as (
            select line, from_outside, from_inside,
                max(case when from_outside = from_inside then line * 2 + from_outside::integer end)
                    over (order by line) as last_set
            from turns
        ),
        states as (
            select line,
                (coalesce(last_set % 2, 0) + sum(case when from_outside and not from_inside then 1 else 0 end)
                    over (partition by last_set order by line)) % 2 = 1 as is_inside_after
            from settings
        ),
        spans as (
            select line, is_inside_after,
                coalesce(lag(is_inside_after) over (order by line), false) as was_inside_before,
                coalesce(lead(line) over (order by line), (select max(line) from csv_lines)) as next_turn
            from states
        ),
        records as (
            select next_turn, max(case when not was_inside_before then line end) over (order by line) as record
            from spans where is_inside_after
        )
        select unnest(range(record, max(next_turn) + 1)) as line, record from records group by record
        """
    )


def _refuse_endless(connection: duckdb.DuckDBPyConnection, file_name: str) -> None:
    """Raise RejectedFile if a record is longer than the longest line may be."""
    found = connection.execute(
        "select record, max(line) from csv_joined_lines join csv_lines using (line) group by record "
        f"having sum(strlen(text)) > {LONGEST_LINE_BYTES} order by record limit 1"
    ).fetchall()
    if found:
        first, last = found[0]
        raise RejectedFile(
            f"{file_name}, line {first}: a quote is opened there and not closed; lines {first} to {last} would be one "
            "row.",
            "Close or remove the quote, and load the file again.",
        )


def _fields_sql(dialect: Dialect) -> str:
    """SQL of the list of fields of a record's `text`; null where its quotes are not well-formed."""
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    field = f"(?:{quote}(?:[^{quote}]|{quote}{quote})*{quote}|[^{quote}{delimiter}][^{delimiter}]*)?"
    well_formed = f"regexp_full_match(text, {text_sql(f'{field}(?:{delimiter}{field})*')})"
    split_quoted = (
        f"list_transform(regexp_extract_all(text || {text_sql(dialect.delimiter)}, "
        f"{text_sql(f'({field}){delimiter}')}, 1), "
        f"lambda field: case when starts_with(field, {text_sql(dialect.quote)}) then "
        f"replace(field[2:-2], {text_sql(dialect.quote * 2)}, {text_sql(dialect.quote)}) else field end)"
    )
    return (
        f"case when not contains(text, {text_sql(dialect.quote)}) "
        f"then string_split(text, {text_sql(dialect.delimiter)}) when {well_formed} then {split_quoted} end"
    )

"""Physical lines → CSV records, in SQL: the careful way, for files with line ends inside quotes or broken rows.

A quoted field may hold line ends, so whether a line starts a record depends on all lines before it. Each line is a
function of "inside a quoted field or not": it keeps the state, turns it round, or sets it. The functions compose
under a window, so no row is looked at outside the database.
"""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from ingestion.contracts import Dialect
from ingestion.quoting import name_sql, path_sql, text_sql

# Three control characters in a row stand in no text, so that a whole line is one column.
_NO_DELIMITER = "chr(31) || chr(30) || chr(31)"
LONGEST_LINE_BYTES = 16_000_000


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
    path: Path,
    dialect: Dialect,
    columns: tuple[str | None, ...],
    header_end: int,
    name: str,
) -> int:
    """Create the temporary table `name` of all records after line `header_end`; returns their number.

    Columns: those of `columns` that are not None, `_line` (the record's first line), `_raw_line`, and `_problem` for
    a record that is not one row of as many fields as there are columns. Blank lines are no records.
    """
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    quoted = f"{quote}(?:[^{quote}]|{quote}{quote})*{quote}"
    after = f"(?:[^{quote}{delimiter}][^{delimiter}]*)?"
    plain = f"[^{quote}{delimiter}][^{delimiter}]*"
    field = f"(?:{quoted}{after}|{plain})?"
    strict_field = f"(?:{quoted}|{plain})?"
    opened = f"{quote}(?:[^{quote}]|{quote}{quote})*"
    inside = f"(?:[^{quote}]|{quote}{quote})*"
    ends_inside = f"(?:{field}{delimiter})*{opened}"
    stays_inside = f"{inside}|{inside}{quote}{after}(?:{delimiter}{field})*{delimiter}{opened}"
    connection.execute(
        f"""
        create or replace temp table csv_lines as
        select line, text, contains(text, {text_sql(dialect.quote)}) as has_quote
        from ({lines_sql(path)}) as numbered
        where line > {header_end}
        """
    )
    connection.execute(
        f"""
        create or replace temp table csv_records as
        with turns as (
            select line, text,
                has_quote and regexp_full_match(text, {text_sql(ends_inside)}) as from_outside,
                not has_quote or regexp_full_match(text, {text_sql(stays_inside)}) as from_inside
            from csv_lines
        ),
        settings as (
            select *,
                max(case when from_outside = from_inside then line * 2 + from_outside::integer end)
                    over (order by line) as last_set
            from turns
        ),
        states as (
            select *,
                (coalesce(last_set % 2, 0) + sum(case when from_outside and not from_inside then 1 else 0 end)
                    over (partition by last_set order by line)) % 2 = 1 as is_inside_after
            from settings
        ),
        starts as (
            select line, text, not coalesce(lag(is_inside_after) over (order by line), false) as is_start from states
        ),
        grouped as (
            select line, text, max(case when is_start then line end) over (order by line) as first_line from starts
        )
        select first_line as line, count(*) as lines, string_agg(text, chr(10) order by line) as text
        from grouped group by first_line
        """
    )
    width = len(columns)
    split_quoted = (
        f"list_transform(regexp_extract_all(text || {text_sql(dialect.delimiter)}, "
        f"{text_sql(f'({strict_field}){delimiter}')}, 1), "
        f"lambda field: case when starts_with(field, {text_sql(dialect.quote)}) then "
        f"replace(field[2:-2], {text_sql(dialect.quote * 2)}, {text_sql(dialect.quote)}) else field end)"
    )
    well_formed = f"regexp_full_match(text, {text_sql(f'{strict_field}(?:{delimiter}{strict_field})*')})"
    selected = ", ".join(
        f"fields[{position}] as {name_sql(column)}" for position, column in enumerate(columns, 1) if column
    )
    connection.execute(
        f"""
        create or replace temp table {name_sql(name)} as
        with split as (
            select line, lines, text,
                case when not contains(text, {text_sql(dialect.quote)})
                        then string_split(text, {text_sql(dialect.delimiter)})
                    when {well_formed} then {split_quoted}
                end as fields
            from csv_records
            where not (lines = 1 and trim(text, chr(32) || chr(9)) = '')
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
        from split order by line
        """
    )
    connection.execute("drop table csv_lines")
    connection.execute("drop table csv_records")
    return int(connection.execute(f"select count(*) from {name_sql(name)}").fetchall()[0][0])

"""Files of quarantined rows that come back mended: which file is one, and its texts as they were before.

The added columns tell it. People throw them away, though, and give the file another name: then its number, or a text
with an apostrophe that stands without it in a row that waits in quarantine, tells it as well.
"""

# ruff: noqa: S608 — SQL is written from our own names; texts of files go through text_sql.

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from ingestion.contracts import Contract
from ingestion.headers import HeaderMatch
from ingestion.quarantine_files import ADDED_HEADERS, FILE_HEADER, FORMULA_STARTS, LINE_HEADER
from ingestion.quoting import name_sql, text_sql

# What each added header is called in a reader's relation; the reasons are not read.
ADDED_COLUMNS: dict[str, str | None] = dict(zip(ADDED_HEADERS, ("_from_file", "_from_line", None, None), strict=True))
_NEUTRAL = f"^''+{FORMULA_STARTS}"
_TEXTS_COMPARED = 1_000


def has_added_columns(headers: Sequence[str]) -> bool:
    """Whether a header line has one of the columns that files of quarantined rows get."""
    return any(header in headers for header in ADDED_HEADERS)


def original_headers(headers: Sequence[str]) -> list[str]:
    """The headers of a mended file as they were before they were made harmless."""
    return [header[1:] if re.match(f"'+{FORMULA_STARTS}", header) else header for header in headers]


def with_added_columns(match: HeaderMatch) -> HeaderMatch:
    """The headers of a mended file with the names of the columns that tell which row of which file was mended."""
    both = {FILE_HEADER, LINE_HEADER} <= set(match.headers)  # one alone tells no row
    columns = tuple(
        (ADDED_COLUMNS[header] if both else None) if header in ADDED_HEADERS else column
        for header, column in zip(match.headers, match.columns, strict=True)
    )
    return replace(match, columns=columns)


def is_mended(
    connection: duckdb.DuckDBPyConnection, contract: Contract, relation: str, rows: int, file_name: str
) -> bool:
    """Whether a file without the added columns is one of quarantined rows all the same.

    It has no more rows than wait, or ever waited, in its table's quarantine, and a text with an apostrophe; and it bears
    the number of a file with such rows before its name, or the text stands without the apostrophe in one of them.
    """
    book = "select 1 from duckdb_tables() where schema_name = 'load' and table_name = 'quarantine'"
    if not connection.execute(book).fetchall():  # a file that is only looked at
        return False
    place = f"source = {text_sql(contract.source)} and table_name = {text_sql(contract.table)}"
    waiting = connection.execute(
        f"select count(*) from (select distinct file_id, line from load.quarantine where {place})"
    ).fetchall()[0][0]
    if not waiting or rows > waiting:
        return False
    texts = _neutral_texts(connection, relation)
    if not texts:
        return False
    number = re.match(r"(\d+)_.", file_name)
    if number is not None:
        named = f"select 1 from load.quarantine where {place} and file_id = {int(number[1]) % 2**63} limit 1"
        if connection.execute(named).fetchall():
            return True
    return bool(
        connection.execute(
            f"select 1 from load.quarantine, unnest(cast($texts as varchar[])) as mended(text) where {place} "
            "and contains(coalesce(layout_line, raw_line, ''), mended.text[2:]) "
            "and not contains(coalesce(layout_line, raw_line, ''), mended.text) limit 1",
            {"texts": texts},
        ).fetchall()
    )


def mended_view(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """A view over the text relation of a mended file, its texts without the apostrophes."""
    columns = [row[0] for row in connection.execute(f"describe {name_sql(relation)}").fetchall()]
    selected = ", ".join(
        name_sql(name) if name.startswith("_") else f"{_original_sql(name_sql(name))} as {name_sql(name)}"
        for name in columns
    )
    view = f"{relation}_mended"
    connection.execute(f"create or replace temp view {name_sql(view)} as select {selected} from {name_sql(relation)}")
    return view


def _original_sql(text: str) -> str:
    """SQL of a text of a mended file as it was before `neutral_sql`."""
    return f"case when regexp_matches({text}, '{_NEUTRAL}') then {text}[2:] else {text} end"


def _neutral_texts(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    columns = [row[0] for row in connection.execute(f"describe {name_sql(relation)}").fetchall()]
    every = ", ".join(name_sql(name) for name in columns if not name.startswith("_"))
    found = connection.execute(
        f"select distinct text from (select unnest([{every}]) as text from {name_sql(relation)}) "
        f"where regexp_matches(text, '{_NEUTRAL}') limit {_TEXTS_COMPARED}"
    ).fetchall()
    return [row[0] for row in found]

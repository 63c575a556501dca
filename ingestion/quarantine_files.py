"""Quarantined rows as files: in the layout of the export they come from, each row with its reasons beside it.

Such a file can be mended in a spreadsheet and loaded again, with the added columns or without them. A text that a
spreadsheet would run as a formula gets an apostrophe before it, and so does one that begins with such apostrophes; the
load of the mended file takes it away again (see ingestion.mended_files).
"""

# ruff: noqa: S608 — SQL is written from our own names; texts of files go through text_sql.

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import duckdb

from ingestion.quoting import text_sql

FILE_HEADER, LINE_HEADER = "retaguarda_arquivo", "retaguarda_linha"
ADDED_HEADERS = (FILE_HEADER, LINE_HEADER, "retaguarda_motivo", "retaguarda_correcao")
FORMULA_STARTS = "[=@+\\-\\t\\r]"
_HARMLESS = "[+\\-][0-9.,%\\s()/R$:+\\-]*"  # numbers, telephone numbers, dates


@dataclass(frozen=True)
class Quarantined:
    """One table of one file with rows in quarantine: how many, and how many of them were brought in good order since."""

    file_id: int
    file_name: str
    source: str
    table: str
    rows: int
    resolved: int
    loaded_at: object


def quarantined(
    connection: duckdb.DuckDBPyConnection, file: str | None = None, batch_id: str | None = None
) -> list[Quarantined]:
    """What is in quarantine, latest file first; only of a `file` (its name or id), or of a batch of loading."""
    wanted, parameters = "true", {}
    if file is not None:
        wanted, parameters = "(f.file_name = $file or cast(f.file_id as varchar) = $file)", {"file": file}
    elif batch_id is not None:
        wanted, parameters = "f.batch_id = $batch", {"batch": batch_id}
    return [
        Quarantined(*row)
        for row in connection.execute(
            "select f.file_id, f.file_name, q.source, q.table_name, count(distinct q.line), "
            "count(distinct q.line) filter (q.resolved_by is not null), any_value(f.loaded_at) "
            f"from load.quarantine as q join load.files as f using (file_id) where {wanted} "
            "group by 1, 2, 3, 4 order by 1 desc, 3, 4",
            parameters,
        ).fetchall()
    ]


def write_quarantine_files(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Quarantined], folder: Path
) -> list[Path]:
    """Write each table's rows to `<file_id>_<name>.csv` in `folder` (UTF-8); returns the paths, in the same order.

    Rows that were resolved since are left out. The file is put in place whole. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [each.file_id for each in found]
    paths: list[Path] = []
    for each in found:
        plain = re.sub(r"[^\w.()+ -]", "_", PurePath(each.file_name.replace("\\", "/")).name)
        table = f".{each.table}" if names.count(each.file_id) > 1 else ""
        stem = plain[: -len(PurePath(plain).suffix)] if PurePath(plain).suffix else plain
        path = folder / f"{each.file_id}_{stem[:150]}{table}.csv"
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(quarantine_text(connection, each), encoding="utf-8-sig", newline="")
        beside.replace(path)
        paths.append(path)
    return paths


def quarantine_text(connection: duckdb.DuckDBPyConnection, found: Quarantined) -> str:
    """The rows of one file and table that wait in quarantine, as CSV in the file's layout with the added columns."""
    layout = connection.execute(
        "select header, delimiter, quote from load.layouts where file_id = ? and source = ? and table_name = ?",
        [found.file_id, found.source, found.table],
    ).fetchall()
    # A store of before the layouts: each raw line as one field.
    header, delimiter, quote = layout[0] if layout else ("", ";", '"')
    above, _, headers = header.rpartition("\n")
    for added in ADDED_HEADERS:  # what was mended and is bad still: the columns of the first time keep another name
        headers = re.sub(rf"{added}(?!_\d)", f"{added}_{found.file_id}", headers)
    fields = _fields_sql(delimiter, quote)
    reasons = [_written_sql(name, delimiter, quote) for name in ("reasons", "remedies")]
    rows = connection.execute(
        f"""
        with lines as (
            select line, coalesce(min(layout_line), min(raw_line), '') as text,
                string_agg(reason, '; ' order by rowid) as reasons,
                string_agg(distinct remedy, ' ') as remedies
            from load.quarantine
            where file_id = $file and source = $source and table_name = $table and resolved_by is null
            group by line
        ),
        headers as (select -1 as line, {text_sql(headers)} as text)
        select line, {fields} || {text_sql(delimiter)} || concat_ws({text_sql(delimiter)},
            {found.file_id}, cast(line as varchar), {", ".join(reasons)}) as written
        from lines
        union all
        select line, {fields} || {text_sql(delimiter + delimiter.join(ADDED_HEADERS))} from headers
        order by line
        """,
        {"file": found.file_id, "source": found.source, "table": found.table},
    ).fetchall()
    return "".join(f"{line}\n" for line in ([above] if above else []) + [str(row[1]) for row in rows])


def neutral_sql(text: str) -> str:
    """SQL of a text with an apostrophe before it where a spreadsheet would run it as a formula."""
    return (
        f"case when regexp_matches({text}, '^''*{FORMULA_STARTS}') and not regexp_full_match({text}, '{_HARMLESS}') "
        f"then '''' || {text} else {text} end"
    )


def _fields_sql(delimiter: str, quote: str) -> str:
    """SQL of column `text`, a delimited line, made harmless field by field; one field where it is not well formed."""
    mark, separator = re.escape(quote), re.escape(delimiter)
    field = f"(?:{mark}(?:[^{mark}]|{mark}{mark})*{mark}|[^{mark}{separator}][^{separator}]*)?"
    ended = f"text || {text_sql(delimiter)}"
    split = f"regexp_extract_all({ended}, {text_sql(f'({field}){separator}')}, 1)"
    opened = f"starts_with(field, {text_sql(quote)})"
    inner = f"case when {opened} then field[2:-2] else field end"
    harmless = (
        f"case when not regexp_matches({inner}, '^''*{FORMULA_STARTS}') or regexp_full_match({inner}, '{_HARMLESS}') "
        f"then field when {opened} then {text_sql(quote)} || '''' || field[2:] else '''' || field end"
    )
    well_formed = f"regexp_full_match({ended}, {text_sql(f'(?:{field}{separator})+')})"
    joined = f"array_to_string(list_transform({split}, lambda field: {harmless}), {text_sql(delimiter)})"
    return f"case when {well_formed} then {joined} else {_written_sql('text', delimiter, quote, always=True)} end"


def _written_sql(text: str, delimiter: str, quote: str, *, always: bool = False) -> str:
    """SQL of a text as one field of a CSV, harmless."""
    harmless = f"({neutral_sql(f'coalesce({text}, {text_sql(str())})')})"
    quoted = f"{text_sql(quote)} || replace({harmless}, {text_sql(quote)}, {text_sql(quote * 2)}) || {text_sql(quote)}"
    if always:
        return quoted
    needs = " or ".join(f"contains({text}, {mark})" for mark in (text_sql(delimiter), text_sql(quote), "chr(10)"))
    return f"case when {needs} then {quoted} else {harmless} end"

"""A JSON file's objects as a temporary table: their line, text, marked text (see json.py), problem and columns."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import duckdb

from ingestion.quoting import text_sql
from ingestion.readers import RejectedFile
from ingestion.readers.csv_records import lines_sql
from ingestion.readers.text_counts import LONGEST_LINE_BYTES
from ingestion.readers.text_scan import refuse_endless_lines, scan_text

ENCODINGS = ("utf-8", "cp1252")
LARGEST_DOCUMENT = 64 << 20  # reading a document whole takes ten times its size in memory; NDJSON has no limit
LINE_SUFFIXES = (".ndjson", ".jsonl")
RELATION = "json_records"
DEEPEST_LIST = 3  # {"data": {"response": {"items": [...]}}}
MOST_COLUMNS = 5000
# Either a text (kept) or a number (gets the mark and quotation marks); RE2 reads in one pass, whatever the text.
TEXT_OR_NUMBER = r'("(?:[^"\\]|\\.)*")|(-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)'


@dataclass(frozen=True)
class Records:
    """`relation` has line, text, marked and problem; `pointers` leads from a dotted name to its JSON pointer."""

    relation: str
    count: int
    encoding: str
    pointers: dict[str, str]
    notes: tuple[str, ...] = ()


def open_records(
    connection: duckdb.DuckDBPyConnection, path: Path, member: str | None, folder: Path, limit: int | None = None
) -> Records:
    """Put the file's objects into a temporary table, the first `limit` of them.

    `member` names the list where a document holds several. Raises RejectedFile for what is no JSON (with line and
    column) or holds no list of objects; a broken line of NDJSON becomes a row with a problem.
    """
    scanned = scan_text(path, ENCODINGS, '"', folder)
    notes: tuple[str, ...] = ()
    try:
        if path.suffix.lower() in LINE_SUFFIXES or _is_lines(scanned.start):
            refuse_endless_lines(path, scanned)
            _take_lines(connection, scanned.start, limit)
        else:
            notes = _take_document(connection, path, scanned.start, member, limit)
        count = int(connection.execute(f"select count(*) from {RELATION}").fetchall()[0][0])
        pointers = _pointers(connection, path)
    except (duckdb.InvalidInputException, duckdb.OutOfRangeException, duckdb.OutOfMemoryException) as error:
        reason = str(error).splitlines()[0]
        raise RejectedFile(f"{path.name}: the file cannot be read: {reason}.", "Export it again.") from error
    return Records(RELATION, count, scanned.encoding, pointers, notes)


def _is_lines(path: Path) -> bool:
    """Whether the first line is an object by itself and others follow: NDJSON, whatever the file is called."""
    with path.open(encoding="utf-8-sig") as file:
        first = file.readline(LONGEST_LINE_BYTES).strip()
        follows = any(line.strip() for line in (file.readline(LONGEST_LINE_BYTES), file.readline(LONGEST_LINE_BYTES)))
    if not (first.startswith("{") and first.endswith("}") and follows):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def _take_lines(connection: duckdb.DuckDBPyConnection, path: Path, limit: int | None) -> None:
    """Fill the table from a file with an object a line; blank lines are none."""
    _create(
        connection,
        f"""
        select line, text,
            case when not json_valid(text) then 'is no JSON: broken or cut off'
                when json_type(text) <> 'OBJECT' then 'is no JSON object, but ' || lower(json_type(text))
            end as broken,
            {_marked_sql("text")} as marked
        from (
            select line, replace(text, chr(65279), '') as text from ({lines_sql(path)}) as numbered
            {f"where line <= {limit}" if limit is not None else ""}
        ) as lines
        where trim(text, chr(32) || chr(9)) <> ''
        """,
    )


def _take_document(
    connection: duckdb.DuckDBPyConnection, path: Path, text_path: Path, member: str | None, limit: int | None
) -> tuple[str, ...]:
    """Fill the table from the objects of a document's one list; `line` is the object's number. Returns remarks."""
    size = text_path.stat().st_size
    if size > LARGEST_DOCUMENT:
        raise RejectedFile(
            f"{path.name} has {size / 1048576:,.0f} MiB; a JSON document may have {LARGEST_DOCUMENT // 1048576} MiB.",
            "Export it as NDJSON (an object a line), or a shorter period.",
        )
    connection.execute("create or replace temp table json_document (text varchar)")
    connection.execute("insert into json_document values (?)", [text_path.read_text(encoding="utf-8-sig")])
    if not connection.execute("select json_valid(text) from json_document").fetchall()[0][0]:
        raise _broken(path, text_path)
    connection.execute(f"update json_document set text = {_marked_sql('text')}")
    pointer = _list_pointer(connection, path, member)
    chosen = f"json_extract(text, {text_sql(pointer)})"
    cut = f"[1:{limit}]" if limit is not None else ""
    unmarked = "regexp_replace(marked, '\"\\\\u001e([^\"]*)\"', '\\1', 'g')"
    _create(
        connection,
        f"""
        select line, {unmarked} as text, marked,
            case when json_type(marked) <> 'OBJECT' then 'is no JSON object, but ' || lower(json_type(marked))
            end as broken
        from (
            select unnest(range(1, len(objects) + 1)) as line, cast(unnest(objects) as varchar) as marked
            from (select cast(json_extract({chosen}, '$[*]') as varchar[]){cut} as objects from json_document) as found
        ) as numbered
        """,
    )
    connection.execute("drop table json_document")
    return (f'The list "{pointer[1:].replace("/", ".")}" was read.',) if pointer else ()


def _create(connection: duckdb.DuckDBPyConnection, select: str) -> None:
    """The table of `select`'s line, text, marked and broken, with the problems that only a whole object can have."""
    connection.execute(
        f"""
        create or replace temp table {RELATION} as
        select line, text,
            case when broken is null and structure is not null then marked end as marked, structure,
            coalesce(
                broken,
                case when structure is null then 'is nested too deeply'
                    when len(names) <> len(list_distinct(names))
                        then 'has a name twice: nobody can tell which value counts'
                    when contains(marked, '\\u0000') then 'holds a NUL character'
                end
            ) as problem
        from (
            select *, case when broken is null then try(json_structure(marked)) end as structure,
                case when broken is null then try(json_keys(marked)) end as names
            from ({select}) as objects
        ) as told
        """
    )


def _marked_sql(text: str) -> str:
    """SQL of the text with every number in quotation marks, a mark before its digits."""
    # Control characters stand around every number, and with nothing between them behind every text: those go.
    found = f"regexp_replace({text}, {text_sql(TEXT_OR_NUMBER)}, '\\1' || chr(28) || '\\2' || chr(29), 'g')"
    return f"replace(replace(replace({found}, chr(28) || chr(29), ''), chr(28), '\"\\u001e'), chr(29), '\"')"


def _list_pointer(connection: duckdb.DuckDBPyConnection, path: Path, member: str | None) -> str:
    """JSON pointer of the document's one list of objects: "" where the document is the list itself.

    Raises RejectedFile where there is none, or several and `member` names none of them.
    """
    if _type(connection, "") == "ARRAY":
        return ""
    lists: list[str] = []
    level = [""]
    for _ in range(DEEPEST_LIST):
        deeper: list[str] = []
        for pointer in level:
            if _type(connection, pointer) != "OBJECT":
                continue
            for name in _names(connection, pointer):
                inner = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
                kind = _type(connection, inner)
                if kind == "ARRAY":
                    lists.append(inner)
                elif kind == "OBJECT":
                    deeper.append(inner)
        if lists:
            break
        level = deeper[:MOST_COLUMNS]
    wanted = [pointer for pointer in lists if member in (pointer[1:], pointer[1:].replace("/", "."))]
    if wanted or len(lists) == 1:
        return (wanted or lists)[0]
    if not lists:
        raise RejectedFile(f"{path.name} holds no list of objects.", "Export the rows as a list, or as NDJSON.")
    named = ", ".join(f'"{pointer[1:].replace("/", ".")}"' for pointer in lists[:12])
    raise RejectedFile(f"{path.name} holds several lists: {named}.", "Name one as the sheet in a mapping.")


def _type(connection: duckdb.DuckDBPyConnection, pointer: str) -> str | None:
    query = "select json_type(text, ?) from json_document" if pointer else "select json_type(text) from json_document"
    kind: str | None = connection.execute(query, [pointer] if pointer else []).fetchall()[0][0]
    return kind


def _names(connection: duckdb.DuckDBPyConnection, pointer: str) -> list[str]:
    query = "select json_keys(text, ?) from json_document" if pointer else "select json_keys(text) from json_document"
    names: list[str] = connection.execute(query, [pointer] if pointer else []).fetchall()[0][0]
    return names[:MOST_COLUMNS]


def _pointers(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Dotted name → JSON pointer of every value, in the order in which objects first have them."""
    found = connection.execute(
        f"select structure from {RELATION} where problem is null group by structure order by min(line) "
        f"limit {MOST_COLUMNS + 1}"
    ).fetchall()
    pointers: dict[str, str] = {}
    for (structure,) in found:
        _add_pointers(json.loads(structure), "", "", pointers, path)
    if len(found) > MOST_COLUMNS or len(pointers) > MOST_COLUMNS:
        raise RejectedFile(
            f"{path.name}: its objects have more than {MOST_COLUMNS:,} different names.",
            "Export one kind of object, each with the same names.",
        )
    # Null in one object and an object in another: the inner values count.
    outer = {name.rpartition(".")[0] for name in pointers}
    return {name: pointer for name, pointer in pointers.items() if name not in outer}


def _add_pointers(structure: object, name: str, pointer: str, found: dict[str, str], path: Path) -> None:
    if isinstance(structure, dict) and structure:
        for key, inner in cast("dict[str, object]", structure).items():
            step = key.replace("~", "~0").replace("/", "~1")
            _add_pointers(inner, f"{name}.{key}" if name else key, f"{pointer}/{step}", found, path)
    elif found.setdefault(name, pointer) != pointer:
        raise RejectedFile(f'{path.name}: two different values are called "{name}".', "Rename one and export again.")


def _broken(path: Path, text_path: Path) -> RejectedFile:
    """Where a document stops being JSON."""
    try:
        json.loads(text_path.read_text(encoding="utf-8-sig"))
        where = "it cannot be read"
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
    except (RecursionError, ValueError) as error:
        where = f"it cannot be read ({type(error).__name__})"
    return RejectedFile(f"{path.name} is no valid JSON: {where}.", "Download or export the file again.")

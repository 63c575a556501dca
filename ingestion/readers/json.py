"""JSON and NDJSON → text table. Numbers keep the text in which they are written: they never pass through a float.

In SQL, numbers are first put in quotation marks with a mark before them, so that no JSON reader rounds them; which
values were numbers is known by the mark afterwards. Objects within objects become columns with dotted names.
"""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ingestion.headers import headers_in_words, match_headers
from ingestion.quoting import name_sql, text_sql
from ingestion.readers import RejectedFile, TextTable
from ingestion.readers.json_records import open_records
from ingestion.readers.mapped import lay_mapping
from ingestion.readers.text_values import iso_text_sql, number_text_sql

if TYPE_CHECKING:
    from ingestion.contracts import Column, Contract, Dialect
    from ingestion.mapping import Mapping

NUMBER_MARK = "chr(30)"
SHAPE_REMEDY = "Correct the line, or export the file again."
PEEKED_RECORDS = 1000


class JsonReader:
    """Reads a list of objects (JSON) or an object a line (NDJSON); `_line` is the object's number, or its line."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """One text table. Raises RejectedFile for what is no JSON, holds no list, or lacks columns."""
        if contract is None:
            raise RejectedFile(f"{path.name}: it is not clear which table this file is.", "Name the table with --as.")
        dialect = mapping.dialect_over(contract.dialect) if mapping is not None else contract.dialect
        with tempfile.TemporaryDirectory(prefix="retaguarda_") as folder:
            records = open_records(connection, path, mapping.sheet if mapping is not None else None, Path(folder))
        # An empty list has no names: it says that there are no rows, as a CSV of a header alone does.
        names = list(records.pointers) if records.count else [column.name for column in contract.columns]
        match = match_headers(contract, names, mapping, path)
        pointers = [records.pointers.get(name, "/") for name in names]
        taken = [(pointers[place], column) for place, column in enumerate(match.columns) if column is not None]
        selected = "".join(
            f"{_text_sql(f'found[{place}]', contract.column(column), dialect)} as {name_sql(column)}, "
            for place, (_, column) in enumerate(taken, 1)
        )
        # All values of an object at once: each object is parsed once.
        paths = ", ".join(text_sql(pointer) for pointer, _ in taken)
        relation = f"text_json_{contract.table}"
        connection.execute(
            f"create or replace temp table {name_sql(relation)} as select {selected} line as _line, "
            f"text as _raw_line, problem as _problem, "
            f"case when problem is not null then {text_sql(SHAPE_REMEDY)} end as _remedy "
            f"from (select *, json_extract_string(marked, [{paths}]) as found from {records.relation}) as objects"
        )
        connection.execute(f"drop table {records.relation}")
        ignored = [header for header in match.ignored if header]
        notes = (f"Not in the contract, and not loaded: {headers_in_words(ignored)}.",) if ignored else ()
        return [
            TextTable(
                contract.name, lay_mapping(connection, relation, contract, mapping), records.count, records.encoding,
                dialect, (*records.notes, *notes), match.written,
            )
        ]  # fmt: skip


def header_rows(path: Path, dialect: Dialect, sheet: str | None, count: int) -> list[list[str]]:
    """The names of the first objects' values, as the file's one header row."""
    with duckdb.connect() as connection, tempfile.TemporaryDirectory(prefix="retaguarda_") as folder:
        return [list(open_records(connection, path, sheet, Path(folder), PEEKED_RECORDS).pointers)]


def _text_sql(value: str, column: Column, dialect: Dialect) -> str:
    """SQL of one value: a number as the dialect writes it, an ISO date as the dialect's, all else as it stands."""
    number = number_text_sql(f"substr({value}, 2)", column, dialect)
    # Lists and objects that were not flattened keep their text, without the marks of the numbers in them.
    other = f"replace(replace({value}, '\"\\u001e', '\"'), {NUMBER_MARK}, '')"
    return (
        f"case when starts_with({value}, {NUMBER_MARK}) then {number} else {iso_text_sql(other, column, dialect)} end"
    )

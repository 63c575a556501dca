"""CSV → text table. Nothing is detected: delimiter, quote and formats are the contract's or the mapping's."""

from __future__ import annotations

import csv
import io
import shlex
import tempfile
from pathlib import Path

import duckdb

from ingestion.contracts import Contract, Dialect
from ingestion.headers import HeaderMatch, header_row, headers_in_words, match_headers
from ingestion.mapping import Mapping
from ingestion.mended_files import (
    has_added_columns,
    is_mended,
    mended_view,
    original_headers,
    with_added_columns,
)
from ingestion.quarantine_files import ADDED_HEADERS
from ingestion.quoting import name_sql
from ingestion.readers import HEADER_ROWS, RejectedFile, TextTable
from ingestion.readers.csv_lines import CsvLines
from ingestion.readers.csv_records import careful_table
from ingestion.readers.mapped import lay_mapping
from ingestion.readers.text import decode
from ingestion.readers.text_counts import LONGEST_LINE_BYTES
from ingestion.readers.text_scan import refuse_endless_lines, refuse_other_kinds, scan_text

HEADER_BYTES = 1 << 20
LONGEST_HEADER_LINES = 20  # a header may hold line ends inside quotes
OTHER_DELIMITERS = {";": "a semicolon", ",": "a comma", "\t": "a tab", "|": "a bar"}


class CsvReader:
    """Reads one CSV file.

    The quick way lets DuckDB split the rows and takes each line for one row; it is right when the rows come out as
    many as the lines. `careful` splits line by line, and finds broken rows and line ends inside quotes: whoever
    loads sets it and reads again when the quick way fails or its rows do not add up.
    """

    def __init__(self) -> None:
        self.careful = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._drop: tuple[duckdb.DuckDBPyConnection, str] | None = None

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """One text table. Raises RejectedFile for a file that is not a CSV of the contract."""
        if contract is None:
            raise RejectedFile(
                f"{path.name}: it is not clear which table this file is.",
                f"Run `retaguarda map {shlex.quote(path.name)}`, or say which with --as TABLE.",
            )
        dialect = mapping.dialect_over(contract.dialect) if mapping else contract.dialect
        self.close()
        self._folder = tempfile.TemporaryDirectory(prefix="retaguarda_")
        folder = Path(self._folder.name)
        scanned = scan_text(path, dialect.encodings, dialect.quote, folder, in_parts=not self.careful)
        refuse_endless_lines(path, scanned)
        # Blank lines are no rows, and DuckDB passes over them without counting.
        self.careful = self.careful or scanned.has_blank_line
        rows_above = header_row(contract, header_rows(scanned.start, dialect, None, HEADER_ROWS), mapping)
        if scanned.encoding == "cp1252":
            _refuse_mixed_encodings(path, rows_above)
        headers, header_end = read_header(scanned.start, dialect, rows_above)
        # A row may go on in the second part where a quote may hold line ends, and so may the header.
        if self.careful or scanned.has_quote or header_end > scanned.parts[-1].lines_before:
            scanned = scanned.in_one()
        _refuse_one_column(path, headers, dialect, contract)
        told = has_added_columns(headers)
        match = match_headers(contract, original_headers(headers) if told else headers, mapping, path)
        if told:
            match = with_added_columns(match)
        name = f"text_{contract.source}_{contract.table}"
        lines = None
        if self.careful:
            name += "_by_line"
            rows = careful_table(connection, scanned, dialect, match.columns, header_end, name, path.name)
            self._drop = (connection, f"drop table if exists {name_sql(name)}")
        else:
            lines = CsvLines(connection, scanned, dialect, match.columns, header_end, name, folder)
            lines.lay()
            rows = lines.rows
        notes = _notes(match, mapping, rows_above)
        if told or is_mended(connection, contract, name, rows, path.name):
            name = mended_view(connection, name)
        relation = lay_mapping(connection, name, contract, mapping)
        return [TextTable(contract.name, relation, rows, scanned.encoding, dialect, notes, match.written,
                          _first_lines(scanned.start, header_end), lines)]  # fmt: skip

    def close(self) -> None:
        """Remove the transcoded copy and the split lines; the text table cannot be read afterwards."""
        if self._drop is not None:
            connection, statement = self._drop
            connection.execute(statement)
            self._drop = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def header_rows(path: Path, dialect: Dialect, sheet: str | None, count: int) -> list[list[str]]:
    """Each of the first `count` lines as if it were the header: its fields, or those of the record it begins.

    Raises RejectedFile for a file that is no text.
    """
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
    refuse_other_kinds(path, start)
    # The cut may fall inside a character: whole lines only.
    start = start if len(start) < HEADER_BYTES else start[: start.rfind(b"\n") + 1]
    text, _ = decode(start)
    lines = io.StringIO(text, newline="").readlines()
    return [_record(lines[place : place + LONGEST_HEADER_LINES], dialect) for place in range(min(count, len(lines)))]


def _record(lines: list[str], dialect: Dialect) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote), [])
    except csv.Error:
        return []


def read_header(path: Path, dialect: Dialect, skip_rows: int) -> tuple[list[str], int]:
    """The header's fields and the number of the line it ends on, from a text file in UTF-8."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(skip_rows):
            file.readline(LONGEST_LINE_BYTES)
        reader = csv.reader(file, delimiter=dialect.delimiter, quotechar=dialect.quote)
        try:
            headers = next(reader, [])
        except csv.Error as error:
            raise RejectedFile(f"{path.name}: the header cannot be read: {error}.", "Export the file again.") from error
        return headers, skip_rows + reader.line_num


def _first_lines(path: Path, count: int) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return "".join(file.readline(LONGEST_LINE_BYTES) for _ in range(count)).rstrip("\r\n")


def _refuse_one_column(path: Path, headers: list[str], dialect: Dialect, contract: Contract) -> None:
    if len(headers) > 1 or len(contract.columns) == 1:
        return
    line = headers[0] if headers else ""
    shown = OTHER_DELIMITERS.get(dialect.delimiter, f'"{dialect.delimiter}"')
    other = max(OTHER_DELIMITERS, key=line.count)
    hint = f" It seems to use {OTHER_DELIMITERS[other]}." if line.count(other) else ""
    raise RejectedFile(
        f"{path.name}: one column where several were promised: {contract.name} is separated by {shown}.{hint}",
        f"Export it with {shown}, or write a mapping, which states it: `retaguarda map {shlex.quote(path.name)}`.",
    )


def _refuse_mixed_encodings(path: Path, rows_above: int) -> None:
    """Refuse a header in UTF-8 over rows that are not: the file was put together, and its headers would be wrong."""
    with path.open("rb") as file:
        for _ in range(rows_above):
            file.readline(LONGEST_LINE_BYTES)
        header = file.readline(LONGEST_LINE_BYTES)
    try:
        is_utf8 = not header.isascii() and bool(header.decode("utf-8"))
    except UnicodeDecodeError:
        return
    if is_utf8:
        raise RejectedFile(
            f"{path.name}: two encodings are mixed: line {rows_above + 1} is UTF-8, lines below it are Windows-1252.",
            'Export the file again in one piece, or save it as "CSV UTF-8" after checking its accents.',
        )


def _notes(match: HeaderMatch, mapping: Mapping | None, rows_above: int) -> tuple[str, ...]:
    notes: list[str] = []
    if rows_above and not (mapping and mapping.skip_rows):
        passed = "line 1 was" if rows_above == 1 else f"lines 1 to {rows_above} were"
        notes.append(f"The header is on line {rows_above + 1}; {passed} passed over.")
    known = {header.strip().lower() for header in (mapping.ignored if mapping else ())}
    ignored = [header for header in match.ignored
               if header and header.lower() not in known and not header.startswith(ADDED_HEADERS)]  # fmt: skip
    if ignored:
        notes.append(f"Not in the contract, and not loaded: {headers_in_words(ignored)}.")
    return tuple(notes)

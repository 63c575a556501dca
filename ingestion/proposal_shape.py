"""How an unknown file is written: delimiter, encoding, sheet, header line, and its first rows as text.

This is the one place where a dialect is detected: only to be proposed to a person, never to load by.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import polars as pl

from ingestion.contracts import fold
from ingestion.quoting import name_sql, text_sql
from ingestion.readers import RejectedFile, file_format, reader_for
from ingestion.readers.json import NUMBER_MARK
from ingestion.readers.json_records import open_records
from ingestion.readers.text import decode
from ingestion.readers.text_scan import refuse_other_kinds
from ingestion.readers.workbook_cells import sheet_rows

DELIMITERS = (";", ",", "\t", "|")
SAMPLE_BYTES = 8 << 20
SAMPLE_ROWS = 20_000
LOOKED_AT_ROWS = 200
TITLE_ROWS = 40  # a header is looked for in the first rows only
_VALUE_LIKE = re.compile(r"[-+(]?(R\$)?\s*[\d.,/:\s-]+\)?%?")


@dataclass(frozen=True)
class Shape:
    """A table as it stands in a file. `columns` has the texts under each header, blank cells as None.

    `header_line` counts from 1. `is_native`: numbers and dates were the file's own, not text. `is_whole`: every row of
    the file is in `columns`.
    """

    reader: str
    headers: tuple[str, ...]
    columns: tuple[list[str | None], ...]
    header_line: int = 1
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    is_native: bool = False
    is_whole: bool = True

    @property
    def rows(self) -> int:
        """Number of rows looked at."""
        return len(self.columns[0]) if self.columns else 0


def shapes(path: Path) -> list[Shape]:
    """The tables of a file, a sheet each. Raises RejectedFile for a kind of file that needs no mapping, or none at all."""
    if not path.is_file():
        raise RejectedFile(f"{path.name}: there is no such file.", "Check the path.")
    kind = file_format(path)
    if not kind.is_table:
        raise RejectedFile(
            f"{path.name}: a file of this kind ({kind.reader}) says itself what it holds and needs no mapping.",
            "Load it as it is: put it into the inbox, or run `retaguarda load FILE`.",
        )
    if kind.reader == "csv":
        found = [_text_shape(path)]
    elif kind.reader in ("xlsx", "ods"):
        found = _sheet_shapes(path, kind.reader)
    else:
        found = [_frame_shape(path, kind.reader)]
    tables = [shape for shape in found if shape.headers]
    if not tables:
        raise RejectedFile(f"{path.name}: there is no line of headers in it.", "Export it with its headers.")
    return tables


def header_place(rows: list[list[str]]) -> int | None:
    """Index of the row that holds the headers: the first as wide as the table whose cells are names, not values."""
    widths = Counter(sum(bool(cell.strip()) for cell in row) for row in rows)
    widths.pop(0, None)
    if not widths:
        return None
    # Most rows are data; some of their cells are blank, those of the header are not.
    usual = max(widths, key=lambda width: (widths[width] * width, width))
    for place, row in enumerate(rows[:TITLE_ROWS]):
        cells = [cell.strip() for cell in row if cell.strip()]
        named = [cell for cell in cells if not _VALUE_LIKE.fullmatch(cell)]
        is_wide = len(cells) >= max(1 if usual == 1 else 2, 0.6 * usual)
        # A header that stands twice is a mistake to be told, not a sign that this is no header line.
        distinct = len({fold(cell) for cell in cells})
        if is_wide and len(named) >= 0.8 * len(cells) and distinct >= 0.8 * len(cells):
            return place
    return None


def delimiter_of(text: str) -> str:
    """The delimiter under which the most lines have the same number of fields, more than one."""
    lines = text.splitlines()[:LOOKED_AT_ROWS]
    scores: dict[str, float] = {}
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        widths.pop(1, None)
        if widths:
            width, number = widths.most_common(1)[0]
            scores[delimiter] = number / max(len(lines), 1) + min(width, 50) / 1000
    return max(scores, key=lambda each: scores[each], default=DELIMITERS[0])


def _text_shape(path: Path) -> Shape:
    with path.open("rb") as file:
        start = file.read(SAMPLE_BYTES)
        is_whole = not file.read(1)
    refuse_other_kinds(path, start)
    start = start if is_whole else start[: start.rfind(b"\n") + 1]
    text, encoding = decode(start)
    delimiter = delimiter_of(text)
    rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE_ROWS + TITLE_ROWS))
    place = header_place(rows[:LOOKED_AT_ROWS])
    if place is None:
        return Shape("csv", (), ())
    # The line of the header, not its place among records: titles above it may hold line ends.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for _ in range(place):
        next(reader)
        line = reader.line_num + 1
    kept = encoding.removesuffix("-sig")
    return _shape("csv", rows, place, line, delimiter=delimiter, encoding=kept, is_whole=is_whole)


def _shape(reader: str, rows: list[list[str]], place: int, line: int, **further: object) -> Shape:
    header = [cell.strip() for cell in rows[place]]
    while header and not header[-1]:
        header.pop()
    width = len(header)
    # Ragged rows tell nothing about columns: their values may stand under the wrong header.
    body = [row for row in rows[place + 1 :] if len(row) >= width and not any(cell.strip() for cell in row[width:])]
    columns = tuple([row[position].strip() or None for row in body] for position in range(width))
    return Shape(reader, tuple(header), columns, line, **further)  # type: ignore[arg-type]


def _sheet_shapes(path: Path, reader: str) -> list[Shape]:
    workbook = reader_for(path).open(path)  # type: ignore[attr-defined] - workbooks are opened before they are read
    found = []
    for sheet in workbook.sheet_names:
        rows = [[cell or "" for cell in row] for row in sheet_rows(workbook, sheet, None).iter_rows()]
        place = header_place(rows[:LOOKED_AT_ROWS])
        if place is not None:
            whole = len(rows) <= SAMPLE_ROWS + TITLE_ROWS
            rows = rows[: SAMPLE_ROWS + TITLE_ROWS]
            found.append(_shape(reader, rows, place, place + 1, sheet=sheet, is_native=True, is_whole=whole))
    return found


def _frame_shape(path: Path, reader: str) -> Shape:
    frame = _parquet_frame(path) if reader == "parquet" else _json_frame(path)
    texts = frame.select(pl.all().cast(pl.String, strict=False))
    return Shape(
        reader, tuple(frame.columns), tuple(texts[name].to_list() for name in frame.columns),
        is_native=True, is_whole=frame.height < SAMPLE_ROWS,
    )  # fmt: skip


def _parquet_frame(path: Path) -> pl.DataFrame:
    try:
        return pl.scan_parquet(path).head(SAMPLE_ROWS).collect()
    except pl.exceptions.PolarsError as error:
        raise RejectedFile(f"{path.name} cannot be read as Parquet: {error}", "Export it again.") from error


def _json_frame(path: Path) -> pl.DataFrame:
    with duckdb.connect() as connection, tempfile.TemporaryDirectory(prefix="retaguarda_") as folder:
        records = open_records(connection, path, None, Path(folder), SAMPLE_ROWS)
        # Numbers have a mark before them; what remains is the text as it stands in the file.
        selected = ", ".join(
            f"ltrim(json_extract_string(marked, {text_sql(pointer)}), {NUMBER_MARK}) as {name_sql(header)}"
            for header, pointer in records.pointers.items()
        )
        return connection.sql(f"select {selected} from {records.relation} where problem is null").pl()  # noqa: S608

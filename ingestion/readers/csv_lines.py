"""A delimited text whose lines are its rows, as a view that DuckDB splits: the quick way, of all lines or of some."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.contracts import Dialect
from ingestion.quoting import name_sql, path_sql, text_sql
from ingestion.readers.scanned_text import ScannedText, TextPart

LEAST_IN_PIECES = 100_000  # rows
FIRST_PIECE = 0.54  # of the rows: whoever reads the second has to pass over the first
_NUMBER = "line"  # first column of a copy of some lines


@dataclass(frozen=True)
class CsvLines:
    """The view `name` over a text: `columns` in the order of its fields, `_line` and `_raw_line`; copies go to `folder`.

    `is_certain`: a line can only be a row. Where quotes might hold line ends, that is so if the rows that come out
    are as many as the lines.
    """

    connection: duckdb.DuckDBPyConnection
    scanned: ScannedText
    dialect: Dialect
    columns: tuple[str | None, ...]
    header_end: int
    name: str
    folder: Path

    @property
    def rows(self) -> int:
        """Number of lines below the header."""
        return max(self.scanned.lines - self.header_end, 0)

    @property
    def first(self) -> int:
        """Number of the first line below the header."""
        return self.header_end + 1

    @property
    def last(self) -> int:
        """Number of the last line that is not blank."""
        return self.header_end + self.rows

    @property
    def is_certain(self) -> bool:
        """Whether no line end can stand inside a row."""
        return not self.scanned.has_quote

    def lay(self) -> None:
        """Create the view, or bring it back, over all lines."""
        # Numbering rows keeps DuckDB to one thread, so the file is read in pieces, each numbered by itself. A quoted
        # field might hold a line end, and then lines are not rows: such a file stays in one piece.
        whole, *others = self.scanned.parts
        if others:
            pieces = [self._numbered(part, max(self.header_end, part.lines_before)) for part in self.scanned.parts]
            self._view(" union all ".join(f"({piece})" for piece in pieces))
            return
        if self.scanned.has_quote or self.rows < LEAST_IN_PIECES:
            self._view(self._numbered(whole, self.header_end))
            return
        first = int(self.rows * FIRST_PIECE)
        rest = self._numbered(whole, self.header_end + first)
        self._view(f"({self._numbered(whole, self.header_end)} limit {first}) union all ({rest})")

    @contextlib.contextmanager
    def only(self, lines: Sequence[int]) -> Iterator[None]:
        """Within it the view, and those laid over it, has just the rows on `lines` (in ascending order)."""
        copy = self.folder / f"{self.name}.lines"
        with contextlib.ExitStack() as at_end:
            at_end.callback(copy.unlink, missing_ok=True)
            copy_lines(self.scanned, lines, copy, self.dialect.delimiter.encode())
            self._view(self._select(copy, _NUMBER, 0))
            yield
            self.lay()

    def _view(self, select: str) -> None:
        self.connection.execute(f"create or replace temp view {name_sql(self.name)} as {select}")

    def _numbered(self, part: TextPart, skipped: int) -> str:
        """Select of the part's lines behind the first `skipped` of the text."""
        return self._select(part.path, f"row_number() over () + {skipped}", skipped - part.lines_before)

    def _select(self, path: Path, line: str, skipped: int) -> str:
        positions = [f"c{position}" for position in range(len(self.columns))]
        types = [f"'{_NUMBER}': 'BIGINT'"] if line == _NUMBER else []
        types += [f"'{position}': 'VARCHAR'" for position in positions]
        selected = [
            f"{position} as {name_sql(column)}"
            for position, column in zip(positions, self.columns, strict=True)
            if column
        ]
        fields = ", ".join(_written_sql(position, self.dialect, self.scanned.has_quote) for position in positions)
        quote = text_sql(self.dialect.quote) if self.scanned.has_quote else "''"
        delimiter = text_sql(self.dialect.delimiter)
        return (
            f"select {', '.join([*selected, f'{line} as _line'])}, concat_ws({delimiter}, {fields}) as _raw_line "
            f"from read_csv({path_sql(path)}, delim = {delimiter}, quote = {quote}, escape = {quote}, header = false, "
            f"skip = {skipped}, auto_detect = false, columns = {{{', '.join(types)}}})"
        )


def copy_lines(text: ScannedText, lines: Sequence[int], target: Path, delimiter: bytes) -> None:
    """Copy some lines (from 1, ascending) of a text to `target`, each behind its number and the delimiter."""
    place = 0
    with target.open("wb") as copy:
        while place < len(lines):
            before, block = text.whole_lines(lines[place])
            texts = block.removesuffix(b"\n").split(b"\n")
            while place < len(lines) and lines[place] <= before + len(texts):
                copy.write(b"%d%b%b\n" % (lines[place], delimiter, texts[lines[place] - before - 1]))
                place += 1


def _written_sql(position: str, dialect: Dialect, has_quote: bool) -> str:
    text = f"coalesce({position}, '')"
    if not has_quote:
        return text
    quote, doubled = text_sql(dialect.quote), text_sql(dialect.quote * 2)
    needs = f"contains({text}, {text_sql(dialect.delimiter)}) or contains({text}, {quote})"
    return f"case when {needs} then {quote} || replace({text}, {quote}, {doubled}) || {quote} else {text} end"

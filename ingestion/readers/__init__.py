"""Readers: a file → text tables, nothing lost and nothing converted. Parsing happens once, after them."""

from __future__ import annotations

import codecs
import collections.abc
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract, Dialect
    from ingestion.mapping import Mapping


class RowLines(Protocol):
    """The lines of a text whose every line, from `first` to `last`, is one row.

    `is_certain`: it cannot be otherwise; else it is so if as many rows come out as there are lines.
    """

    @property
    def first(self) -> int:
        """Number of the first line."""
        ...

    @property
    def last(self) -> int:
        """Number of the last line."""
        ...

    @property
    def is_certain(self) -> bool:
        """Whether no line end can stand inside a row."""
        ...

    def only(self, lines: Sequence[int]) -> AbstractContextManager[None]:
        """Within it the text table has just the rows on these lines (in ascending order)."""
        ...


@dataclass(frozen=True)
class TextTable:
    """What every reader hands over: everything still text, every row of the file in it.

    `relation` names a temporary view or table on the reader's connection. Its columns are VARCHAR and named by the
    contract (columns that the file does not have may be absent), plus `_line` BIGINT (1-based line or sheet row) and
    `_raw_line` VARCHAR, and, if a row's shape is broken, an optional `_problem` VARCHAR saying why, with an optional
    `_remedy` VARCHAR.
    """

    table: str
    relation: str
    rows_read: int
    encoding: str
    dialect: Dialect
    notes: tuple[str, ...] = ()
    headers: collections.abc.Mapping[str, str] = field(default_factory=dict)  # contract column → header in the file
    header_lines: str | None = None  # of a delimited text: all before its first row, as it stands there
    lines: RowLines | None = None  # where some rows can be looked at without reading the others


class RejectedFile(Exception):
    """The file is not what it claims to be: nothing of it is loaded. Says what is wrong and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message, self.remedy = message, remedy


class Reader(Protocol):
    """Turns one file into text tables; `contract` is None when the reader itself says which tables a file holds."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """The file's tables. Raises RejectedFile if the file is not what it claims to be."""
        ...


class HeaderRows(Protocol):
    """What the module of a format with `is_table` has besides its reader, as the function `header_rows`."""

    def __call__(self, path: Path, dialect: Dialect, sheet: str | None, count: int) -> list[list[str]]:
        """The first `count` rows of a file (of every sheet where none is named), among which its header stands."""
        ...


@dataclass(frozen=True)
class FileFormat:
    """A kind of file: its reader's name in contracts, which is also its module here, and how such a file is known.

    `starts` looks at the first bytes and is asked only where several formats share a suffix; a format without it
    takes what no other one claims. `names_tables`: the file itself says which tables it holds, so that no contract
    need be chosen for it. `is_table`: rows under headers, so that every contract that is read from one such format
    is read from all of them.
    """

    reader: str
    reader_class: str
    suffixes: tuple[str, ...]
    starts: Callable[[bytes], bool] | None = None
    names_tables: bool = False
    is_table: bool = False
    has_sheets: bool = False  # several tables may stand in one file


def _starts_sped(start: bytes) -> bool:
    return start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"|0000|")


def _starts_ofx(start: bytes) -> bool:
    return start.removeprefix(codecs.BOM_UTF8).lstrip().upper().startswith((b"OFXHEADER", b"<OFX>", b"<?OFX"))


def _starts_cnab(start: bytes) -> bool:
    return re.match(rb"\s*(?:\d{3}00000|0[12](?:RETORNO|REMESSA))", start) is not None


# One line adds a reader: its name (module ingestion.readers.<name>), its class there, and the suffixes of its files.
# Earlier lines are asked first where a suffix is shared. Modules are imported when a file needs them.
FORMATS: tuple[FileFormat, ...] = (
    FileFormat("sped", "SpedReader", (".sped", ".txt"), _starts_sped, names_tables=True),
    FileFormat("cnab", "CnabReader", (".ret", ".rem", ".cnab", ".txt"), _starts_cnab, names_tables=True),
    FileFormat("ofx", "OfxReader", (".ofx", ".qfx", ".txt"), _starts_ofx, names_tables=True),
    FileFormat("csv", "CsvReader", (".csv", ".tsv", ".txt"), is_table=True),
    FileFormat("xlsx", "XlsxReader", (".xlsx", ".xlsm"), is_table=True, has_sheets=True),
    FileFormat("ods", "OdsReader", (".ods",), is_table=True, has_sheets=True),
    FileFormat("json", "JsonReader", (".json", ".ndjson", ".jsonl"), is_table=True),
    FileFormat("parquet", "ParquetReader", (".parquet",), is_table=True),
    FileFormat("nfe", "NfeReader", (".xml",), names_tables=True),
    FileFormat("archive", "ArchiveReader", (".zip", ".gz"), names_tables=True),
)
TABLE_READERS: tuple[str, ...] = tuple(each.reader for each in FORMATS if each.is_table)
SNIFFED_BYTES = 4096
HEADER_ROWS = 20  # a header stands among the first rows; titles and dates may stand above it


def suffixes() -> tuple[str, ...]:
    """Every suffix that a file may have, in the order of the alphabet: `.cnab`, `.csv`, …"""
    return tuple(sorted({suffix for each in FORMATS for suffix in each.suffixes}))


def file_format(path: Path) -> FileFormat:
    """Format of a file, by its suffix, and by its first bytes where formats share the suffix (.txt).

    Raises RejectedFile for a suffix of no format. A file that cannot be opened is told by its suffix alone.
    """
    suffix = path.suffix.lower()
    candidates = [each for each in FORMATS if suffix in each.suffixes]
    if not candidates:
        raise RejectedFile(
            f'"{path.suffix or path.name}" is not a kind of file that can be loaded.',
            f"Export it as one of {', '.join(suffixes())}.",
        )
    if len(candidates) == 1:
        return candidates[0]
    start = b""
    if path.is_file():
        with path.open("rb") as file:
            start = file.read(SNIFFED_BYTES)
    claimed = [each for each in candidates if each.starts is not None and each.starts(start)]
    return (claimed or [each for each in candidates if each.starts is None] or candidates)[0]


def reader_name(path: Path) -> str:
    """Name of the reader for a file, by suffix and content. Raises RejectedFile if there is none."""
    return file_format(path).reader


def reader_for(path: Path) -> Reader:
    """The reader for a file, by suffix and content. Raises RejectedFile if there is none."""
    chosen = file_format(path)
    module = import_module(f"ingestion.readers.{chosen.reader}")
    reader: Reader = getattr(module, chosen.reader_class)()
    return reader


def first_rows(path: Path, dialect: Dialect, sheet: str | None = None, count: int = HEADER_ROWS) -> list[list[str]]:
    """The first rows of a table's file, among which its header stands; none for a file that names its tables itself.

    Raises RejectedFile for a file that is not of the kind that its name says.
    """
    kind = file_format(path)
    if not kind.is_table:
        return []
    header_rows: HeaderRows = import_module(f"ingestion.readers.{kind.reader}").header_rows
    return header_rows(path, dialect, sheet, count)

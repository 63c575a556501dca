"""Readers: a file → text tables, nothing lost and nothing converted. Parsing happens once, after them."""

from __future__ import annotations

import collections.abc
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract, Dialect
    from ingestion.mapping import Mapping


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


# Suffix → reader's name as contracts use it; the module ingestion.readers.<name> has a class `<Name>Reader`.
READERS_BY_SUFFIX: dict[str, str] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".ofx": "ofx",
}


def reader_name(path: Path) -> str:
    """Name of the reader for a file, by its suffix. Raises RejectedFile if there is none."""
    name = READERS_BY_SUFFIX.get(path.suffix.lower())
    if name is None:
        raise RejectedFile(
            f'"{path.suffix or path.name}" is not a kind of file that can be loaded.',
            f"Export it as one of {', '.join(sorted(READERS_BY_SUFFIX))}.",
        )
    return name


def reader_for(path: Path) -> Reader:
    """The reader for a file, by its suffix. Raises RejectedFile if there is none."""
    name = reader_name(path)
    module = import_module(f"ingestion.readers.{name}")
    reader: Reader = getattr(module, f"{name.capitalize()}Reader")()
    return reader

"""One contract: an export, its dialect and its columns, as plain immutable objects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path

RAW_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DECIMAL(18,6)",
    "money": "DECIMAL(18,2)",
    "precise": "DECIMAL(28,10)",  # unit prices of fiscal documents have ten decimals
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
ENCODINGS = ("utf-8", "cp1252")


@dataclass(frozen=True)
class Dialect:
    """How an export writes its values. Formats use dd, mm, yyyy, yy, hh, mm (minutes, after hh) and ss."""

    delimiter: str = ";"
    quote: str = '"'
    encodings: tuple[str, ...] = ENCODINGS
    decimal: str = ","
    date_format: str = "dd/mm/yyyy"
    timestamp_format: str = "dd/mm/yyyy hh:mm:ss"
    timezone: str = "America/Sao_Paulo"


@dataclass(frozen=True)
class Column:
    """One column of a contract. `headers` maps a language to the names seen in exports, the template's first."""

    name: str
    type: str
    required: bool = False
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str | None = None
    default: str | None = None
    personal: str = "none"
    description: str = ""
    line: int = 0

    @property
    def raw_type(self) -> str:
        """DuckDB type of the column in the raw table."""
        return RAW_TYPES[self.type]

    def names(self) -> tuple[str, ...]:
        """Every header accepted for the column, its contract name last."""
        return (*(name for names in self.headers.values() for name in names), self.name)

    def header(self, language: str) -> str:
        """The header that a template shows in `language`; the contract name where there is none."""
        names = self.headers.get(language)
        return names[0] if names else self.name


@dataclass(frozen=True)
class Contract:
    """One export: how its files are called and written, its columns, its key and how it replaces what was known.

    A full export speaks of the members of `scope` that are in it: it closes no row of another company (or unit). One
    that lacks more than `maximum_shrink` of their rows is held (None: the usual share).
    """

    source: str
    table: str
    label: Mapping[str, str]
    files: tuple[str, ...]
    readers: tuple[str, ...]
    dialect: Dialect
    key: tuple[str, ...]
    export: str
    control_column: str | None
    columns: tuple[Column, ...]
    scope: tuple[str, ...] = ()
    maximum_shrink: float | None = None
    description: str = ""
    path: Path = Path()
    line: int = 0

    @property
    def name(self) -> str:
        """`source.table`, the name used everywhere."""
        return f"{self.source}.{self.table}"

    def column(self, name: str) -> Column:
        """The column called `name` in the contract; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def header_index(self) -> Mapping[str, list[str]]:
        """Folded header → names of the columns that accept it, so that a clash between columns stays visible."""
        return self._header_index

    @cached_property
    def _header_index(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for column in self.columns:
            for header in column.names():
                names = index.setdefault(fold(header), [])
                if column.name not in names:
                    names.append(column.name)
        return index


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Text without case, accents and spaces around or repeated: how headers and allowed values are compared."""
    plain = unicodedata.normalize("NFKD", text.replace("\ufeff", ""))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return re.sub(r"[\s_]+", " ", plain).strip().lower()

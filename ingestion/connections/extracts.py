"""Extract files: rows of a source as newline-delimited JSON in the inbox, and the book of what was extracted.

An extract is an export like any other: it is loaded, archived and led back to like one, and its lines are the rows
as the source gave them. The book says up to which high water an extract reads; only extracts that were loaded, or
still lie in the inbox, count, so that one that is lost or rejected is read again.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from ingestion.connections.connection import ConnectionFault

WaterMark = datetime | date | int | Decimal | str
ISO_DATE_LENGTH = 10
_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS


@dataclass(frozen=True)
class Extract:
    """One extract file: how many rows, and the highest mark in it (None where there is no high-water column)."""

    table: str
    path: Path
    rows: int
    sha256: str
    high_water: WaterMark | None


def write_extract(
    table: str,
    target: Path,
    batches: Iterable[list[dict[str, Any]]],
    high_water: str | None,
    advance: Callable[[int], None] = lambda _: None,
) -> Extract | None:
    """Write the rows of all batches as one NDJSON file, in place only when it is whole; None where there are none.

    Raises ConnectionFault for a value that has no text (bytes), and for rows without the high-water column.
    """
    beside = target.with_name(f".{target.name}.part")
    rows, mark, digest = 0, None, sha256()
    try:
        with beside.open("wb") as stream:
            for batch in batches:
                for row in batch:
                    line = _line(table, row)
                    digest.update(line)
                    stream.write(line)
                    if high_water is not None:
                        mark = _higher(table, mark, row, high_water)
                rows += len(batch)
                advance(rows)
            stream.flush()
            os.fsync(stream.fileno())
        if not rows:
            return None
        beside.rename(target)
    finally:
        beside.unlink(missing_ok=True)
    return Extract(table, target, rows, digest.hexdigest(), mark)


def _line(table: str, row: Mapping[str, Any]) -> bytes:
    # orjson writes NaN and infinities as null, which would be a loss in silence: they go as text, and into quarantine.
    exact = {
        name: str(value) if value.__class__ is float and not math.isfinite(value) else value
        for name, value in row.items()
    }
    try:
        return orjson.dumps(exact, default=_text, option=_OPTIONS)
    except TypeError as error:
        if "64-bit" not in str(error):
            raise ConnectionFault(f"{table}: {error.__cause__ or error}.") from error
        # Integers beyond 64 bits are written with all their digits, too.
        wide = {name: Decimal(value) if value.__class__ is int else value for name, value in exact.items()}
        return orjson.dumps(wide, default=_text, option=_OPTIONS)


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        # A number with the digits it has: a text would be read in the contract's own notation (1.234,56).
        return orjson.Fragment(format(value, "f")) if value.is_finite() else str(value)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        raise ConnectionFault("a column holds bytes, which no contract can read: leave it out, or cast it to text")
    return str(value)


def _higher(table: str, mark: Any, row: Mapping[str, Any], column: str) -> Any:
    if column not in row:
        raise ConnectionFault(
            f'{table}: the rows have no "{column}", which should be their high-water mark. '
            f"They have: {', '.join(map(str, row))}."
        )
    value = row[column]
    return value if mark is None or (value is not None and value > mark) else mark


class Book:
    """The extracts of one connection, a line each; `loaded` are the hashes of all files that raw has taken in."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, extract: Extract) -> None:
        """Note an extract, forced to the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        entry = {
            "table": extract.table,
            "file": extract.path.name,
            "rows": extract.rows,
            "sha256": extract.sha256,
            "high_water": _encoded(extract.high_water),
        }
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def high_water(self, table: str, loaded: set[str], inbox: Path) -> WaterMark | None:
        """The highest mark of the table's extracts that were loaded or still lie in the inbox; None to read all."""
        marks = [
            _decoded(entry["high_water"])
            for entry in self._entries()
            if entry["table"] == table
            and entry["high_water"] is not None
            and (entry["sha256"] in loaded or (inbox / entry["file"]).exists())
        ]
        return max(marks, default=None)  # pyright: ignore[reportArgumentType]

    def _entries(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        entries: list[dict[str, Any]] = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                entries.append(json.loads(line))
            except json.JSONDecodeError:
                continue  # a line cut off by a crash: its extract is read again
        return entries


def _encoded(mark: WaterMark | None) -> list[str] | None:
    if mark is None:
        return None
    kind = {datetime: "timestamp", date: "date", int: "integer", Decimal: "number"}.get(type(mark), "text")
    return [kind, mark.isoformat() if isinstance(mark, date) else str(mark)]


def _decoded(encoded: list[str]) -> WaterMark:
    kind, text = encoded
    decode: dict[str, Callable[[str], WaterMark]] = {
        "timestamp": datetime.fromisoformat,
        "date": date.fromisoformat,
        "integer": int,
        "number": Decimal,
    }
    return decode.get(kind, str)(text)


def less_overlap(mark: WaterMark, overlap: timedelta) -> WaterMark:
    """Where the next extract begins: the mark less the overlap; whole days for dates, the mark itself otherwise.

    A text that is an ISO date or time, as APIs give it, is taken for one.
    """
    if isinstance(mark, str):
        try:
            mark = date.fromisoformat(mark) if len(mark) == ISO_DATE_LENGTH else datetime.fromisoformat(mark)
        except ValueError:
            return mark
    if isinstance(mark, datetime):
        return mark - overlap
    if isinstance(mark, date):
        return mark - timedelta(days=max(1, overlap.days))
    return mark

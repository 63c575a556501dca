"""What KPIs are counted again from: the published file, and the raw rows that were known at its moment."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import duckdb

LOCAL = ZoneInfo("America/Sao_Paulo")
Rows = list[dict[str, Any]]


def local(moment: datetime) -> datetime:
    """A naive UTC moment on the wall clock of São Paulo, naive again."""
    return moment.replace(tzinfo=UTC).astimezone(LOCAL).replace(tzinfo=None)


class Store:
    """Both databases, open for reading for as long as the block lasts. `as_of` is the moment of the build (UTC)."""

    def __init__(self, data: Path, published_copy: Path) -> None:
        self.serving = duckdb.connect(str(published_copy), read_only=True)
        self._raw = duckdb.connect(str(data / "raw.duckdb"), read_only=True)
        self.as_of: datetime = self.rows("select as_of from meta.publication")[0]["as_of"]
        self.today = local(self.as_of).date()

    def rows(self, query: str) -> Rows:
        """The answer of the published file."""
        return _rows(self.serving, query)

    def raw(self, query: str) -> Rows:
        """The answer of raw, whatever version was known when."""
        return _rows(self._raw, query)

    def known(self, table: str) -> Rows:
        """The versions of a raw table that were known at the moment of the build."""
        moment = f"timestamp '{self.as_of}'"
        return self.raw(
            f"select * from {table} where _valid_from <= {moment} and (_valid_to is null or _valid_to > {moment})"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.serving.close()
        self._raw.close()


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

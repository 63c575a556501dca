"""The published file, opened read-only. The only module of the dashboard that knows DuckDB.

A publication is immutable, so whatever is read from it may be cached for ever under its name: a new
publication has a new name, which is a new key. Nothing is ever invalidated by hand.
"""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

TIMEZONE = ZoneInfo("America/Sao_Paulo")  # the same as the models' `timezone` variable
# Neither analysts nor a page can reach files, other databases, extensions or Python objects from this connection.
SANDBOX: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "lock_configuration": True,
    "threads": 2,
    "memory_limit": "1GB",
}
KEPT_OPEN = 2  # the publication being read and the one before it, for readers still on their way


class NothingPublished(Exception):
    """No publication exists yet. The message says what to do."""


@dataclass(frozen=True)
class Build:
    """How the last build ended; `state` is 'published', 'failed' or 'unknown'."""

    state: str
    finished_at: datetime | None
    reason: str | None
    failed_tests: tuple[str, ...]


class Publication:
    """One published file and a read-only, sandboxed connection to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = path.stem
        self._connection = duckdb.connect(str(path), read_only=True, config=dict(SANDBOX))

    def __hash__(self) -> int:
        return hash(self.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Publication) and other.path == self.path

    def fetch(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pl.DataFrame:
        """Run one query and return its rows. Values are always bound, as `?` or `$name`, never spliced into the text.

        Raises duckdb.Error when the query is wrong or leaves the sandbox.
        """
        # A cursor is a connection of its own to the same open file: sessions in several threads do not wait.
        cursor = self._connection.cursor()
        try:
            bound = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
            return cursor.sql(sql, params=bound).pl()
        finally:
            cursor.close()

    def close(self) -> None:
        """Close the connection; later queries on it fail."""
        self._connection.close()


def data_folder() -> Path:
    """The data folder: RETAGUARDA_DATA, by default ./data."""
    return Path(os.environ.get("RETAGUARDA_DATA", "data"))


def current_path(data: Path | None = None) -> Path:
    """The published file that `serving/current` names. Raises NothingPublished when there is none."""
    serving = (data or data_folder()) / "serving"
    pointer = serving / "current"
    try:
        path = serving / pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        message = f"{pointer} does not exist: nothing has been published. Run `retaguarda refresh` (or `make demo`)."
        raise NothingPublished(message) from None
    if not path.is_file():
        raise NothingPublished(f"{pointer} names {path.name}, which does not exist. Run `retaguarda publish`.")
    return path.resolve()


_open: OrderedDict[Path, Publication] = OrderedDict()
_open_lock = threading.Lock()


def open_path(path: Path) -> Publication:
    """The publication in `path`: opened once a process, then shared by all sessions."""
    with _open_lock:
        if path not in _open:
            _open[path] = Publication(path)
            while len(_open) > KEPT_OPEN:
                _open.popitem(last=False)  # closed by the garbage collector once its last reader is done
        _open.move_to_end(path)
        return _open[path]


def current(data: Path | None = None) -> Publication:
    """The publication to show now. Raises NothingPublished."""
    return open_path(current_path(data))


def last_build(data: Path | None = None) -> Build:
    """How the last build ended, from `serving/last_build.json`."""
    path = (data or data_folder()) / "serving" / "last_build.json"
    try:
        modified = path.stat().st_mtime_ns
    except FileNotFoundError:
        return Build("unknown", None, None, ())
    return _read_build(path, modified)


@lru_cache(maxsize=4)
def _read_build(path: Path, modified: int) -> Build:
    """The parsed file; `modified` is part of the key, so that a new build is read again."""
    content = json.loads(path.read_text(encoding="utf-8"))
    finished = content.get("finished_at")
    tests = content.get("failed_tests") or ()
    failed = tuple(str(test["test"]) if isinstance(test, dict) else str(test) for test in tests)
    return Build(
        str(content.get("state", "unknown")),
        datetime.fromisoformat(finished) if finished else None,
        content.get("reason"),
        failed,
    )

"""The office file: opened for one piece of work, migrated where it is behind, changed in transactions.

Several processes write to it at once (dashboards, the command line): write-ahead logging lets readers go on while one
writes, and a writer waits for the one before it. A connection lives as long as one piece of work, so nothing is
shared between threads or kept over a fork.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from office.migrations import STEPS

FILE_NAME = "office.sqlite"
PATIENCE_SECONDS = 20.0


class NewerOffice(Exception):
    """The file was written by a newer version of the product; the message says what to do."""


class Office:
    """The office file of one data folder. Nothing is opened or created until it is used."""

    def __init__(self, data: Path) -> None:
        self.path = data / FILE_NAME

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for questions; all of them see the same moment. Where nobody has written yet, nothing is created."""
        with self._opened(self.path if self.path.exists() else None) as connection:
            connection.execute("begin")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection for changes: all of them, or, when the block raises, none."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._opened(self.path) as connection:
            # `immediate` takes the writer's place at once: a transaction that reads first could not be upgraded
            # while another process writes.
            connection.execute("begin immediate")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def _opened(self, path: Path | None) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(path or ":memory:", timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("pragma foreign_keys = on")
            _use_write_ahead_log(connection)
            _migrate(connection, self.path)
            yield connection
        finally:
            connection.close()


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Kept in the file once set. SQLite does not wait for other processes while it changes this: so wait here."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(STEPS):
        return
    connection.execute("begin immediate")
    try:
        taken = _version(connection)  # another process may have been faster
        if taken > len(STEPS):
            raise NewerOffice(f"{path} was written by a newer version of Retaguarda. Update this one.")
        for statements in STEPS[taken:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"pragma user_version = {len(STEPS)}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def instant() -> str:
    """Now, in UTC, as it stands in the office file: ISO 8601 to the microsecond, which sorts as text."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")

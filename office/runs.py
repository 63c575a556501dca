"""The log of runs: what started, when, and how it ended.

Each run holds a lock of the system on a small file of its own for as long as it lives. A run that says that it is
running while nobody holds its lock was killed: so it is shown, whoever killed it, also from another container that
shares the data folder, where process numbers mean nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from office.store import Office, instant

RUNNING, DONE, FAILED, KILLED = "running", "done", "failed", "killed"
RUNS_KEPT = 5000
COLUMNS = "run_id, command, started_by, started_at, ended_at, state, exit_code, summary, message"
KILLED_MESSAGE = "The process ended without saying so: it was killed, or the machine stopped."


@dataclass(frozen=True)
class Run:
    """One run. `state`: running, done, failed or killed; `started_by`: person, page or schedule. Times are UTC.

    `summary` says what was fetched, loaded, built, published, frozen, delivered and alerted, as far as it came.
    `ended_at` of a killed run is None: nobody can know.
    """

    run_id: int
    command: str
    started_by: str
    started_at: str
    ended_at: str | None
    state: str
    exit_code: int | None
    summary: Mapping[str, Any]
    message: str


@dataclass(frozen=True)
class Place:
    """A run in the log that has begun, and the lock that it holds until it has ended."""

    token: str
    path: Path
    descriptor: int


def begin(office: Office, command: str, started_by: str) -> Place:
    """Enter a run that starts now. `end` or `forget` must follow."""
    token = secrets.token_hex(8)
    folder = _folder(office)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / token
    # The lock comes first: from its first moment in the log the run is seen to be alive.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    place = Place(token, path, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with office.writing() as connection:
            connection.execute(
                "insert into runs (token, command, started_by, started_at) values (?, ?, ?, ?)",
                (token, command, started_by, instant()),
            )
            connection.execute("delete from runs where run_id <= (select max(run_id) from runs) - ?", (RUNS_KEPT,))
    except BaseException:
        _let_go(place)
        raise
    return place


def end(
    office: Office, place: Place, state: str, exit_code: int, summary: Mapping[str, Any], message: str = ""
) -> None:
    """Enter how a run ended."""
    content = json.dumps(dict(summary), ensure_ascii=False, default=str)
    try:
        with office.writing() as connection:
            connection.execute(
                "update runs set state = ?, exit_code = ?, summary = ?, message = ?, ended_at = ? where token = ?",
                (state, exit_code, content, message, instant(), place.token),
            )
    finally:
        _let_go(place)


def forget(office: Office, place: Place) -> None:
    """Take a run out of the log that could not begin, because another one was at work."""
    try:
        with office.writing() as connection:
            connection.execute("delete from runs where token = ?", (place.token,))
    finally:
        _let_go(place)


def listed(office: Office, limit: int = 200, command: str | None = None) -> list[Run]:
    """The latest runs, the latest first. Those whose process is gone are entered as killed, and shown so."""
    settle(office)
    with office.reading() as connection:
        rows = connection.execute(
            f"select {COLUMNS} from runs where ? is null or command = ? order by run_id desc limit ?",  # noqa: S608
            (command, command, limit),
        ).fetchall()
    return [_run(row) for row in rows]


def settle(office: Office) -> None:
    """Enter the runs whose process is gone as killed."""
    with office.reading() as connection:
        tokens = [row["token"] for row in connection.execute("select token from runs where state = 'running'")]
    dead = [token for token in tokens if not _is_held(_folder(office) / token)]
    if not dead:
        return
    with office.writing() as connection:
        # One that has ended in the meantime is not running any more: it is left as it is.
        connection.executemany(
            "update runs set state = 'killed', message = ? where token = ? and state = 'running'",
            [(KILLED_MESSAGE, token) for token in dead],
        )
    for token in dead:
        (_folder(office) / token).unlink(missing_ok=True)


def _folder(office: Office) -> Path:
    return office.path.parent / "running"


def _is_held(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who ask at once do not take each other for the run.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _let_go(place: Place) -> None:
    place.path.unlink(missing_ok=True)
    os.close(place.descriptor)


def _run(row: sqlite3.Row) -> Run:
    return Run(**dict(row) | {"summary": json.loads(row["summary"])})

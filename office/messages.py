"""Messages of the outbox as they are kept: drafts, what became of them, and their history for pages and reports."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from office.store import Office, instant

EMAIL, WEBHOOK = "email", "webhook"
COLUMNS = (
    "message_id, kind, audience, channel, recipient, deduplication_key, subject, payload, state, attempts, "
    "next_attempt_at, last_error, created_at, finished_at, lease"
)
OF_KINDS = "(? is null or kind in (select value from json_each(?)))"


@dataclass(frozen=True)
class Draft:
    """What is to be sent. `subject` is what it is about (the week of a pack, the KPI of an alert), for the history.

    `recipient` is one address, or the name of one webhook. `payload` holds what is needed to compose the message when
    it is sent.
    """

    kind: str
    audience: str
    channel: str
    recipient: str
    deduplication_key: str
    subject: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A kept draft. `state`: waiting, sending, sent, failed (given up), uncertain or withdrawn. Times are UTC."""

    message_id: str
    kind: str
    audience: str
    channel: str
    recipient: str
    deduplication_key: str
    subject: str
    payload: Mapping[str, Any]
    state: str
    attempts: int
    next_attempt_at: str
    last_error: str | None
    created_at: str
    finished_at: str | None
    lease: str | None


@dataclass(frozen=True)
class Attempt:
    """One thing that happened to a message: sent, postponed, failed, interrupted, uncertain, withdrawn, asked_again."""

    happened_at: str
    outcome: str
    detail: str


def find(office: Office, identifier: str) -> Message | None:
    """One message; None when there is none."""
    with office.reading() as connection:
        row = connection.execute(
            f"select {COLUMNS} from outbox where message_id = ?",  # noqa: S608
            (identifier,),
        ).fetchone()
    return None if row is None else _of_row(row)


def listed(
    office: Office,
    kind: str | None = None,
    subject: str | None = None,
    audience: str | None = None,
    limit: int = 500,
) -> list[Message]:
    """Messages, the latest first: the history for pages and reports."""
    with office.reading() as connection:
        rows = connection.execute(
            f"select {COLUMNS} from outbox where (? is null or kind = ?) and (? is null or subject = ?) "  # noqa: S608
            "and (? is null or audience = ?) order by created_at desc, rowid desc limit ?",
            (kind, kind, subject, subject, audience, audience, limit),
        ).fetchall()
    return [_of_row(row) for row in rows]


def next_due(office: Office, kinds: Sequence[str] | None = None) -> float | None:
    """Seconds until the next message of these kinds (of all) is due (0: now); None when none waits."""
    with office.reading() as connection:
        row = connection.execute(
            f"select min(next_attempt_at) from outbox where state = 'waiting' and {OF_KINDS}",  # noqa: S608
            of_kinds(kinds),
        ).fetchone()
    if row[0] is None:
        return None
    return max(0.0, (datetime.fromisoformat(row[0]) - datetime.fromisoformat(instant())).total_seconds())


def attempts(office: Office, identifier: str) -> list[Attempt]:
    """What happened to a message, oldest first."""
    with office.reading() as connection:
        rows = connection.execute(
            "select happened_at, outcome, detail from outbox_attempts where message_id = ? order by attempt_id",
            (identifier,),
        ).fetchall()
    return [Attempt(*row) for row in rows]


def of_kinds(kinds: Sequence[str] | None) -> tuple[str | None, str | None]:
    """The two parameters of OF_KINDS."""
    listed = None if kinds is None else json.dumps(list(kinds))
    return listed, listed


def read_message(connection: sqlite3.Connection, identifier: str) -> Message:
    """One message, inside the transaction that is open on this connection. Raises KeyError."""
    row = connection.execute(f"select {COLUMNS} from outbox where message_id = ?", (identifier,)).fetchone()  # noqa: S608
    if row is None:
        raise KeyError(identifier)
    return _of_row(row)


def _of_row(row: sqlite3.Row) -> Message:
    return Message(**dict(row) | {"payload": json.loads(row["payload"])})

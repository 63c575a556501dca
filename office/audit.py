"""Who changed what and when: one row a change, written in the same transaction as the change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from office.store import Office, instant


@dataclass(frozen=True)
class Entry:
    """One change: before and after are the row as JSON; None where it did not exist."""

    happened_at: str
    actor: str
    action: str
    subject: str
    subject_id: str
    before: str | None
    after: str | None


def record(
    connection: sqlite3.Connection,
    actor: str,
    action: str,
    subject: str,
    subject_id: str,
    before: Mapping[str, Any] | sqlite3.Row | None = None,
    after: Mapping[str, Any] | sqlite3.Row | None = None,
) -> None:
    """Write one entry into the transaction that is open on this connection."""
    texts = [None if row is None else json.dumps(dict(row), ensure_ascii=False) for row in (before, after)]
    connection.execute(
        "insert into audit (happened_at, actor, action, subject, subject_id, before, after) values (?, ?, ?, ?, ?, ?, ?)",
        (instant(), actor, action, subject, subject_id, *texts),
    )


def entries(office: Office, subject: str, subject_id: str | None = None) -> list[Entry]:
    """Entries about a kind of thing, or about one of them, oldest first."""
    condition = "" if subject_id is None else " and subject_id = ?"
    parameters = (subject,) if subject_id is None else (subject, subject_id)
    with office.reading() as connection:
        rows = connection.execute(
            "select happened_at, actor, action, subject, subject_id, before, after from audit "  # noqa: S608
            f"where subject = ?{condition} order by audit_id",
            parameters,
        ).fetchall()
    return [Entry(*row) for row in rows]

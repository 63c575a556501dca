"""Analysts' SQL: queries kept under a name, shared by their identifier, and the history of each reader."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from office import audit
from office.store import Office, instant

HISTORY_KEPT = 50  # statements a reader
LONGEST_STATEMENT = 20_000
COLUMNS = "query_id, title, statement, author, owner, created_at, edited_at"


@dataclass(frozen=True)
class SavedQuery:
    """A query that somebody kept. Everybody may open it; only its owner may change it or take it back."""

    query_id: str
    title: str
    statement: str
    author: str
    owner: str
    created_at: str
    edited_at: str | None


@dataclass(frozen=True)
class Past:
    """One statement that a reader ran: `state` is done, failed, stopped or cancelled."""

    statement: str
    started_at: str
    seconds: float
    rows: int | None
    state: str


def saved(office: Office) -> list[SavedQuery]:
    """All saved queries, by title."""
    with office.reading() as connection:
        rows = connection.execute(
            f"select {COLUMNS} from saved_queries where deleted_at is null order by lower(title), created_at"  # noqa: S608
        ).fetchall()
    return [SavedQuery(*row) for row in rows]


def find(office: Office, identifier: str) -> SavedQuery | None:
    """The saved query with this identifier; None when there is none any more."""
    with office.reading() as connection:
        row = connection.execute(
            f"select {COLUMNS} from saved_queries where query_id = ? and deleted_at is null",  # noqa: S608
            (identifier,),
        ).fetchone()
    return None if row is None else SavedQuery(*row)


def save(office: Office, title: str, statement: str, author: str, owner: str) -> SavedQuery:
    """Keep a statement under a new identifier. Raises ValueError when title or statement is empty or too long."""
    title, statement = _checked(title, statement)
    kept = SavedQuery(secrets.token_hex(6), title, statement, author.strip(), owner, instant(), None)
    with office.writing() as connection:
        connection.execute(
            "insert into saved_queries (query_id, title, statement, author, owner, created_at) values (?, ?, ?, ?, ?, ?)",
            (kept.query_id, kept.title, kept.statement, kept.author, kept.owner, kept.created_at),
        )
        audit.record(connection, kept.author, "created", "query", kept.query_id, after=vars(kept))
    return kept


def change(office: Office, identifier: str, title: str, statement: str, owner: str) -> SavedQuery:
    """Replace title and statement of an own query. Raises KeyError, PermissionError, ValueError."""
    title, statement = _checked(title, statement)
    before = _owned(office, identifier, owner)
    after = SavedQuery(identifier, title, statement, before.author, owner, before.created_at, instant())
    with office.writing() as connection:
        connection.execute(
            "update saved_queries set title = ?, statement = ?, edited_at = ? where query_id = ?",
            (title, statement, after.edited_at, identifier),
        )
        audit.record(connection, before.author, "edited", "query", identifier, vars(before), vars(after))
    return after


def remove(office: Office, identifier: str, owner: str) -> None:
    """Take an own query back. Raises KeyError, PermissionError."""
    before = _owned(office, identifier, owner)
    with office.writing() as connection:
        connection.execute("update saved_queries set deleted_at = ? where query_id = ?", (instant(), identifier))
        audit.record(connection, before.author, "deleted", "query", identifier, before=vars(before))


def remember(office: Office, reader: str, past: Past) -> None:
    """Add a statement to a reader's history; the oldest beyond HISTORY_KEPT go. Nothing without a reader.

    The same statement again takes the place of its last run: a link opened, a reload or a lost connection runs the
    statement of the address anew, and a history of repetitions would hide what was asked before.
    """
    if not reader:
        return
    with office.writing() as connection:
        connection.execute(
            "delete from query_history where statement = ? and history_id = "
            "(select max(history_id) from query_history where reader = ?)",
            (past.statement[:LONGEST_STATEMENT], reader),
        )
        connection.execute(
            "insert into query_history (reader, statement, started_at, seconds, rows, state) values (?, ?, ?, ?, ?, ?)",
            (reader, past.statement[:LONGEST_STATEMENT], past.started_at, past.seconds, past.rows, past.state),
        )
        connection.execute(
            "delete from query_history where reader = ? and history_id not in "
            "(select history_id from query_history where reader = ? order by history_id desc limit ?)",
            (reader, reader, HISTORY_KEPT),
        )


def history(office: Office, reader: str) -> list[Past]:
    """What this reader ran, the latest first. Nobody sees the history of others."""
    with office.reading() as connection:
        rows = connection.execute(
            "select statement, started_at, seconds, rows, state from query_history where reader = ? order by history_id desc",
            (reader,),
        ).fetchall()
    return [Past(*row) for row in rows] if reader else []


def _checked(title: str, statement: str) -> tuple[str, str]:
    title, statement = title.strip(), statement.strip()
    if not title or len(title) > 200:
        raise ValueError("title")
    if not statement or len(statement) > LONGEST_STATEMENT:
        raise ValueError("statement")
    return title, statement


def _owned(office: Office, identifier: str, owner: str) -> SavedQuery:
    kept = find(office, identifier)
    if kept is None:
        raise KeyError(identifier)
    if not owner or kept.owner != owner:
        raise PermissionError(identifier)
    return kept

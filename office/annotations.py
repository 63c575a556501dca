"""Annotations: what people know about a KPI in a range of days. Never erased, every change is in the audit."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import date

from office import audit
from office.store import Office, instant

LONGEST_TEXT = 500
COLUMNS = "annotation_id, kpi, business_unit, first_day, last_day, text_en, text_pt_br, author, created_at, edited_by, edited_at"


class Unwritable(ValueError):
    """An annotation that cannot be kept; `reason` is a code for the page to put into words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Note:
    """What the author writes: the KPI, the unit ("" is the whole company), an inclusive range of days, the cause."""

    kpi: str
    first_day: date
    last_day: date
    text_en: str
    text_pt_br: str
    business_unit: str = ""


@dataclass(frozen=True)
class Annotation:
    """A kept note with its author and times (UTC)."""

    annotation_id: str
    note: Note
    author: str
    created_at: str
    edited_by: str | None
    edited_at: str | None

    def text(self, language: str) -> str:
        """The cause in a language; in the other one where only that was written."""
        texts = (self.note.text_pt_br, self.note.text_en)
        first, second = texts if language == "pt_BR" else texts[::-1]
        return first or second


def listed(office: Office, kpi: str | None = None) -> list[Annotation]:
    """Annotations of a KPI, or of all of them, that were not taken back; oldest days first."""
    condition = "" if kpi is None else " and kpi = ?"
    with office.reading() as connection:
        rows = connection.execute(
            f"select {COLUMNS} from annotations where deleted_at is null{condition} order by first_day, created_at",  # noqa: S608
            () if kpi is None else (kpi,),
        ).fetchall()
    return [_annotation(row) for row in rows]


def write(office: Office, note: Note, author: str) -> Annotation:
    """Keep a new annotation. Raises Unwritable."""
    note, author = _checked(note, author)
    identifier = secrets.token_hex(8)
    with office.writing() as connection:
        connection.execute(
            "insert into annotations (annotation_id, kpi, business_unit, first_day, last_day, text_en, text_pt_br, author, "
            "created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (identifier, *_values(note), author, instant()),
        )
        row = _row(connection, identifier)
        audit.record(connection, author, "created", "annotation", identifier, after=row)
    return _annotation(row)


def edit(office: Office, identifier: str, note: Note, author: str) -> Annotation:
    """Change an annotation; what it said before stays in the audit. Raises KeyError, Unwritable."""
    note, author = _checked(note, author)
    with office.writing() as connection:
        before = _row(connection, identifier)
        connection.execute(
            "update annotations set kpi = ?, business_unit = ?, first_day = ?, last_day = ?, text_en = ?, text_pt_br = ?, "
            "edited_by = ?, edited_at = ? where annotation_id = ?",
            (*_values(note), author, instant(), identifier),
        )
        after = _row(connection, identifier)
        audit.record(connection, author, "edited", "annotation", identifier, before, after)
    return _annotation(after)


def delete(office: Office, identifier: str, author: str) -> None:
    """Take an annotation back: it is no longer shown, and stays in the file. Raises KeyError, Unwritable."""
    if not author.strip():
        raise Unwritable("author")
    with office.writing() as connection:
        before = _row(connection, identifier)
        connection.execute(
            "update annotations set deleted_by = ?, deleted_at = ? where annotation_id = ?",
            (author.strip(), instant(), identifier),
        )
        audit.record(connection, author.strip(), "deleted", "annotation", identifier, before=before)


def _checked(note: Note, author: str) -> tuple[Note, str]:
    texts = (note.text_en.strip(), note.text_pt_br.strip())
    if not any(texts):
        raise Unwritable("text")
    if max(map(len, texts)) > LONGEST_TEXT:
        raise Unwritable("length")
    if not author.strip():
        raise Unwritable("author")
    if note.last_day < note.first_day:
        raise Unwritable("days")
    return Note(note.kpi, note.first_day, note.last_day, *texts, note.business_unit), author.strip()


def _values(note: Note) -> tuple[str, ...]:
    days = (note.first_day.isoformat(), note.last_day.isoformat())
    return (note.kpi, note.business_unit, *days, note.text_en, note.text_pt_br)


def _row(connection: sqlite3.Connection, identifier: str) -> sqlite3.Row:
    row = connection.execute(
        f"select {COLUMNS} from annotations where annotation_id = ? and deleted_at is null",  # noqa: S608
        (identifier,),
    ).fetchone()
    if row is None:
        raise KeyError(identifier)
    return row


def _annotation(row: sqlite3.Row) -> Annotation:
    days = (date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
    note = Note(row["kpi"], *days, row["text_en"], row["text_pt_br"], row["business_unit"])
    return Annotation(row["annotation_id"], note, row["author"], row["created_at"], row["edited_by"], row["edited_at"])

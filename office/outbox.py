"""The outbox: what is to be sent, to whom, and what became of it. Nothing is sent twice, and nothing is forgotten.

A message is for one recipient. It is kept before anything is sent, under a key that can be there only once. A sender
takes it by a lease, and says so (`hand_over`) just before the step that cannot be taken back: the end of the mail's
text, or the request to a webhook. A sender that dies before that step has sent nothing, and the message is tried
again. One that dies after it leaves a message of which nobody can know whether it arrived: it becomes `uncertain`,
and is sent again only when a person asks for it.
"""

from __future__ import annotations

import json
import random
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from office import audit
from office.messages import OF_KINDS, Draft, Message, find, of_kinds, read_message
from office.store import Office, instant

LEASE_SECONDS = 300.0
LONGEST_ERROR = 500
MOST_ATTEMPTS = 30  # also of a message that ends its sender every time


class LeaseLost(Exception):
    """Another sender has taken the message: send nothing."""


@dataclass(frozen=True)
class Retries:
    """How often a message is tried, and how long is waited: longer after every failure, and never two at one moment."""

    attempts: int = 8
    first_seconds: float = 30.0
    factor: float = 4.0
    longest_seconds: float = 3600.0

    def pause(self, attempts: int) -> float:
        """Seconds until the next attempt, after this many."""
        seconds = min(self.longest_seconds, self.first_seconds * self.factor ** max(0, attempts - 1))
        return seconds * random.SystemRandom().uniform(0.8, 1.2)


def enqueue(office: Office, drafts: Sequence[Draft]) -> int:
    """Keep drafts whose key is not there yet, all in one transaction. Returns how many are new."""
    moment = instant()
    new = 0
    with office.writing() as connection:
        for draft in drafts:
            new += connection.execute(
                "insert into outbox (message_id, kind, audience, channel, recipient, deduplication_key, subject, payload, "
                "next_attempt_at, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (deduplication_key) do nothing",
                (
                    secrets.token_hex(12), draft.kind, draft.audience, draft.channel, draft.recipient,
                    draft.deduplication_key, draft.subject, json.dumps(dict(draft.payload), ensure_ascii=False), moment, moment,
                ),
            ).rowcount  # fmt: skip
    return new


def claim(office: Office, kinds: Sequence[str] | None = None) -> Message | None:
    """Take the message of these kinds (of all) that is due and has waited longest; None when nothing is due."""
    lease, moment = secrets.token_hex(8), instant()
    with office.writing() as connection:
        found = connection.execute(
            "select message_id from outbox where state = 'waiting' and next_attempt_at <= ? "  # noqa: S608
            f"and {OF_KINDS} order by next_attempt_at, created_at limit 1",
            (moment, *of_kinds(kinds)),
        ).fetchone()
        if found is None:
            return None
        connection.execute(
            "update outbox set state = 'sending', lease = ?, lease_until = ?, handed_over_at = null, attempts = attempts + 1 "
            "where message_id = ?",
            (lease, _after(LEASE_SECONDS), found["message_id"]),
        )
        return read_message(connection, found["message_id"])


def hand_over(office: Office, message: Message) -> None:
    """Say that the step which cannot be taken back comes next. Raises LeaseLost where the message is no longer ours."""
    with office.writing() as connection:
        changed = connection.execute(
            "update outbox set handed_over_at = ?, lease_until = ? where message_id = ? and lease = ? and state = 'sending'",
            (instant(), _after(LEASE_SECONDS), message.message_id, message.lease),
        ).rowcount
    if not changed:
        raise LeaseLost(message.message_id)


def mark_sent(office: Office, message: Message, detail: str = "") -> None:
    """The other side has taken the message. Also of one that was found uncertain while its sender was only slow."""
    _finish(office, message, "sent", detail, None, ("sending", "uncertain"))


def mark_uncertain(office: Office, message: Message, detail: str) -> None:
    """It was handed over, and no answer came."""
    _finish(office, message, "uncertain", detail, detail, ("sending",))


def mark_failed(office: Office, message: Message, error: str) -> None:
    """The other side has refused it for good: no attempt follows."""
    _finish(office, message, "failed", error, error, ("sending",))


def mark_withdrawn(office: Office, message: Message, reason: str) -> None:
    """It is no longer to be sent: its recipient has left, say."""
    _finish(office, message, "withdrawn", reason, reason, ("sending",))


def postpone(
    office: Office, message: Message, error: str, retries: Retries | None = None, seconds: float | None = None
) -> Message:
    """It could not be sent now: try again later, at the earliest after `seconds`; given up after the last attempt."""
    retries = retries or Retries()
    if message.attempts >= retries.attempts:
        mark_failed(office, message, f"given up after {message.attempts} attempts: {error}")
    else:
        pause = max(retries.pause(message.attempts), seconds or 0.0)
        with office.writing() as connection:
            if _changed(connection, message, "waiting", error, ("sending",)):
                connection.execute(
                    "update outbox set next_attempt_at = ? where message_id = ?", (_after(pause), message.message_id)
                )
                _note(connection, message.message_id, "postponed", error)
    found = find(office, message.message_id)
    return found if found is not None else message


def recover(office: Office, *, is_only_sender: bool = False) -> list[Message]:
    """Take back the messages of senders that died. Returns those that are uncertain now.

    Leases that have run out; all of them where the caller knows that no other sender runs, because it holds the lock.
    """
    moment = instant()
    with office.writing() as connection:
        rows = connection.execute(
            "select message_id, attempts, handed_over_at from outbox where state = 'sending' and (? or lease_until <= ?)",
            (is_only_sender, moment),
        ).fetchall()
        for row in rows:
            identifier, is_open = row["message_id"], row["handed_over_at"] is not None
            error = "the sender ended before the answer came" if is_open else "the sender ended before sending"
            state = "uncertain" if is_open else "waiting" if row["attempts"] < MOST_ATTEMPTS else "failed"
            # The lease of an uncertain message is kept: its sender, if it was only slow, may still tell the outcome.
            connection.execute(
                "update outbox set state = ?, last_error = ?, next_attempt_at = ?, finished_at = iif(? = 'waiting', null, ?), "
                "lease = iif(?, lease, null), lease_until = null where message_id = ?",
                (state, error, moment, state, moment, is_open, identifier),
            )
            _note(connection, identifier, "interrupted" if state == "waiting" else state, error)
        return [read_message(connection, row["message_id"]) for row in rows if row["handed_over_at"] is not None]


def send_again(office: Office, identifiers: Sequence[str], actor: str) -> int:
    """Let messages that did not leave, or perhaps not, wait again, as a person asked. What was sent stays sent."""
    moment = instant()
    count = 0
    with office.writing() as connection:
        for identifier in identifiers:
            before = read_message(connection, identifier)
            if before.state not in ("uncertain", "failed", "withdrawn"):
                continue
            connection.execute(
                "update outbox set state = 'waiting', attempts = 0, next_attempt_at = ?, lease = null, handed_over_at = null, "
                "finished_at = null where message_id = ?",
                (moment, identifier),
            )
            _note(connection, identifier, "asked_again", actor)
            audit.record(
                connection, actor, "asked_again", "message", identifier,
                {"state": before.state, "last_error": before.last_error}, {"state": "waiting"},
            )  # fmt: skip
            count += 1
    return count


def _finish(
    office: Office, message: Message, state: str, detail: str, error: str | None, from_states: tuple[str, ...]
) -> None:
    with office.writing() as connection:
        if _changed(connection, message, state, error, from_states):
            connection.execute(
                "update outbox set finished_at = ? where message_id = ?", (instant(), message.message_id)
            )
            _note(connection, message.message_id, state, detail)


def _changed(
    connection: sqlite3.Connection, message: Message, state: str, error: str | None, from_states: tuple[str, ...]
) -> bool:
    """Whether the message was still this sender's to change."""
    places = ", ".join("?" for _state in from_states)
    return bool(
        connection.execute(
            "update outbox set state = ?, last_error = ?, lease = null, lease_until = null, handed_over_at = null "  # noqa: S608
            f"where message_id = ? and lease = ? and state in ({places})",
            (state, error[:LONGEST_ERROR] if error else None, message.message_id, message.lease, *from_states),
        ).rowcount
    )


def _note(connection: sqlite3.Connection, identifier: str, outcome: str, detail: str) -> None:
    connection.execute(
        "insert into outbox_attempts (message_id, happened_at, outcome, detail) values (?, ?, ?, ?)",
        (identifier, instant(), outcome, detail[:LONGEST_ERROR]),
    )


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _after(seconds: float) -> str:
    return _text(datetime.fromisoformat(instant()) + timedelta(seconds=seconds))

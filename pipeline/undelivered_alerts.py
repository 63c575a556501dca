"""Alerts that did not leave, or perhaps not: told each time, and sent again only when a person asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from office import outbox
from office.messages import Message, listed
from office.store import Office, instant
from pipeline.alert_messages import KIND
from pipeline.progress import Narrator

REMEMBERED = timedelta(days=14)  # what is older is no news any more
MOST_MESSAGES = 10_000
STATES = ("failed", "uncertain")  # what was withdrawn had nobody left to read it


def undelivered(office: Office, audiences: Iterable[str]) -> list[Message]:
    """The alerts of the last two weeks that failed or are uncertain, of these audiences, oldest first."""
    since = (datetime.fromisoformat(instant()) - REMEMBERED).isoformat()
    wanted = set(audiences)
    return [
        message
        for message in reversed(listed(office, KIND, limit=MOST_MESSAGES))
        if message.state in STATES and message.audience in wanted and message.created_at >= since
    ]


def send_again(office: Office, audiences: Iterable[str], actor: str) -> int:
    """Let them wait to be sent again, as a person asked. Returns how many."""
    return outbox.send_again(office, [one.message_id for one in undelivered(office, audiences)], actor)


def tell(messages: Sequence[Message], told: Collection[str], narrator: Narrator) -> None:
    """Say which they are, but for those (by id) that were told of just now, and how they are sent again."""
    for one in messages:
        if one.message_id not in told:
            narrator.warn(
                f"{one.audience} · {one.recipient} · {one.subject}: {one.state} since {(one.finished_at or '')[:16]} UTC "
                f"({one.last_error})."
            )
    if messages:
        narrator.say("`retaguarda alerts --resend` sends again what failed or is uncertain: ask the recipients first.")

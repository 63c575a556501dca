"""Send what is due in the outbox: one sender a data folder, every message by its kind's composer, every outcome kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Protocol, TypeVar

from office import outbox
from office.messages import EMAIL, Message, next_due
from office.outbox import LeaseLost
from office.store import Office
from pipeline.audiences import Audience
from pipeline.delivery_settings import DeliverySettings
from pipeline.failures import Failure
from pipeline.locking import holding
from pipeline.mail_transport import MailTransport
from pipeline.progress import Narrator
from pipeline.settings import DataFolder
from pipeline.transport import Refused, Unanswered, Unavailable
from pipeline.webhook_transport import post

LOCK = "delivery.lock"
Made = TypeVar("Made")


class NotWanted(Exception):
    """A message that is no longer to be sent: its recipient has left the audience, say. The text says why."""


class Composer(Protocol):
    """Makes the messages of one kind when they are sent. Both may raise NotWanted and Failure (tried again later)."""

    def mail(self, message: Message) -> EmailMessage:
        """The mail for the message's recipient."""
        ...

    def card(self, message: Message, style: str) -> Mapping[str, Any]:
        """The body of the request to a webhook of this style (slack or teams)."""
        ...


@dataclass
class Outcome:
    """Messages of one round, by what became of them in it."""

    sent: list[Message] = field(default_factory=list)
    postponed: list[Message] = field(default_factory=list)
    failed: list[Message] = field(default_factory=list)
    uncertain: list[Message] = field(default_factory=list)
    withdrawn: list[Message] = field(default_factory=list)

    @property
    def is_troubled(self) -> bool:
        """Whether something that was tried did not leave."""
        return bool(self.trouble)

    @property
    def trouble(self) -> str:
        """How much of what was tried did not leave, in words without an address; empty where all left."""
        words = {"to be tried again": self.postponed, "failed": self.failed, "uncertain": self.uncertain}
        return ", ".join(f"{len(messages)} {word}" for word, messages in words.items() if messages)


def audience_of(audiences: Mapping[str, Audience], message: Message) -> Audience:
    """The audience of a message. Raises NotWanted where there is none any more, or its recipient has left it."""
    audience = audiences.get(message.audience)
    if audience is None:
        raise NotWanted(f'There is no audience "{message.audience}" any more.')
    if not audience.has(message.channel, message.recipient):
        raise NotWanted(f'{message.recipient} has left the audience "{audience.name}".')
    return audience


def send_due(
    folder: DataFolder,
    settings: DeliverySettings,
    composers: Mapping[str, Composer],
    narrator: Narrator,
    patience_seconds: float = 0.0,
) -> Outcome:
    """Send every due message of the composers' kinds, waiting this long for those that become due meanwhile.

    Raises Failure with BUSY when another process of this data folder is sending: it takes these messages as well, or
    the next round does.
    """
    office, kinds = Office(folder.root), tuple(composers)
    last: dict[str, tuple[str, Message]] = {}
    until = time.monotonic() + patience_seconds
    with ExitStack() as stack:
        stack.enter_context(holding(folder, folder.root / LOCK, "deliver"))
        for message in outbox.recover(office, is_only_sender=True):
            last[message.message_id] = ("uncertain", message)
            narrator.warn(f"{_told(message)}: a sender ended before the answer came; not sent again by itself.")
        mailer = stack.enter_context(MailTransport(settings.smtp)) if settings.smtp else None
        while True:
            message = outbox.claim(office, kinds)
            if message is not None:
                state = _send(office, settings, composers[message.kind], message, mailer, narrator)
                last[message.message_id] = (state, message)
                continue
            wait = next_due(office, kinds)
            if wait is None or time.monotonic() + wait > until:
                break
            time.sleep(wait + 0.01)
    outcome = Outcome()
    for state, message in last.values():
        getattr(outcome, state).append(message)
    return outcome


def _send(
    office: Office,
    settings: DeliverySettings,
    composer: Composer,
    message: Message,
    mailer: MailTransport | None,
    narrator: Narrator,
) -> str:
    """Try one message and keep the outcome; returns the list of Outcome that it belongs to."""

    def hand_over() -> None:
        outbox.hand_over(office, message)

    try:
        if message.channel == EMAIL:
            if mailer is None:
                settings.smtp_or_failure()
                raise AssertionError("a mailer is there where a mail server is set")
            answer = mailer.send(_made(lambda: composer.mail(message)), message.recipient, hand_over)
        else:
            webhook = settings.webhook_or_failure(message.recipient)
            answer = post(webhook, _made(lambda: composer.card(message, webhook.style)), hand_over)
    except Unavailable as error:
        after = outbox.postpone(office, message, str(error), settings.retries, error.seconds)
        return _tell_postponed(after, str(error), narrator)
    except Failure as error:
        after = outbox.postpone(office, message, error.message, settings.retries)
        return _tell_postponed(after, f"{error.message} {error.remedy}".strip(), narrator)
    except NotWanted as error:
        outbox.mark_withdrawn(office, message, str(error))
        narrator.say(f"{_told(message)}: not sent. {error}")
        return "withdrawn"
    except Refused as error:
        outbox.mark_failed(office, message, str(error))
        narrator.warn(f"{_told(message)}: not sent. {error}")
        return "failed"
    except Unanswered as error:
        outbox.mark_uncertain(office, message, str(error))
        narrator.warn(f"{_told(message)}: {error} Nobody can know whether it arrived; not sent again by itself.")
        return "uncertain"
    except LeaseLost:
        narrator.warn(f"{_told(message)}: another process has taken it.")
        return "postponed"
    outbox.mark_sent(office, message, answer)
    narrator.say(f"{_told(message)}: sent")
    return "sent"


def _made(make: Callable[[], Made]) -> Made:
    """What a composer makes. What it did not foresee concerns this message: the others must not wait for it."""
    try:
        return make()
    except (Failure, NotWanted):
        raise
    except Exception as error:
        raise Failure(f"The message could not be made: {type(error).__name__}: {error}.") from error


def _tell_postponed(after: Message, error: str, narrator: Narrator) -> str:
    if after.state == "failed":
        narrator.warn(f"{_told(after)}: given up after {after.attempts} attempts. {error}")
        return "failed"
    narrator.warn(f"{_told(after)}: {error} Next attempt at {after.next_attempt_at[:19]} UTC.")
    return "postponed"


def _told(message: Message) -> str:
    return " · ".join(part for part in (message.kind, message.subject, message.audience, message.recipient) if part)

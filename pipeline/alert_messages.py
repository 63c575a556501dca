"""News of an audience as messages: a mail for each of its addresses, a card for each of its webhooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import asdict
from email.message import EmailMessage
from typing import Any

from dashboard.language import activate
from dashboard.reports.cards import CARDS
from dashboard.reports.letter import mail
from dashboard.reports.notice_letter import notice_letter
from dashboard.reports.notices import Line, Link, Notice
from office.messages import Draft, Message
from pipeline.audiences import Audience
from pipeline.delivery_settings import DeliverySettings
from pipeline.sending import NotWanted, audience_of

KIND = "alert"


def drafts(audience: Audience, notice: Notice, batch: str) -> list[Draft]:
    """One message for each address and webhook. The key says: this batch of news, to this recipient, once."""
    payload = {"notice": asdict(notice)}
    return [
        Draft(
            KIND,
            audience.name,
            channel,
            place,
            "|".join((KIND, batch, channel, place.casefold())),
            notice.title,
            payload,
        )
        for channel, place in audience.places
    ]


def read_notice(payload: Mapping[str, Any]) -> Notice:
    """The notice as it was kept."""
    content = dict(payload["notice"])
    lines = tuple(Line(**line) for line in content.pop("lines"))
    link = content.pop("link")
    notes = tuple(content.pop("notes"))
    return Notice(**content, lines=lines, notes=notes, link=Link(**link) if link else None)


class AlertComposer:
    """Makes the messages of alerts: what they say was settled when the news were gathered."""

    def __init__(self, settings: DeliverySettings, audiences: Mapping[str, Audience]) -> None:
        self._settings = settings
        self._audiences = audiences

    def mail(self, message: Message) -> EmailMessage:
        """The mail to one address. Raises NotWanted where it has left the audience, Failure without a mail server."""
        audience = self._wanted(message)
        self._settings.smtp_or_failure()
        envelope = self._settings.envelope(audience.name, message.recipient, message.deduplication_key)
        notice = read_notice(message.payload)
        return mail(_in_language(notice.language, notice_letter, notice, audience.name), envelope)

    def card(self, message: Message, style: str) -> Mapping[str, Any]:
        """The card for a webhook. Raises NotWanted where it is no longer the audience's."""
        self._wanted(message)
        notice = read_notice(message.payload)
        return _in_language(notice.language, CARDS[style], notice)

    def _wanted(self, message: Message) -> Audience:
        audience = audience_of(self._audiences, message)
        if not audience.alerts:
            raise NotWanted(f'The audience "{audience.name}" does not ask for alerts any more.')
        return audience


def _in_language(language: str, make: Callable[..., Any], *arguments: Any) -> Any:
    def in_context() -> Any:
        activate(language)
        return make(*arguments)

    return copy_context().run(in_context)

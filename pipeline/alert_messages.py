"""News of an audience as messages: a mail for each of its addresses, a card for each of its webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import asdict
from email.message import EmailMessage
from typing import Any

from dashboard.language import activate
from dashboard.reports.cards import CARDS
from dashboard.reports.letter import Envelope, mail
from dashboard.reports.notice_letter import notice_letter
from dashboard.reports.notices import Line, Link, Notice
from office.messages import EMAIL, WEBHOOK, Draft, Message
from pipeline.audiences import Audience
from pipeline.delivery_settings import DeliverySettings
from pipeline.sending import NotWanted

KIND = "alert"


def drafts(audience: Audience, notice: Notice, batch: str) -> list[Draft]:
    """One message for each address and webhook. The key says: this batch of news, to this recipient, once."""
    places = [(EMAIL, address) for address in audience.addresses] + [(WEBHOOK, name) for name in audience.webhooks]
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
        for channel, place in places
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
        smtp = self._settings.smtp_or_failure()
        envelope = Envelope(
            sender=smtp.sender,
            recipient=message.recipient,
            identity=message.deduplication_key,
            audience=audience.name,
            reply_to=smtp.reply_to,
            unsubscribe=self._settings.unsubscribe,
        )
        notice = read_notice(message.payload)
        return mail(_in_language(notice.language, notice_letter, notice), envelope)

    def card(self, message: Message, style: str) -> Mapping[str, Any]:
        """The card for a webhook. Raises NotWanted where it is no longer the audience's."""
        self._wanted(message)
        notice = read_notice(message.payload)
        return _in_language(notice.language, CARDS[style], notice)

    def _wanted(self, message: Message) -> Audience:
        audience = self._audiences.get(message.audience)
        if audience is None or not audience.alerts:
            raise NotWanted(f'There is no audience "{message.audience}" that asks for alerts any more.')
        places = audience.addresses if message.channel == EMAIL else audience.webhooks
        if message.recipient.casefold() not in [place.casefold() for place in places]:
            raise NotWanted(f'{message.recipient} has left the audience "{audience.name}".')
        return audience


def _in_language(language: str, made: Any, notice: Notice) -> Any:
    def in_context() -> Any:
        activate(language)
        return made(notice)

    return copy_context().run(in_context)

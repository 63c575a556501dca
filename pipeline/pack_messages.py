"""The weekly pack as messages: a mail for each address of an audience, a card for each of its webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from dashboard.published import current
from dashboard.reports.cards import CARDS
from dashboard.reports.letter import Attachment, Letter, mail
from dashboard.reports.links import Links
from dashboard.reports.notices import Notice
from dashboard.reports.pack import content_of
from dashboard.reports.pack_letter import pack_letter
from dashboard.reports.pack_notice import pack_notice
from dashboard.reports.weeks import week_start
from office.messages import Draft, Message
from pipeline.audiences import Audience
from pipeline.delivery_settings import DeliverySettings
from pipeline.packing import pack, readers_of
from pipeline.progress import Narrator
from pipeline.sending import audience_of
from pipeline.settings import DataFolder

KIND = "pack"


def drafts(audience: Audience, week: str) -> list[Draft]:
    """One message for each address and webhook. The key says: this week, to this recipient of this audience, once."""
    return [
        Draft(KIND, audience.name, channel, place, _key(audience.name, channel, week, place), week, {"week": week})
        for channel, place in audience.places
    ]


def _key(audience: str, channel: str, week: str, recipient: str) -> str:
    return "|".join((KIND, audience, channel, week, recipient.casefold()))


class PackComposer:
    """Makes the messages of packs; what an audience gets is made once, whatever the number of its addresses."""

    def __init__(
        self, folder: DataFolder, settings: DeliverySettings, audiences: Mapping[str, Audience], narrator: Narrator
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._audiences = audiences
        self._narrator = narrator
        self._made: dict[tuple[str, str], tuple[Letter, Notice]] = {}

    def mail(self, message: Message) -> EmailMessage:
        """The mail to one address. Raises NotWanted where it has left the audience, Failure without a mail server."""
        audience = audience_of(self._audiences, message)
        letter, _notice = self.prepare(audience, message.payload["week"])
        self._settings.smtp_or_failure()
        return self.addressed(letter, audience, message.recipient, message.deduplication_key)

    def card(self, message: Message, style: str) -> Mapping[str, Any]:
        """The card for a webhook. Raises NotWanted where it is no longer the audience's."""
        return CARDS[style](self.prepare(audience_of(self._audiences, message), message.payload["week"])[1])

    def addressed(self, letter: Letter, audience: Audience, recipient: str, identity: str) -> EmailMessage:
        """A letter in its envelope."""
        return mail(letter, self._settings.envelope(audience.name, recipient, identity))

    def trial(self, audience: Audience, week: str, recipient: str, identity: str) -> EmailMessage:
        """The real mail, marked as a test."""
        letter, _notice = self.prepare(audience, week)
        return self.addressed(
            replace(letter, subject=f"[{_TEST[letter.language]}] {letter.subject}"), audience, recipient, identity
        )

    def prepare(self, audience: Audience, week: str) -> tuple[Letter, Notice]:
        """Render the pack where it is not kept yet, and make of it what is sent. Raises Failure."""
        key = (audience.name, week)
        if key not in self._made:
            self._narrator.say(f"{week} · {audience.name}: making the pack …")
            self._made[key] = copy_context().run(self._compose, audience, week)
        return self._made[key]

    def _compose(self, audience: Audience, week: str) -> tuple[Letter, Notice]:
        # The page is kept as well as what is attached: it is what the mail's link leads to.
        wanted = tuple(dict.fromkeys(("html", *(audience.attachments if audience.addresses else ()))))
        made = pack(self._folder, Narrator(quiet=True), week=week, audience=audience.name, formats=",".join(wanted))
        attached = [
            path for path, _is_new in made.files if path.suffix[1:] in audience.attachments and audience.addresses
        ]
        readers = readers_of(self._folder, audience.name)
        content = content_of(current(self._folder.root), self._folder.root, week_start(week), readers)
        links = Links(self._settings.public_url, audience.language)
        letter = pack_letter(content, links, [path.name for path in attached])
        files = tuple(Attachment(path.name, path.read_bytes()) for path in attached)
        return replace(letter, attachments=files), pack_notice(content, links)


_TEST = {"pt_BR": "Teste", "en": "Test"}

"""A letter is what a mail says; an envelope is who it goes to. Together they are a mail as RFC 5322 and MIME want it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from mimetypes import guess_type
from urllib.parse import quote

from dashboard.language import tag

# Seven bits: a server that knows no 8BITMIME does not have to recode the mail.
POLICY = SMTP.clone(cte_type="7bit")
TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@dataclass(frozen=True)
class Picture:
    """A PNG inside the letter; the HTML names it `cid:` and its identifier."""

    identifier: str
    content: bytes


@dataclass(frozen=True)
class Attachment:
    """A file that goes with the letter."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """Subject, the text for readers without HTML, the page, its pictures, and files."""

    subject: str
    language: str
    text: str
    html: str
    pictures: Sequence[Picture] = ()
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Envelope:
    """Who sends a letter to whom. `identity` is the same for the same message: so is its Message-ID.

    `unsubscribe` is an https: or mailto: address; {audience} and {recipient} in it are filled in.
    """

    sender: Address
    recipient: str
    identity: str
    audience: str
    reply_to: Address | None = None
    unsubscribe: str | None = None


def mail(letter: Letter, envelope: Envelope) -> EmailMessage:
    """The mail for one recipient: plain text, HTML with its pictures, and the attachments."""
    made = EmailMessage(policy=POLICY)
    made["From"] = envelope.sender
    made["To"] = Address(addr_spec=ascii_domain(envelope.recipient))
    if envelope.reply_to:
        made["Reply-To"] = envelope.reply_to
    made["Subject"] = _one_line(letter.subject)
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Message-ID"] = message_id(envelope.identity, envelope.sender.domain)
    # No out-of-office answers to a machine.
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    for name, value in _ways_out(envelope):
        made[name] = value
    made.set_content(letter.text, cte="quoted-printable")
    made.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    page = made.get_payload()[1]  # pyright: ignore[reportIndexIssue, reportArgumentType]
    for picture in letter.pictures:
        page.add_related(  # pyright: ignore[reportAttributeAccessIssue, reportCallIssue]
            picture.content, "image", "png", cid=f"<{picture.identifier}>", disposition="inline"
        )
    for attachment in letter.attachments:
        kind, _dot, subtype = _type(attachment.name).partition("/")
        made.add_attachment(attachment.content, kind, subtype, filename=attachment.name)
    # Last: making a part of the whole takes its Content- headers along.
    made["Content-Language"] = tag(letter.language)
    return made


def message_id(identity: str, domain: str) -> str:
    """The same for the same message, whenever it is sent: mailboxes that know it show it once."""
    return f"<{sha256(identity.encode()).hexdigest()[:40]}@{domain}>"


def ascii_domain(address: str) -> str:
    """The address as mail servers know it: letters beyond ASCII in its domain are written in IDNA."""
    name, _at, domain = address.rpartition("@")
    return f"{name}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def _ways_out(envelope: Envelope) -> list[tuple[str, str]]:
    """How to leave: an address that takes one click (RFC 8058), else a mail to whoever answers."""
    if envelope.unsubscribe is None:
        to = (envelope.reply_to or envelope.sender).addr_spec
        return [
            ("List-Unsubscribe", f"<mailto:{quote(to, safe='@')}?subject=unsubscribe%20{quote(envelope.audience)}>")
        ]
    filled = envelope.unsubscribe.replace("{audience}", quote(envelope.audience, safe=""))
    filled = filled.replace("{recipient}", quote(envelope.recipient, safe=""))
    found = [("List-Unsubscribe", f"<{filled}>")]
    if filled.startswith("https:"):
        found.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return found


def _type(name: str) -> str:
    suffix = name[name.rfind(".") :].lower()
    return TYPES.get(suffix) or guess_type(name)[0] or "application/octet-stream"


def _one_line(text: str) -> str:
    """A company's name cannot bring a header of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())

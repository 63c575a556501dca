"""Who gets the weekly pack: `audiences.yml` of the data folder, checked as a whole before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.reports.letter import ascii_domain
from dashboard.reports.observations import TOPICS
from dashboard.reports.pack import FORMATS
from kpis.definition import AREAS
from office.messages import EMAIL, WEBHOOK
from pipeline.failures import ExitCode, Failure
from pipeline.quiet_hours import QuietHours
from pipeline.settings import DataFolder
from yaml_lines import YAMLError, load

FILE = "audiences.yml"
LANGUAGES = ("pt_BR", "en")
KEYS = ("name", "addresses", "webhooks", "language", "areas", "units", "restricted", "attachments", "alerts",
        "quiet_hours")  # fmt: skip
# The name is a folder of the reports and part of file names.
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
# Before the @ only ASCII: few servers take anything else. A domain may have any letters.
ATOM = r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[^@\s<>,;:\"()\[\]\\.]+"
ADDRESS = re.compile(rf"{ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})+")
EXAMPLE = "audiences: [{name: board, addresses: [ana@example.com], language: pt_BR, areas: [payables], units: [SUL]}]"


@dataclass(frozen=True)
class Audience:
    """Readers with the same pack: where it is sent, in which language, and what they may see (empty: everything).

    KPIs that the catalogue marks as restricted are only for audiences that say `restricted: true`. `webhooks` are names
    of delivery.yml, `attachments` the formats of the pack that go with the mail.
    """

    name: str
    addresses: tuple[str, ...] = ()
    language: str = "pt_BR"
    areas: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    restricted: bool = False
    webhooks: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ("pdf",)
    alerts: tuple[str, ...] = ()
    quiet_hours: QuietHours | None = None

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Where its messages go, one each: channel and recipient."""
        emails = ((EMAIL, address) for address in self.addresses)
        return (*emails, *((WEBHOOK, name) for name in self.webhooks))

    def has(self, channel: str, recipient: str) -> bool:
        """Whether a recipient belongs to it (still)."""
        return (channel, recipient.casefold()) in {(each, place.casefold()) for each, place in self.places}

    def is_quiet(self, moment: datetime) -> bool:
        """Whether alerts are held at an instant (naive UTC)."""
        return self.quiet_hours is not None and self.quiet_hours.hold(moment)


def read_audiences(folder: DataFolder) -> dict[str, Audience]:
    """The audiences by name; none where there is no file. Raises Failure, naming the audience and the remedy."""
    path = folder.root / FILE
    if not path.is_file():
        return {}
    try:
        content = load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise Failure(f"{path} is not readable YAML: {error}", "Mend the file.", ExitCode.USAGE) from error
    listed = content.get("audiences") if isinstance(content, dict) else None
    if not isinstance(listed, list) or (isinstance(content, dict) and set(content) != {"audiences"}):
        raise _wrong("it must hold a list `audiences:` and nothing else")
    found: dict[str, Audience] = {}
    for entry in listed:
        audience = _audience(entry)
        if audience.name in found:
            raise _wrong(f'the audience "{audience.name}" stands there twice')
        found[audience.name] = audience
    return found


def is_address(text: str) -> bool:
    """Whether mail can be sent to it: one that nothing can be sent to would stop at the mail and not at the settings."""
    if not ADDRESS.fullmatch(text):
        return False
    try:
        ascii_domain(text)
    except UnicodeError:
        return False
    return True


def audience(folder: DataFolder, name: str) -> Audience:
    """One audience. Raises Failure for a name that is not in the file."""
    found = read_audiences(folder)
    if name not in found:
        known = ", ".join(found) or "none"
        raise Failure(f'There is no audience "{name}".', f"{FILE} of the data folder names: {known}.", ExitCode.USAGE)
    return found[name]


def _wrong(what: str) -> Failure:
    return Failure(f"{FILE}: {what}.", f"Write it like this: {EXAMPLE}", ExitCode.USAGE)


def _audience(entry: object) -> Audience:
    if not isinstance(entry, dict):
        raise _wrong("an audience must be a mapping")
    name = entry.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name) or name == "all":
        raise _wrong(f'the name "{name}" must be of small letters, digits, - and _, and not "all"')
    unknown = [str(key) for key in entry if key not in KEYS]
    if unknown:
        raise _wrong(f'"{name}" has an unknown entry {unknown[0]} (known: {", ".join(KEYS)})')
    language = str(entry.get("language", "pt_BR")).replace("-", "_")
    if language not in LANGUAGES:
        raise _wrong(f'"{name}": the language "{language}" is not one of {", ".join(LANGUAGES)}')
    addresses, areas, units, webhooks = (
        _texts(entry, name, key) for key in ("addresses", "areas", "units", "webhooks")
    )
    attachments = _texts(entry, name, "attachments") if "attachments" in entry else Audience.attachments
    for address in addresses:
        if not is_address(address):
            raise _wrong(f'"{name}": "{address}" is not an e-mail address')
    for area in areas:
        if area not in AREAS:
            raise _wrong(f'"{name}": there is no area "{area}" (known: {", ".join(AREAS)})')
    restricted = entry.get("restricted", False)
    if not isinstance(restricted, bool):
        raise _wrong(f'"{name}": restricted must be true or false')
    for extension in attachments:
        if extension not in FORMATS:
            raise _wrong(f'"{name}": there is no format "{extension}" (known: {", ".join(FORMATS)})')
    folded = [address.casefold() for address in addresses]
    if len(set(folded)) < len(folded):
        raise _wrong(f'"{name}": an address stands there twice')
    alerts = _texts(entry, name, "alerts")
    for topic in alerts:
        if topic not in TOPICS:
            raise _wrong(f'"{name}": there are no alerts on "{topic}" (known: {", ".join(TOPICS)})')
    quiet = _quiet_hours(entry, name)
    return Audience(name, addresses, language, areas, units, restricted, webhooks, attachments, alerts, quiet)


def _quiet_hours(entry: Mapping[Any, Any], name: str) -> QuietHours | None:
    if "quiet_hours" not in entry:
        return None
    try:
        return QuietHours.parse(str(entry["quiet_hours"]))
    except ValueError as error:
        raise _wrong(f'"{name}": quiet_hours must be written 20:00-07:00') from error


def _texts(entry: Mapping[Any, Any], name: str, key: str) -> tuple[str, ...]:
    listed = entry.get(key) or []
    if not isinstance(listed, list) or not all(isinstance(text, str) and text for text in listed):
        raise _wrong(f'"{name}": {key} must be a list of texts')
    return tuple(listed)

"""How messages leave the house: `delivery.yml` of the data folder. Secrets are named in it, never written into it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.reports.letter import Envelope, ascii_domain
from ingestion.connections.secrets import Secret, secret_at
from ingestion.yaml_places import ContractError, Place, read_yaml
from office.outbox import Retries
from pipeline.audiences import Audience, is_address
from pipeline.failures import ExitCode, Failure
from pipeline.settings import DataFolder

FILE = "delivery.yml"
SECURITY = ("starttls", "tls", "none")
STYLES = ("slack", "teams")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
MAILBOX = re.compile(r"(?P<alone>[^<>\s]+)|(?P<name>[^<>@\x00-\x1f]*)<(?P<address>[^<>\s]+)>")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
NOBODY = Address("Retaguarda", "retaguarda", "localhost")  # the sender of mails that are only looked at
EXAMPLE = "smtp: {host: smtp.example.com, from: Back office <reports@example.com>}"


@dataclass(frozen=True)
class Smtp:
    """The server that takes our mail, and who it is from. `security` is starttls, tls (from the start) or none."""

    host: str
    port: int
    security: str
    sender: Address
    reply_to: Address | None = None
    user: str | None = None
    password: Secret | None = None
    ca_file: Path | None = None
    timeout_seconds: float = 60.0


@dataclass(frozen=True)
class Webhook:
    """An address that takes messages for a channel. The address is a secret: who knows it can write there."""

    name: str
    style: str
    url: Secret
    timeout_seconds: float = 30.0


@dataclass(frozen=True)
class DeliverySettings:
    """Everything of `delivery.yml`. `public_url` is where readers find the dashboard: links lead there."""

    smtp: Smtp | None = None
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    public_url: str | None = None
    unsubscribe: str | None = None
    retries: Retries = field(default_factory=Retries)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every secret that is named."""
        password = (self.smtp.password,) if self.smtp and self.smtp.password else ()
        return (*password, *(webhook.url for webhook in self.webhooks.values()))

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that secrets are taken from."""
        return tuple(dict.fromkeys(secret.environment for secret in self.secrets if secret.environment))

    def envelope(self, audience: str, recipient: str, identity: str) -> Envelope:
        """The envelope of a mail; from nobody where no mail server is set (such a mail is only looked at)."""
        return Envelope(
            sender=self.smtp.sender if self.smtp else NOBODY,
            recipient=recipient,
            identity=identity,
            audience=audience,
            reply_to=self.smtp.reply_to if self.smtp else None,
            unsubscribe=self.unsubscribe,
        )

    def smtp_or_failure(self) -> Smtp:
        """The mail server. Raises Failure where none is set."""
        if self.smtp is None:
            raise Failure(
                "There are e-mail addresses, but no mail server.", f"Write into {FILE}: {EXAMPLE}", ExitCode.USAGE
            )
        return self.smtp

    def webhook_or_failure(self, name: str) -> Webhook:
        """One webhook. Raises Failure for a name that is not in the file."""
        if name not in self.webhooks:
            known = ", ".join(self.webhooks) or "none"
            raise Failure(f'There is no webhook "{name}".', f"{FILE} names: {known}.", ExitCode.USAGE)
        return self.webhooks[name]


def read_delivery_settings(folder: DataFolder) -> DeliverySettings:
    """The settings; empty ones where there is no file. Raises Failure, naming the line and the remedy."""
    path = folder.root / FILE
    if not path.is_file():
        return DeliverySettings()
    try:
        return _settings(read_yaml(path))
    except ContractError as error:
        raise Failure(str(error), "Mend the file; docs/delivery.md shows a whole one.", ExitCode.USAGE) from error


def refuse_unsendable(settings: DeliverySettings, audiences: Iterable[Audience]) -> None:
    """Whatever these audiences need and the settings lack is told before anything is sent. Raises Failure."""
    for one in audiences:
        if one.addresses:
            settings.smtp_or_failure()
        for name in one.webhooks:
            settings.webhook_or_failure(name)


def _settings(place: Place) -> DeliverySettings:
    place.only({"smtp", "webhooks", "public_url", "unsubscribe", "retries"})
    hooks = place.inner("webhooks", "webhooks")
    return DeliverySettings(
        smtp=_smtp(place.inner("smtp", "smtp")) if "smtp" in place.node else None,
        webhooks={name: _webhook(name, hooks.inner(name, f"webhook {name}")) for name in hooks.node},
        public_url=_address(place, "public_url", ("https", "http")).rstrip("/") if "public_url" in place.node else None,
        unsubscribe=_address(place, "unsubscribe", ("https", "mailto")) if "unsubscribe" in place.node else None,
        retries=_retries(place.inner("retries", "retries")),
    )


def _smtp(place: Place) -> Smtp:
    place.only(
        {"host", "port", "security", "from", "reply_to", "user", "password", "ca_file", "timeout_seconds"},
    )
    security = place.choice("security", SECURITY, "starttls")
    user = place.text("user") if "user" in place.node else None
    if (user is None) != ("password" not in place.node):
        raise place.error('smtp: "user" and "password" go together', "user")
    if user is not None and security == "none":
        raise place.error("smtp: a password is never sent without encryption. Use starttls or tls", "security")
    ca_file = (place.path.parent / place.text("ca_file")).resolve() if "ca_file" in place.node else None
    if ca_file is not None and not ca_file.is_file():
        raise place.error(f"smtp: there is no file {ca_file}", "ca_file")
    return Smtp(
        host=place.text("host"),
        port=int(_number(place, "port", PORTS[security], 1, 65_535)),
        security=security,
        sender=_mailbox(place, "from"),
        reply_to=_mailbox(place, "reply_to") if "reply_to" in place.node else None,
        user=user,
        password=secret_at(place, "password") if user is not None else None,
        ca_file=ca_file,
        timeout_seconds=_number(place, "timeout_seconds", 60.0, 1, 600),
    )


def _webhook(name: str, place: Place) -> Webhook:
    place.only({"style", "url", "timeout_seconds"})
    if "style" not in place.node:
        raise place.error(f'{place.what}: "style" must be one of {", ".join(STYLES)}')
    return Webhook(
        name,
        place.choice("style", STYLES, STYLES[0]),
        secret_at(place, "url"),
        _number(place, "timeout_seconds", 30.0, 1, 300),
    )


def _retries(place: Place) -> Retries:
    place.only({"attempts", "first_seconds", "longest_seconds"})
    usual = Retries()
    return Retries(
        attempts=int(_number(place, "attempts", usual.attempts, 1, 25)),
        first_seconds=_number(place, "first_seconds", usual.first_seconds, 0.05, 3600),
        longest_seconds=_number(place, "longest_seconds", usual.longest_seconds, 0.05, 86_400),
    )


def _number(place: Place, key: str, default: float, low: float, high: float) -> float:
    value = place.number(key)
    if value is None:
        return default
    if not low <= float(value) <= high:
        raise place.error(f'{place.what}: "{key}" must lie between {low:g} and {high:g}', key)
    return float(value)


def _mailbox(place: Place, key: str) -> Address:
    """`Name <name@example.com>` or the address alone."""
    text = place.text(key)
    found = MAILBOX.fullmatch(text)
    address = (found["alone"] or found["address"]) if found else ""
    if found is None or not is_address(address):
        raise place.error(f'{place.what}: "{key}" must be an e-mail address, alone or as Name <name@example.com>', key)
    return Address(display_name=(found["name"] or "").strip(' "'), addr_spec=ascii_domain(address))


def _address(place: Place, key: str, schemes: tuple[str, ...]) -> str:
    text = place.text(key)
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise place.error(f'"{key}" is not an address: {error}', key) from error
    is_complete = parts.scheme in schemes and bool(parts.netloc or parts.scheme == "mailto")
    if not is_complete or any(sign.isspace() or sign in "<>" for sign in text):
        raise place.error(f'"{key}" must be an address that begins with {" or ".join(schemes)}:', key)
    return text

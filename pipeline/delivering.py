"""`retaguarda deliver`: the weekly pack to its audiences, once each, by mail and to chats."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dashboard.reports import shelf
from office import outbox
from office.messages import EMAIL, listed
from office.store import Office
from pipeline.audiences import FILE as AUDIENCES_FILE
from pipeline.audiences import Audience, is_address, read_audiences
from pipeline.delivery_settings import FILE as SETTINGS_FILE
from pipeline.delivery_settings import DeliverySettings, read_delivery_settings, refuse_unsendable
from pipeline.failures import ExitCode, Failure
from pipeline.mail_transport import MailTransport
from pipeline.pack_messages import KIND, PackComposer, drafts
from pipeline.progress import Narrator
from pipeline.run_log import note, recorded
from pipeline.sending import Outcome, send_due
from pipeline.settings import DataFolder
from pipeline.snapshot_files import frozen_weeks
from pipeline.snapshot_weeks import Week
from pipeline.transport import Refused, Unanswered, Unavailable

DRY_RUN_FOLDER = "dry-run"
MOST_RECIPIENTS = 100_000
WOULD = {"new": "would be sent", "waiting": "would be sent", "sent": "has been sent already"}  # by state, in a dry run
UNSAFE = re.compile(r"[^A-Za-z0-9.@+_-]")  # in names of files


@dataclass(frozen=True)
class Delivery:
    """One recipient of the week's pack, and how it stands. `file` is what a dry run wrote."""

    audience: str
    channel: str
    recipient: str
    state: str
    attempts: int = 0
    error: str | None = None
    next_attempt_at: str | None = None
    finished_at: str | None = None
    message_id: str | None = None
    file: str | None = None


@dataclass(frozen=True)
class Delivered:
    """The week's deliveries as they stand after this command."""

    week: str
    deliveries: tuple[Delivery, ...]
    exit_code: ExitCode = ExitCode.OK
    trouble: str = ""  # what did not leave, in words without an address

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"week": self.week, "deliveries": [asdict(delivery) for delivery in self.deliveries]}


def deliver(
    folder: DataFolder,
    narrator: Narrator,
    *,
    week: str | None = None,
    audience: str | None = None,
    resend: str | None = None,
    patience_seconds: float = 0.0,
) -> Delivered:
    """Queue the pack of a frozen week, by default the latest, for audiences, by default all, and send what is due.

    `resend` is who asks that what failed or is uncertain be sent again. Raises Failure.
    """
    settings, chosen = read_delivery_settings(folder), _audiences(folder, audience)
    refuse_unsendable(settings, chosen)
    name = _frozen_week(folder, week)
    office = Office(folder.root)
    with recorded(folder, "deliver") as record:
        composer = PackComposer(folder, settings, read_audiences(folder), narrator)
        for one in chosen:
            if any(delivery.state in ("new", "waiting") for delivery in _standing(office, one, name)):
                composer.prepare(one, name)  # before anything is queued: a pack that cannot be made is told at once
            outbox.enqueue(office, drafts(one, name))
            if resend is not None:
                again = [delivery.message_id for delivery in _standing(office, one, name) if delivery.message_id]
                outbox.send_again(office, again, resend)
        outcome = send_due(folder, settings, {KIND: composer}, narrator, patience_seconds)
        note("deliver", sent=len(outcome.sent), failed=len(outcome.failed), uncertain=len(outcome.uncertain))
        standing = tuple(delivery for one in chosen for delivery in _standing(office, one, name))
        have = sum(delivery.state == "sent" for delivery in standing)
        said = f"{name}: {have} of {len(standing)} recipients have it."
        waiting = sum(delivery.state == "waiting" for delivery in standing)
        trouble = outcome.trouble or (f"{waiting} to be tried again" if waiting else "")
        if trouble:
            record.exit_code, record.message = ExitCode.FAILED, f"{said} Of this time: {trouble}."
    narrator.say(said)
    _tell_unsettled(standing, outcome, narrator)
    return Delivered(name, standing, ExitCode.FAILED, record.message) if trouble else Delivered(name, standing)


def dry_run(
    folder: DataFolder, narrator: Narrator, *, week: str | None = None, audience: str | None = None, output: Path | None
) -> Delivered:
    """Say what would go where, and write each message as a file. Nothing is queued and nothing is sent."""
    settings, chosen = read_delivery_settings(folder), _audiences(folder, audience)
    name = _frozen_week(folder, week)
    if settings.smtp is None and any(one.addresses for one in chosen):
        narrator.warn(f"No mail server is set in {SETTINGS_FILE}: `retaguarda deliver` will refuse to send.")
    composer = PackComposer(folder, settings, read_audiences(folder), narrator)
    office, found = Office(folder.root), []
    for one in chosen:
        target = output or shelf.folder_of(folder.root, name, one.name) / DRY_RUN_FOLDER
        target.mkdir(parents=True, exist_ok=True)
        keys = {draft.recipient: draft.deduplication_key for draft in drafts(one, name)}
        for standing in _standing(office, one, name):
            path = target / f"{one.name}_{UNSAFE.sub('_', standing.recipient)}"
            if standing.channel == EMAIL:
                letter, _notice = composer.prepare(one, name)
                made = composer.addressed(letter, one, standing.recipient, keys[standing.recipient]).as_bytes()
                path = path.with_name(path.name + ".eml")
            else:
                made = _card(composer, settings, one, name, standing.recipient)
                path = path.with_name(path.name + ".json")
            path.write_bytes(made)
            found.append(Delivery(one.name, standing.channel, standing.recipient, standing.state, file=str(path)))
            would = WOULD.get(standing.state, f"would not be sent: {standing.state}")
            narrator.say(f"{name} · {one.name} · {standing.recipient}: {would}  {path}")
    return Delivered(name, tuple(found))


def send_test(
    folder: DataFolder, narrator: Narrator, address: str, *, week: str | None = None, audience: str | None = None
) -> Delivered:
    """The real mails of the audiences to one address only, marked as a test. The outbox is not touched."""
    if not is_address(address):
        raise Failure(f'"{address}" is not an e-mail address.', "Write it like ana@example.com.", ExitCode.USAGE)
    settings, chosen = read_delivery_settings(folder), _audiences(folder, audience)
    smtp, name = settings.smtp_or_failure(), _frozen_week(folder, week)
    composer = PackComposer(folder, settings, read_audiences(folder), narrator)
    found = []
    with MailTransport(smtp) as transport:
        for one in chosen:
            made = composer.trial(one, name, address, f"test {secrets.token_hex(12)}")
            try:
                transport.send(made, address, lambda: None)
            except (Refused, Unavailable, Unanswered) as error:
                raise Failure(str(error), "Mend delivery.yml, or try again later.") from error
            narrator.say(f"{name} · {one.name}: test sent to {address}")
            found.append(Delivery(one.name, EMAIL, address, "test"))
    return Delivered(name, tuple(found))


def _audiences(folder: DataFolder, name: str | None) -> list[Audience]:
    """The audience of this name, or all that are to be sent something. Raises Failure."""
    known = read_audiences(folder)
    if name is not None and name not in known:
        listed_names = ", ".join(known) or "none"
        raise Failure(f'There is no audience "{name}".', f"{AUDIENCES_FILE} names: {listed_names}.", ExitCode.USAGE)
    chosen = [one for one in known.values() if name in (None, one.name) and (one.addresses or one.webhooks)]
    if not chosen:
        raise Failure(
            "There is nobody to send anything to.",
            f"Write addresses or webhooks into {AUDIENCES_FILE}.",
            ExitCode.USAGE,
        )
    return chosen


def _frozen_week(folder: DataFolder, wanted: str | None) -> str:
    """The name of the week: what was sent cannot be called back, so only frozen figures leave. Raises Failure."""
    frozen = sorted(week.path.name for week in frozen_weeks(folder))
    if wanted is None:
        if not frozen:
            raise Failure("No week is frozen yet.", "`retaguarda freeze` keeps the last complete week.")
        return frozen[-1]
    name = str(Week.parse(wanted))
    if name not in frozen:
        raise Failure(f"Week {name} is not frozen.", f"`retaguarda freeze --week {name}` keeps it.", ExitCode.USAGE)
    return name


def _standing(office: Office, audience: Audience, week: str) -> list[Delivery]:
    """How each of the audience's present recipients stands; `new` where nothing was queued."""
    found = listed(office, KIND, week, audience.name, limit=MOST_RECIPIENTS)
    kept = {message.deduplication_key: message for message in found}
    standing = []
    for draft in drafts(audience, week):
        message = kept.get(draft.deduplication_key)
        if message is None:
            standing.append(Delivery(audience.name, draft.channel, draft.recipient, "new"))
            continue
        standing.append(
            Delivery(
                audience.name, draft.channel, draft.recipient, message.state, message.attempts, message.last_error,
                message.next_attempt_at if message.state == "waiting" else None, message.finished_at, message.message_id,
            )
        )  # fmt: skip
    return standing


def _card(composer: PackComposer, settings: DeliverySettings, audience: Audience, week: str, name: str) -> bytes:
    from dashboard.reports.cards import CARDS

    _letter, notice = composer.prepare(audience, week)
    card = CARDS[settings.webhook_or_failure(name).style](notice)
    return json.dumps(card, ensure_ascii=False, indent=1).encode() + b"\n"


def _tell_unsettled(standing: Sequence[Delivery], outcome: Outcome, narrator: Narrator) -> None:
    """What earlier rounds left open, so that nobody takes silence for success."""
    told = {message.message_id for group in (outcome.failed, outcome.uncertain, outcome.postponed) for message in group}
    for delivery in standing:
        if delivery.state == "waiting" and delivery.message_id not in told:
            narrator.warn(
                f"{delivery.audience} · {delivery.recipient}: waiting ({delivery.error or 'not tried yet'}). "
                f"Next attempt at {(delivery.next_attempt_at or '')[:19]} UTC."
            )
        if delivery.state in ("failed", "uncertain", "withdrawn") and delivery.message_id not in told:
            narrator.warn(
                f"{delivery.audience} · {delivery.recipient}: {delivery.state} since {(delivery.finished_at or '')[:16]} UTC "
                f"({delivery.error}). `--resend` sends it again."
            )
    if outcome.uncertain or outcome.failed:
        narrator.say("`retaguarda deliver --resend` sends again what failed or is uncertain: ask the recipients first.")

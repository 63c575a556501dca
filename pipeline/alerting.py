"""`retaguarda alerts`: what has changed since an audience was told last, told once, as one message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from dashboard.language import activate
from dashboard.published import NothingPublished, Publication, current
from dashboard.queries.publication import stamp
from dashboard.queries.weeks import complete_weeks
from dashboard.reports.alert_notice import alert_notice
from dashboard.reports.links import Links
from dashboard.reports.notices import Line
from dashboard.reports.observations import FailedBuild, Observation, Watch, observe
from office import alerts, outbox
from office.alerts import News
from office.store import Office, instant
from pipeline import undelivered_alerts
from pipeline.alert_changes import Change, compare
from pipeline.alert_messages import KIND, AlertComposer, drafts
from pipeline.audiences import Audience, read_audiences
from pipeline.company import Company, read_company
from pipeline.delivery_settings import DeliverySettings, read_delivery_settings, refuse_unsendable
from pipeline.durable import read_json
from pipeline.failures import ExitCode, Failure
from pipeline.moments import end_of_local_day, now
from pipeline.packing import readers_of
from pipeline.progress import Narrator
from pipeline.run_log import note, recorded
from pipeline.sending import send_due
from pipeline.settings import DataFolder
from pipeline.snapshot_weeks import Week

# How things stand when alerts begin is told without what was restated before.
NOT_TOLD_FIRST = ("restatements",)


@dataclass(frozen=True)
class Told:
    """The news of one audience. `is_first`: alerts begin with it; `is_held`: it waits until its quiet hours are over."""

    audience: str
    is_first: bool
    is_held: bool
    news: tuple[News, ...]


@dataclass(frozen=True)
class AlertReport:
    """What was found for each audience, and how many messages left."""

    audiences: tuple[Told, ...]
    sent: int = 0
    exit_code: ExitCode = ExitCode.OK
    trouble: str = ""  # what did not leave, in words without an address

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"audiences": [asdict(one) for one in self.audiences], "sent": self.sent}


def alert(
    folder: DataFolder,
    narrator: Narrator,
    *,
    is_dry_run: bool = False,
    resend: str | None = None,
    moment: datetime | None = None,
) -> AlertReport:
    """Compare what is published with what was told, keep what is new, and send it.

    `resend` is who asks that what failed or is uncertain be sent again. Raises Failure.
    """
    audiences = {name: one for name, one in read_audiences(folder).items() if one.alerts}
    if not is_dry_run:
        alerts.forget_others(Office(folder.root), audiences)
    if not audiences:
        narrator.say("No audience asks for alerts.")
        return AlertReport(())
    settings = read_delivery_settings(folder)
    refuse_unsendable(settings, audiences.values())
    try:
        publication = current(folder.root)
    except NothingPublished as error:
        raise Failure(str(error), "Run `retaguarda refresh`.", ExitCode.NOTHING_PUBLISHED) from error
    present = moment or now()
    if is_dry_run:
        told = [_compared(folder, publication, one, settings, present)[0] for one in audiences.values()]
        _tell(told, narrator)
        undelivered_alerts.tell(undelivered_alerts.undelivered(Office(folder.root), audiences), (), narrator)
        return AlertReport(tuple(told))
    office = Office(folder.root)
    with recorded(folder, "alerts") as record:
        told = []
        for one in audiences.values():
            found, states = _compared(folder, publication, one, settings, present)
            alerts.keep(office, one.name, states.values(), found.news)
            told.append(found)
        _tell(told, narrator)
        release(folder, publication, settings, audiences.values(), present)
        if resend is not None:
            undelivered_alerts.send_again(office, audiences, resend)
        outcome = send_due(folder, settings, {KIND: AlertComposer(settings, audiences)}, narrator)
        news = [one.change for found in told for one in found.news]
        counts = {change: news.count(change) for change in ("new", "worse", "recovered")}
        note("alerted", **counts, sent=len(outcome.sent), failed=len(outcome.failed), uncertain=len(outcome.uncertain))
        code = ExitCode.FAILED if outcome.is_troubled else ExitCode.OK
        if outcome.is_troubled:
            record.exit_code, record.message = code, f"Messages: {outcome.trouble}."
    just_told = {message.message_id for message in (*outcome.failed, *outcome.uncertain)}
    undelivered_alerts.tell(undelivered_alerts.undelivered(office, audiences), just_told, narrator)
    return AlertReport(tuple(told), len(outcome.sent), code, outcome.trouble)


def release(
    folder: DataFolder,
    publication: Publication,
    settings: DeliverySettings,
    audiences: Iterable[Audience],
    moment: datetime,
) -> None:
    """Put the news that wait into the outbox, one message a recipient, unless their audience has quiet hours."""
    office = Office(folder.root)
    for audience in audiences:
        while not audience.is_quiet(moment) and alerts.waiting(office, audience.name):
            batch, is_first, news = alerts.take_batch(office, audience.name)
            links = Links(settings.public_url, audience.language)
            lines = [Line(**one.line) for one in news]

            def composed(links: Links = links, lines: list[Line] = lines, is_first: bool = is_first) -> Any:
                activate(links.language)
                return alert_notice(stamp(publication), lines, links, is_first=is_first)

            outbox.enqueue(office, drafts(audience, copy_context().run(composed), batch))
            alerts.drop_batch(office, batch)


def failed_build(folder: DataFolder) -> FailedBuild | None:
    """What kept the last build from being published; None when it was published."""
    last = read_json(folder.last_build)
    if last is None or last.get("state") != "failed":
        return None
    return FailedBuild({str(test["test"]): tuple(test.get("kpis") or ()) for test in last.get("failed_tests") or ()})


def _compared(
    folder: DataFolder, publication: Publication, audience: Audience, settings: DeliverySettings, moment: datetime
) -> tuple[Told, Mapping[str, alerts.State]]:
    observations = copy_context().run(_observed, folder, publication, audience, settings, moment)
    before = alerts.states(Office(folder.root), audience.name)
    changes, after = compare(before or {}, observations, instant())
    if before is None:
        changes = [change for change in changes if change.observation.topic not in NOT_TOLD_FIRST]
    news = tuple(one for change in changes if (one := _news(change)) is not None)
    return Told(audience.name, before is None, audience.is_quiet(moment), news), after


def _observed(
    folder: DataFolder, publication: Publication, audience: Audience, settings: DeliverySettings, moment: datetime
) -> list[Observation]:
    activate(audience.language)
    company = read_company(folder.company) or Company("", None)
    weeks = complete_weeks(publication)
    watch = Watch(
        readers_of(folder, audience.name),
        audience.alerts,
        Links(settings.public_url, audience.language),
        # The sample company stands still: its exports are not overdue because it is looked at later.
        end_of_local_day(company.as_of) if company.as_of else moment,
        Week(weeks[0]).over_at if weeks else moment,
        company.restatement_tolerance,
    )
    return observe(publication, watch, failed_build(folder))


def _news(change: Change) -> News | None:
    seen = change.observation
    line = seen.ended if change.kind == "recovered" else seen.told
    return None if line is None else News(seen.key, seen.topic, change.kind, asdict(line))


def _tell(told: Sequence[Told], narrator: Narrator) -> None:
    for found in told:
        if not found.news:
            narrator.say(f"{found.audience}: nothing has changed.")
        for one in found.news:
            held = " (held: quiet hours)" if found.is_held else ""
            narrator.say(f"{found.audience} · {one.change}{held}: {one.line['name']}: {one.line['sentence']}")

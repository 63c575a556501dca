"""What leaves the house between two runs: news whose quiet hours are over, and messages that are to be tried again."""

from __future__ import annotations

from dashboard.published import NothingPublished, current
from office import alerts
from office.messages import next_due
from office.store import Office
from pipeline.alert_messages import KIND as ALERT
from pipeline.alert_messages import AlertComposer
from pipeline.alerting import release
from pipeline.audiences import read_audiences
from pipeline.delivery_settings import read_delivery_settings
from pipeline.moments import now
from pipeline.pack_messages import KIND as PACK
from pipeline.pack_messages import PackComposer
from pipeline.progress import Narrator
from pipeline.sending import Outcome, send_due
from pipeline.settings import DataFolder

KINDS = (ALERT, PACK)


def has_something_to_send(folder: DataFolder) -> bool:
    """Whether anything is due now. Asked often: it costs two small questions to the office file."""
    office = Office(folder.root)
    if not office.path.exists():
        return False
    due = next_due(office, KINDS)
    return due == 0 or bool(_audible(folder, office))


def send_waiting(folder: DataFolder, narrator: Narrator) -> Outcome:
    """Send what is due."""
    office, settings, audiences = Office(folder.root), read_delivery_settings(folder), read_audiences(folder)
    audible = _audible(folder, office)
    if audible:
        try:
            release(folder, current(folder.root), settings, [audiences[name] for name in audible], now())
        except NothingPublished as nothing:
            narrator.warn(str(nothing))
    composers = {
        ALERT: AlertComposer(settings, audiences),
        PACK: PackComposer(folder, settings, audiences, narrator),
    }
    return send_due(folder, settings, composers, narrator)


def _audible(folder: DataFolder, office: Office) -> list[str]:
    """The audiences with news that may be told now."""
    waiting = alerts.audiences_waiting(office)
    if not waiting:
        return []
    audiences = read_audiences(folder)
    return [name for name in waiting if name in audiences and not audiences[name].is_quiet(now())]

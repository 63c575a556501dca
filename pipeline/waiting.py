"""Whether anything waits to be sent: the question that is asked every few minutes, so it imports little."""

from __future__ import annotations

from office import alerts
from office.messages import next_due
from office.store import Office
from pipeline.settings import DataFolder


def is_anything_waiting(folder: DataFolder) -> bool:
    """Whether a message is due, or news are kept, be it in quiet hours."""
    office = Office(folder.root)
    if not office.path.exists():
        return False
    return next_due(office) == 0 or bool(alerts.audiences_waiting(office))

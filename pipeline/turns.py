"""Whether a run of a data folder is due, asked of its log of runs."""

from __future__ import annotations

from datetime import UTC, datetime

from office import runs
from office.store import Office
from pipeline.moments import local_moment
from pipeline.progress import Narrator
from pipeline.schedule import Schedule, due_at
from pipeline.settings import DataFolder

HISTORY = 50


def next_turn(folder: DataFolder, schedule: Schedule, present: datetime) -> datetime | None:
    """From when on (naive UTC) the next run is due; None while one is at work."""
    history = runs.listed(Office(folder.root), limit=HISTORY, command="run")
    return None if any(run.state == runs.RUNNING for run in history) else due_at(schedule, history, present)


def is_due(folder: DataFolder, narrator: Narrator, schedule: Schedule) -> bool:
    """Whether a run is due now; says so when none is."""
    present = now_exactly()
    due = next_turn(folder, schedule, present)
    if due is None:
        narrator.say("A run is at work.")
        return False
    if due > present:
        narrator.say(f"No run is due before {local_moment(due):%Y-%m-%d %H:%M} ({schedule.time_zone}).")
    return due <= present


def now_exactly() -> datetime:
    """This instant (naive UTC)."""
    return datetime.now(UTC).replace(tzinfo=None)

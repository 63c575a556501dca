"""One run, end to end: refresh (which freezes what is complete), packs that are due, alerts.

A step that fails is told and entered in the log, and does not keep the later ones from being taken: packs of weeks
that are frozen, and the alert that a test has failed, do not need the refresh to have gone well.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from pipeline.audiences import read_audiences
from pipeline.error_words import words_of
from pipeline.failures import ExitCode, Failure
from pipeline.fetching import has_connections
from pipeline.locking import holding
from pipeline.progress import Narrator
from pipeline.refreshing import exit_code, refresh
from pipeline.run_log import GOOD_CODES, STOPPED, note, recorded
from pipeline.schedule import Schedule
from pipeline.settings import DataFolder
from pipeline.snapshot_files import frozen_weeks
from pipeline.turns import is_due

Step = Callable[[DataFolder, Narrator], int]
LOCK = "run.lock"


def refresh_step(folder: DataFolder, narrator: Narrator) -> int:
    """Fetch, load, build, publish, freeze. A folder that has never held any export has nothing to do yet."""
    if not folder.raw.exists() and not has_connections(folder) and not any(folder.inbox.iterdir()):
        narrator.say(f"Nothing has been loaded yet: put exports into {folder.inbox}.")
        return ExitCode.OK
    refreshed = refresh(folder, narrator)
    if refreshed.fetched.failures:
        raise Failure(" ".join(refreshed.fetched.failures), "What else came was loaded and published.")
    return exit_code(refreshed, strict=False)


def deliver_step(folder: DataFolder, narrator: Narrator) -> int:
    """Send the pack of the latest frozen week to whom it has not been sent yet."""
    from pipeline.delivering import deliver

    is_for_somebody = any(one.places for one in read_audiences(folder).values())
    if is_for_somebody and frozen_weeks(folder):
        delivered = deliver(folder, narrator)
        if delivered.trouble:
            raise Failure(delivered.trouble, "`retaguarda deliver --dry-run` tells each recipient's state.")
    return ExitCode.OK


def alert_step(folder: DataFolder, narrator: Narrator) -> int:
    """Tell audiences what has changed."""
    from pipeline.alerting import alert

    if folder.current.exists():
        told = alert(folder, narrator)
        if told.trouble:
            raise Failure(
                f"Messages: {told.trouble}.", "What is to be tried again leaves between two runs, or with the next."
            )
    return ExitCode.OK


STEPS: dict[str, Step] = {"refresh": refresh_step, "deliver": deliver_step, "alerts": alert_step}


def run_once(
    folder: DataFolder,
    narrator: Narrator,
    is_stopping: Callable[[], bool] = lambda: False,
    schedule: Schedule | None = None,
) -> int:
    """Take every step once, with a schedule only if a run is due; returns the exit code.

    Once `is_stopping`, the step at work is the last. Raises Failure (BUSY) when another run or a writer is at work:
    nothing has been done then.
    """
    folder.prepare()
    with holding(folder, folder.root / LOCK, "run"):
        # Asked here and not before, or two who ask at once would both run.
        if schedule is None or is_due(folder, narrator, schedule):
            return take_steps(folder, narrator, is_stopping)
    return between_turns(folder, narrator)


def between_turns(folder: DataFolder, narrator: Narrator) -> int:
    """What need not wait for the next run: messages to be tried again, news whose quiet hours are over."""
    from pipeline.between_turns import has_something_to_send, send_waiting

    if not has_something_to_send(folder):
        return ExitCode.OK
    with recorded(folder, "send") as record:
        outcome = send_waiting(folder, narrator)
        note("sent", messages=len(outcome.sent))
        if outcome.is_troubled:
            record.exit_code, record.message = ExitCode.FAILED, f"Messages: {outcome.trouble}."
            remedy = (
                "`retaguarda deliver --dry-run` and `retaguarda alerts --dry-run` tell what became of each message."
            )
            narrator.complain(record.message, remedy)
        return record.exit_code


def take_steps(folder: DataFolder, narrator: Narrator, is_stopping: Callable[[], bool]) -> int:
    """Take every step once, entered in the log of runs as one run; returns the exit code."""
    with recorded(folder, "run") as record:
        codes: list[int] = []
        told: list[str] = []
        for name, step in STEPS.items():
            if is_stopping():
                told.append(f"Stopped before: {name}.")
                codes.insert(0, STOPPED)
                break
            try:
                codes.append(step(folder, narrator))
            except Failure as failure:
                if failure.code is ExitCode.BUSY and not codes:
                    raise
                narrator.complain(failure.message, failure.remedy)
                codes.append(failure.code)
                told.append(f"{name}: {failure.message}")
            except Exception as error:
                narrator.complain(f"{name}: {type(error).__name__}: {error}")
                narrator.say("".join(traceback.format_exception(error)))
                codes.append(ExitCode.FAILED)
                told.append(f"{name}: {words_of(error)}")
        bad = [code for code in codes if code not in GOOD_CODES]
        record.exit_code = int(bad[0] if bad else max(codes, default=ExitCode.OK))
        record.message = " ".join(told)
        return record.exit_code


@contextmanager
def until_terminated() -> Iterator[Callable[[], bool]]:
    """Answers whether this process was asked to end (SIGTERM). Asked a second time, it ends at once."""
    asked: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    before = signal.signal(signal.SIGTERM, remember)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGTERM, before)

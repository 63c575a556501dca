"""What a command did, entered in the log of runs: once for the whole command, whatever steps it is made of.

The steps say what they did by `note`, wherever they are called from; outside a recorded run that is told to nobody.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from office import runs
from office.store import Office
from pipeline.error_words import words_of
from pipeline.failures import ExitCode, Failure
from pipeline.settings import DataFolder

STARTED_BY_VARIABLE = "RETAGUARDA_STARTED_BY"
STARTERS = ("person", "page", "schedule")
STOPPED = 143  # what a shell says of a process that ended on SIGTERM
INTERRUPTED = 130
# Done, though a file was rejected or held.
GOOD_CODES = (ExitCode.OK, ExitCode.REJECTED)


@dataclass
class Record:
    """What is known of the run so far; its steps fill it in."""

    summary: dict[str, Any] = field(default_factory=dict)
    exit_code: int = ExitCode.OK
    message: str = ""


_current: ContextVar[Record | None] = ContextVar("run_record", default=None)


@contextmanager
def recorded(folder: DataFolder, command: str) -> Iterator[Record]:
    """Enter a command in the log of runs. Inside a run that is recorded already, it is a step of that one.

    A command that finds another at work has not run: it leaves no trace.
    """
    present = _current.get()
    if present is not None:
        yield present
        return
    office = Office(folder.root)
    place = runs.begin(office, command, started_by())
    record = Record()
    token = _current.set(record)
    try:
        yield record
    except BaseException as error:
        if isinstance(error, Failure) and error.code is ExitCode.BUSY:
            runs.forget(office, place)
            raise
        try:
            runs.end(office, place, runs.FAILED, _code_of(error), record.summary, _words_of(error))
        except sqlite3.Error as refused:
            # What went wrong first is what matters (a full disk refuses the log as well).
            error.add_note(f"The log of runs could not be written: {refused}")
        raise
    else:
        state = runs.DONE if record.exit_code in GOOD_CODES else runs.FAILED
        runs.end(office, place, state, record.exit_code, record.summary, record.message)
    finally:
        _current.reset(token)


def note(step: str, **facts: Any) -> None:
    """Say what a step did. Numbers of a step that is taken several times in a run are added up, lists are joined."""
    record = _current.get()
    if record is None:
        return
    known = record.summary.setdefault(step, {})
    for name, fact in facts.items():
        adds = isinstance(fact, int | float | list) and not isinstance(fact, bool) and name in known
        known[name] = known[name] + fact if adds else fact


def started_by() -> str:
    """What started this process: a person, unless the environment says else."""
    told = os.environ.get(STARTED_BY_VARIABLE, "")
    return told if told in STARTERS else "person"


def _code_of(error: BaseException) -> int:
    if isinstance(error, Failure):
        return int(error.code)
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return int(ExitCode.FAILED)


def _words_of(error: BaseException) -> str:
    return "Interrupted." if isinstance(error, KeyboardInterrupt) else words_of(error)

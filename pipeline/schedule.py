"""When runs are due: every so often, or at times of day of the company. Worked out from the log of runs alone.

Nothing is remembered between two questions: a clock that is set, a machine that slept, a loop that was started anew or
a second one beside it all lead to the same answer. A turn that was missed is due at once, and once only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from office.runs import DONE, RUNNING, Run
from pipeline.failures import ExitCode, Failure
from pipeline.run_log import STOPPED
from pipeline.settings import LOCAL_TIMEZONE

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(hours=1)
DOUBLINGS = 6  # more do not lengthen the wait


@dataclass(frozen=True)
class Schedule:
    """Either a period, or times of day (in order, local to the company)."""

    every: timedelta | None = None
    at: tuple[time, ...] = ()
    time_zone: str = LOCAL_TIMEZONE

    def __str__(self) -> str:
        if self.every is not None:
            return f"every {in_words(self.every)}"
        return "at " + ", ".join(f"{one:%H:%M}" for one in self.at) + f" ({self.time_zone})"

    @property
    def options(self) -> list[str]:
        """As it is written on the command line."""
        if self.every is not None:
            return ["--every", in_words(self.every)]
        return [part for one in self.at for part in ("--at", f"{one:%H:%M}")]

    def turn_after(self, moment: datetime) -> datetime:
        """The first turn later than a moment (naive UTC), counted from it where there is a period."""
        if self.every is not None:
            return moment + self.every
        local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).date()
        days = (local + timedelta(days=number) for number in range(3))
        turns = (self._instant(datetime.combine(day, one)) for day in days for one in self.at)
        return min(turn for turn in turns if turn > moment)

    def turn_before(self, moment: datetime) -> datetime:
        """The last turn of the times of day that is not later than a moment (naive UTC)."""
        local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).date()
        days = (local - timedelta(days=number) for number in range(3))
        turns = (self._instant(datetime.combine(day, one)) for day in days for one in self.at)
        return max(turn for turn in turns if turn <= moment)

    def _instant(self, local: datetime) -> datetime:
        # An hour that a change of clocks leaves out comes an hour later; one that comes twice is taken the first time.
        return local.replace(tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC).replace(tzinfo=None)


def read_schedule(every: str | None, at: Sequence[str]) -> Schedule | None:
    """The schedule of `--every 1h` or `--at 06:00`; None without both. Raises Failure."""
    if every is not None and at:
        raise Failure("Choose --every or --at, not both.", code=ExitCode.USAGE)
    if every is not None:
        return Schedule(every=read_period(every))
    return Schedule(at=tuple(sorted({_time_of_day(text) for text in at}))) if at else None


def read_period(text: str) -> timedelta:
    """A period written `15m`, `1h`, `1d`. Raises Failure."""
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", text.strip())
    if found is None:
        raise Failure(f'"{text}" is not a period.', "Write 15m, 1h or 1d.", ExitCode.USAGE)
    return timedelta(seconds=int(found[1]) * UNITS[found[2]])


def in_words(period: timedelta) -> str:
    """A period as it is written in options."""
    seconds = int(period.total_seconds())
    unit, size = next((unit, size) for unit, size in reversed(UNITS.items()) if seconds % size == 0)
    return f"{seconds // size}{unit}"


def due_at(schedule: Schedule, history: Sequence[Run], now: datetime) -> datetime:
    """From when on (naive UTC) the next run is due; `history` are the latest runs, the latest first.

    After a failure it is tried again, later each time, without waiting for the next turn. A run that was stopped, or
    could not begin, has not had its turn. Runs that seem to lie in the future are of a clock that was wrong.
    """
    known = [run for run in history if datetime.fromisoformat(run.started_at) <= now]
    done = next((run for run in known if run.state == DONE), None)
    failed = [run for run in known[: known.index(done) if done else None] if run.state not in (DONE, RUNNING)]
    failed = [run for run in failed if run.exit_code != STOPPED]
    last = datetime.fromisoformat(done.started_at) if done else None
    if last is None:
        due = now
    elif schedule.every is None:
        turn = schedule.turn_before(now)
        due = turn if last < turn else schedule.turn_after(now)
    else:
        # Whoever asks at whole minutes, as cron does, shall not be told each time to come again a moment later.
        whole = last.replace(second=0, microsecond=0) if schedule.every >= timedelta(minutes=1) else last
        due = schedule.turn_after(whole)
    if failed:
        wait = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(len(failed) - 1, DOUBLINGS), schedule.every or LONGEST_RETRY)
        due = max(due, datetime.fromisoformat(failed[0].ended_at or failed[0].started_at) + wait)
    return due


def _time_of_day(text: str) -> time:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if found is None:
        raise Failure(f'"{text}" is not a time of day.', "Write 06:00.", ExitCode.USAGE)
    return time(int(found[1]), int(found[2]))

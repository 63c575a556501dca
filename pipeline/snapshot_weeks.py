"""ISO weeks by their names, and which of them are to be frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.reports.weeks import NotAWeek, week_end, week_name, week_start
from pipeline.failures import ExitCode, Failure
from pipeline.moments import end_of_local_day


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, by its Monday."""

    start: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that holds a day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str) -> Week:
        """The week named `2026-W46`. Raises Failure."""
        try:
            return cls(week_start(text))
        except NotAWeek as error:
            raise Failure(str(error), "Weeks are those of ISO 8601.", ExitCode.USAGE) from error

    @property
    def end(self) -> date:
        """Its Sunday."""
        return week_end(self.start)

    @property
    def over_at(self) -> datetime:
        """The instant (naive UTC) from which on it is over."""
        return end_of_local_day(self.end)

    def later(self, weeks: int) -> Week:
        """The week so many weeks later; earlier, when negative."""
        return Week(self.start + timedelta(weeks=weeks))

    def __str__(self) -> str:
        return week_name(self.start)


def last_complete(moment: datetime) -> Week:
    """The last week that was over at a moment (naive UTC)."""
    week = Week.of(moment.date() + timedelta(days=1))
    while week.over_at > moment:
        week = week.later(-1)
    return week


def missed(frozen: Iterable[Week], current: Week) -> list[Week]:
    """The weeks between the first frozen one and the current one that were never frozen. None before the first."""
    known = set(frozen)
    if not known:
        return []
    first = min(known)
    between = (first.later(number) for number in range((current.start - first.start).days // 7))
    return [week for week in between if week not in known]

"""Instants and dates: UTC inside, the company's local day for people."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.failures import ExitCode, Failure
from pipeline.settings import LOCAL_TIMEZONE


def now() -> datetime:
    """This instant as naive UTC, to the second: the form that raw and published tables hold."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def stamp(moment: datetime) -> str:
    """A name that sorts by time, e.g. 20261120T235959."""
    return moment.strftime("%Y%m%dT%H%M%S")


def end_of_local_day(day: date) -> datetime:
    """The last second of a local calendar day, as naive UTC."""
    local = datetime.combine(day, time(23, 59, 59), ZoneInfo(LOCAL_TIMEZONE))
    return local.astimezone(UTC).replace(tzinfo=None)


def local_day(moment: datetime) -> date:
    """The local calendar day of a naive UTC instant."""
    return local_moment(moment).date()


def last_day_over(moment: datetime) -> date:
    """The last local day that is over at a naive UTC instant. What is known as of a day is known as of its last second."""
    return local_day(moment + timedelta(seconds=1)) - timedelta(days=1)


def local_moment(moment: datetime) -> datetime:
    """The local wall clock (naive) at a naive UTC instant."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(LOCAL_TIMEZONE)).replace(tzinfo=None)


def parse_moment(text: str) -> datetime:
    """Naive UTC from `yyyy-mm-dd` (the end of that local day) or an ISO date and time (local unless it says else)."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return end_of_local_day(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Failure(
            f'"{text}" is not a date or a time.', "Write 2026-11-20 or 2026-11-20T18:00.", ExitCode.USAGE
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(LOCAL_TIMEZONE))
    return moment.astimezone(UTC).replace(tzinfo=None)


def parse_day(text: str) -> date:
    """A calendar date from `yyyy-mm-dd`."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Failure(f'"{text}" is not a date.', "Write it as 2026-11-20.", ExitCode.USAGE) from error


def parse_knowledge_time(text: str) -> datetime:
    """Like `parse_moment`, but today means now: what is loaded today must be known to a build of today."""
    moment = parse_moment(text)
    present = now()
    return present if moment > present and local_day(moment) == local_day(present) else moment

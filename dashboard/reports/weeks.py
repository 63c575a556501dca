"""ISO weeks by name: `2026-W46` is the week whose Monday is 9 November 2026."""

from __future__ import annotations

import re
from datetime import date, timedelta

PATTERN = re.compile(r"(\d{4})-W(\d{2})")


class NotAWeek(ValueError):
    """The text names no ISO week. The message says how to write one."""


def week_start(name: str) -> date:
    """The Monday of a week. Raises NotAWeek."""
    found = PATTERN.fullmatch(name.strip().upper())
    try:
        if found:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass  # a year of 52 weeks has no week 53: said below like any other text that is no week
    raise NotAWeek(f'"{name}" is not a week. Write it like 2026-W46.')


def week_name(start: date) -> str:
    """`2026-W46` of any day in the week."""
    iso = start.isocalendar()
    return f"{iso.year}-W{iso.week:02d}"


def week_end(start: date) -> date:
    """The Sunday of the week that begins on `start`."""
    return start + timedelta(days=6)

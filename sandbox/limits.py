"""What one statement may use, and how it can end without an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of one statement. `rows` and `answer_mebibytes` None: as many as the memory holds."""

    seconds: float = 60
    memory_mebibytes: int = 2048
    threads: int = 2
    rows: int | None = None
    answer_mebibytes: int | None = None


class Unanswered(Exception):
    """A statement ended without an answer. `state` says how, in one word."""

    state = "failed"


class Refused(Unanswered):
    """DuckDB, or the sandbox, does not do it; the message says why."""


class TooSlow(Unanswered):
    """It took longer than its limit and was killed."""

    state = "stopped"


class TooLarge(Unanswered):
    """It needed more memory than its limit, or more depth than any, or its answer was too large."""

    state = "stopped"


class Cancelled(Unanswered):
    """Somebody cancelled it."""

    state = "cancelled"

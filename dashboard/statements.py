"""Analysts' statements on the published file: run in the sandbox's children, never in the process of the pages."""

from __future__ import annotations

from functools import lru_cache

from dashboard.published import Publication
from sandbox.limits import Limits
from sandbox.pool import Pool, Running

MOST_ROWS = 10_000
TIMEOUTS = (10, 30, 60, 120)  # seconds
MEMORY_MEBIBYTES = 1024
ANSWER_MEBIBYTES = 64
WARM = 2
AT_ONCE = 2


@lru_cache(maxsize=1)
def pool() -> Pool:
    """The children of this process; the first reader of the SQL page starts them."""
    return Pool(warm=WARM, at_once=AT_ONCE)


def start(publication: Publication, statement: str, seconds: float) -> Running:
    """Start a statement; it is asked for its result later. One thread leaves room for the pages."""
    limits = Limits(seconds, MEMORY_MEBIBYTES, threads=1, rows=MOST_ROWS, answer_mebibytes=ANSWER_MEBIBYTES)
    return pool().start(publication.path, statement, limits)

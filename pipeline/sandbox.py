"""One SQL statement of an analyst against the published file, in the sandbox; what goes wrong as a Failure."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.failures import Failure
from sandbox.limits import Limits, Refused, TooLarge, TooSlow
from sandbox.process import ask_once


def run_sandboxed(
    path: Path, statement: str, *, timeout_seconds: float = 60, memory_mebibytes: int = 2048
) -> pl.DataFrame:
    """The result of one statement. Raises Failure with DuckDB's message, or when time or memory ran out."""
    try:
        return ask_once(path, statement, Limits(timeout_seconds, memory_mebibytes)).frame
    except TooSlow as slow:
        raise Failure(str(slow), "Ask for fewer rows, or give it more time with --timeout.") from slow
    except TooLarge as large:
        raise Failure(str(large), "Ask for fewer rows, or give it more with --memory.") from large
    except Refused as refused:
        raise Failure(str(refused), "The tables are listed in docs/published-schemas.md.") from refused

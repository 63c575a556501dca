"""An error in words that may be kept, published and shown to anybody.

A database that cannot read a value quotes it, and the value may be somebody's name or salary. What a terminal or dbt's
log says in full is cut here before the quotation.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from pipeline.failures import Failure
from pipeline.settings import PROJECT_ROOT

# Errors of DuckDB about statements and files, found before any row is read.
ABOUT_NO_ROW = frozenset({"Parser", "Binder", "Catalog", "IO", "Dependency", "Permission", "Out of Memory", "HTTP"})
OF_THE_DATABASE = re.compile(r"\b([A-Z][A-Za-z]*(?: [A-Za-z]+){0,3}) Error: ")
STATEMENT = re.compile(r"\s*\bLINE \d+: .*", re.DOTALL)  # holds what was compiled into it
COLUMN = re.compile(r" when casting from source column (\w+)$")
# Their errors name the file, the line and the remedy.
OURS = ("ingestion", "kpis")


def without_values(text: str) -> str:
    """A message of dbt or DuckDB without the values and statements that it may quote; other texts as they are."""
    text = STATEMENT.sub("", text)
    for found in OF_THE_DATABASE.finditer(text):
        if found[1] not in ABOUT_NO_ROW:
            column = COLUMN.search(text)
            return f"{text[: found.end()]}…" + (f" (column {column[1]})" if column else "")
    return text


def words_of(error: BaseException) -> str:
    """What an error says, if it is known to quote nothing; else what kind it is and where in the project it arose."""
    if isinstance(error, Failure):
        return error.message
    kind, text = type(error).__name__, str(error)
    if isinstance(error, (OSError, sqlite3.Error)) or type(error).__module__.split(".")[0] in OURS:
        return f"{kind}: {text}"
    if OF_THE_DATABASE.match(text):
        return f"{kind}: {without_values(text)}"
    return f"{kind}{_place(error)}"


def _place(error: BaseException) -> str:
    """` in pipeline/publishing.py, line 12`: the innermost place of the project; empty where there is none."""
    place, trace = "", error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(PROJECT_ROOT) and not {"site-packages", ".venv"} & set(path.parts):
            place = f" in {path.relative_to(PROJECT_ROOT)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place

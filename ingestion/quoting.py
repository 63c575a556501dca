"""Names, texts and paths quoted for SQL."""

from __future__ import annotations

import re
from pathlib import Path


def name_sql(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def text_sql(text: str) -> str:
    """A text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def path_sql(path: Path) -> str:
    """A file's path quoted for SQL: DuckDB takes `*`, `?` and `[` in it for a pattern, and would read other files."""
    return text_sql(re.sub(r"([*?\[])", r"[\1]", str(path)))

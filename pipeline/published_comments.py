"""What tables of the published file hold, in the file itself: the words of docs/published-schemas.md as table comments."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

DOCUMENT = Path("docs") / "published-schemas.md"
ENTRY = re.compile(
    r"^- \*\*`(?P<schema>\w+)\.(?P<table>\w+)`\*\*: (?P<text>.+?)(?=\n- |\n\n|\Z)", re.MULTILINE | re.DOTALL
)


def documented_tables(text: str) -> dict[tuple[str, str], str]:
    """(schema, table) → what the document says of it, without Markdown and in one line."""
    return {
        (entry["schema"], entry["table"]): " ".join(re.sub(r"[`*]", "", entry["text"]).split())
        for entry in ENTRY.finditer(text)
    }


def write_comments(connection: duckdb.DuckDBPyConnection, project: Path) -> None:
    """Comment the documented tables that are in this file; clients and the SQL page show the comments."""
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    words = documented_tables((project / DOCUMENT).read_text(encoding="utf-8"))
    for schema, table in found:
        if (schema, table) in words:
            text = words[schema, table].replace("'", "''")
            connection.execute(f'comment on table "{schema}"."{table}" is \'{text}\'')

"""The published file says itself what its tables hold, in the words of the document."""

from __future__ import annotations

import duckdb

from pipeline.published_comments import DOCUMENT, documented_tables, write_comments
from pipeline.settings import PROJECT_ROOT


def test_documented_tables_are_commented() -> None:
    connection = duckdb.connect()
    connection.execute("create schema kpi")
    connection.execute("create table kpi.kpi_values (value double)")
    connection.execute("create table kpi.not_documented (value double)")
    write_comments(connection, PROJECT_ROOT)
    comments = dict(connection.execute("select table_name, comment from duckdb_tables()").fetchall())
    assert comments["kpi_values"].startswith("one row a KPI, grain (week, month, quarter, year)")
    assert "`" not in comments["kpi_values"]
    assert comments["not_documented"] is None


def test_every_entry_of_the_document_is_found() -> None:
    text = (PROJECT_ROOT / DOCUMENT).read_text(encoding="utf-8")
    assert len(documented_tables(text)) == sum(line.startswith("- **`") for line in text.splitlines())

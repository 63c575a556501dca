"""Rows that another file of the same moment told otherwise: the later file counts, and nobody can know which is right."""

# ruff: noqa: S608 — SQL is written from contracts.

from __future__ import annotations

import duckdb

from ingestion.contracts import Contract
from ingestion.raw import table_sql
from ingestion.version_book import Load, same_key_sql


def contradiction_note(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, stage: str, versioned: int
) -> str | None:
    """What to say of rows that replaced those of a file which became known at the same moment, else None.

    Call it when their versions were closed just now. Files are loaded in the order of their names, so that a second
    download, `name (1).csv`, comes before the first.
    """
    if not versioned:
        return None
    found = connection.execute(
        f"select f.file_name, count(*) from {table_sql(contract)} as known "
        f"join {stage} on known._valid_to = $moment and known._valid_from = $moment and {same_key_sql(contract, stage)} "
        "join load.files as f on f.file_id = known._file_id group by 1 order by 2 desc, 1",
        {"moment": load.knowledge_at},
    ).fetchall()
    if not found:
        return None
    rows = sum(count for _, count in found)
    named = found[0][0] if len(found) == 1 else f"{found[0][0]} and {len(found) - 1} more"
    return (
        f"{rows:,} {'row says' if rows == 1 else 'rows say'} something else than {named}, loaded at the same moment: "
        "this file counts. Load files one by one, the latest last, if it should not."
    )

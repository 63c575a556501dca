"""Questions of the area pages whose tables are large, asked at publishing: a page never reads millions of rows."""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
from collections.abc import Iterator, Sequence
from datetime import date

import duckdb
import polars as pl

from dashboard import queries
from dashboard.queries.windows import RECENT, kept_grain, parameters, question, window_of
from pipeline.published_tables import write_table

LARGE = 100_000  # rows; smaller tables answer in milliseconds
EVERY_UNIT = "all"
ANSWERS = {"question": pl.String, "unit": pl.String, "grain": pl.String, "answer": pl.Binary}
TABLES = re.compile(r"\b(marts|metrics|kpi|meta)\.(\w+)")


def asked_by_pages() -> Iterator[str]:
    """Every query of a module of `dashboard.queries` that keeps its texts in QUERIES."""
    for module in pkgutil.iter_modules(queries.__path__, f"{queries.__name__}."):
        yield from getattr(importlib.import_module(module.name), "QUERIES", {}).values()


def write_answers(
    connection: duckdb.DuckDBPyConnection, as_of: date, units: Sequence[str], larger_than: int = LARGE
) -> int:
    """Fill meta.page_answers of an open build; returns the number of answers.

    Asked are the questions that read a table of more than `larger_than` rows, for every unit and for all, with every
    grain where the question looks back.
    """
    sizes = {
        (schema, table): rows
        for schema, table, rows in connection.execute(
            "select schema_name, table_name, estimated_size from duckdb_tables() where database_name = current_database()"
        ).fetchall()
    }
    windows = {grain: window_of(as_of, grain) for grain in RECENT}
    found: list[tuple[str, str, str, bytes]] = []
    for sql in asked_by_pages():
        if max((sizes.get(name, 0) for name in TABLES.findall(sql)), default=0) <= larger_than:
            continue
        days = {kept_grain(sql, grain): window for grain, window in windows.items()}
        for unit in (EVERY_UNIT, *units):
            for grain, window in days.items():
                rows = connection.cursor().sql(sql, params=parameters(sql, unit, window)).pl()
                found.append((question(sql), unit, grain, _bytes(rows)))
    write_table(connection, "meta.page_answers", pl.DataFrame(found, schema=ANSWERS, orient="row"))
    return len(found)


def _bytes(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc(stream, compression="zstd")
    return stream.getvalue()

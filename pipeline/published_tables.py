"""Tables of the published file, written from frames."""

from __future__ import annotations

import duckdb
import polars as pl


def write_table(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Replace one table of the published file by a frame."""
    connection.register("frame_to_write", frame.to_arrow())
    connection.execute(f"create or replace table {name} as select * from frame_to_write")  # noqa: S608 (our names)
    connection.unregister("frame_to_write")

"""`meta.runs` of the published file: the latest runs that had ended when it was published."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from office import runs
from office.store import Office
from pipeline.published_tables import write_table

RUNS_SHOWN = 200
SCHEMA = {
    "run_id": pl.Int64,
    "command": pl.String,
    "started_by": pl.String,
    "started_at": pl.Datetime("us"),
    "ended_at": pl.Datetime("us"),
    "state": pl.String,
    "exit_code": pl.Int64,
    "summary": pl.String,
    "message": pl.String,
}


def write_runs(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Copy the log of runs of a data folder, the latest first; an empty table when nothing has run before."""
    rows = [
        {
            **{
                name: getattr(run, name)
                for name in ("run_id", "command", "started_by", "state", "exit_code", "message")
            },
            "started_at": datetime.fromisoformat(run.started_at),
            "ended_at": datetime.fromisoformat(run.ended_at) if run.ended_at else None,
            "summary": json.dumps(run.summary, ensure_ascii=False),
        }
        # The run that publishes has not ended yet.
        for run in runs.listed(Office(data), limit=RUNS_SHOWN)
        if run.state != runs.RUNNING
    ]
    connection.execute("create schema if not exists meta")
    write_table(connection, "meta.runs", pl.DataFrame(rows, schema=SCHEMA))

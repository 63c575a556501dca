"""The published file holds the runs that had ended when it was made."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from office import runs
from office.store import Office
from pipeline.failures import ExitCode, Failure
from pipeline.locking import writing
from pipeline.published_runs import write_runs
from pipeline.run_log import note, recorded
from pipeline.settings import DataFolder


def published(data: Path) -> list[tuple]:
    connection = duckdb.connect()
    write_runs(connection, data)
    return connection.execute("select command, state, exit_code, summary, message from meta.runs").fetchall()


def test_runs_that_have_ended_are_published_the_latest_first(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with writing(folder, "load"):
        note("loaded", files=2, rows_loaded=10, names=["a"])
        note("loaded", files=1, rows_loaded=5, names=["b"])
    with pytest.raises(Failure), recorded(folder, "refresh"), writing(folder, "build") as inner:
        inner.message = "of the whole command"
        raise Failure("The build failed.", code=ExitCode.NOT_PUBLISHED)
    with recorded(folder, "publish"):
        latest, first = published(tmp_path)
    assert (latest[:3], latest[4]) == (("refresh", "failed", 4), "The build failed.")
    assert first[:3] == ("load", "done", 0)
    assert json.loads(first[3]) == {"loaded": {"files": 3, "rows_loaded": 15, "names": ["a", "b"]}}
    assert [run.command for run in runs.listed(Office(tmp_path))] == ["publish", "refresh", "load"]


def test_without_any_run_the_table_is_there_and_empty(tmp_path: Path) -> None:
    assert published(tmp_path) == []
    assert list(tmp_path.iterdir()) == []

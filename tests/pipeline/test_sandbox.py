"""Analysts' SQL: everything that is published can be read, nothing can be written, no other file can be reached."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

from pipeline.failures import Failure
from pipeline.published_files import published_path
from pipeline.sandbox import run_sandboxed
from pipeline.settings import DataFolder

RunCommand = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(scope="module")
def published(demo_data: Path) -> Path:
    return published_path(DataFolder(demo_data))


def test_a_query_is_answered(published: Path) -> None:
    frame = run_sandboxed(published, "select name, dimensions from kpi.catalogue order by position")
    assert frame.height > 20
    assert frame.schema["dimensions"] == pl.List(pl.String)


def test_the_command_writes_json(retaguarda: RunCommand, demo_data: Path) -> None:
    ended = retaguarda(
        "sql", "select 1 as one, date '2026-11-20' as day, null as nothing", "--format", "json", data=demo_data
    )
    assert json.loads(ended.stdout) == [{"one": 1, "day": "2026-11-20", "nothing": None}]


@pytest.mark.parametrize(
    "statement",
    [
        "create table marts.mine as select 1",
        "delete from kpi.kpi_values",
        "update meta.publication set as_of = null",
        "drop table kpi.kpi_values",
        "copy (select 1) to 'out.csv'",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select content from read_text('/etc/hostname')",
        "select * from glob('/*')",
        "attach 'other.duckdb' as other",
        "install httpfs",
        "load spatial",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "pragma enable_profiling",
        "export database 'dump'",
        "select * from frame",
        "select 1; select 2",
        "selec 1",
    ],
)
def test_what_an_analyst_may_not_do(
    published: Path, statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = hashlib.sha256(published.read_bytes()).hexdigest()
    with pytest.raises(Failure):
        run_sandboxed(published, statement)
    assert hashlib.sha256(published.read_bytes()).hexdigest() == before
    assert list(tmp_path.iterdir()) == []


DOCUMENT = Path(__file__).parents[2] / "docs" / "published-schemas.md"
EXAMPLES = re.findall(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("statement", EXAMPLES)
def test_the_documented_examples_find_something(published: Path, statement: str) -> None:
    assert run_sandboxed(published, statement).height > 0


def test_a_query_that_never_ends_is_stopped(published: Path) -> None:
    began = time.monotonic()
    with pytest.raises(Failure, match="longer than 1 seconds"):
        run_sandboxed(published, "select count(*) from range(1000000) a, range(1000000) b", timeout_seconds=1)
    assert time.monotonic() - began < 5


def test_a_query_that_eats_memory_is_stopped(published: Path) -> None:
    with pytest.raises(Failure, match="memory"):
        run_sandboxed(published, "select length(repeat('x', 4000000000))", memory_mebibytes=256)


def test_only_the_documented_schemas_exist(published: Path) -> None:
    frame = run_sandboxed(published, "select distinct table_schema as name from information_schema.tables")
    assert set(frame["name"]) == {"marts", "metrics", "kpi", "meta"}

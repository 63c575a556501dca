"""Publishing: only what passed its tests, in one step, and never at the price of what is live."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

import duckdb
import pytest
import yaml

from pipeline.building import Build
from pipeline.dbt_results import DbtResults, interpret
from pipeline.failures import ExitCode, Failure
from pipeline.moments import parse_moment
from pipeline.published_files import prune, published_path, put_in_place
from pipeline.settings import PROJECT_ROOT, DataFolder

RunCommand = Callable[..., "CompletedProcess[str]"]


def ask(path: Path, statement: str) -> list[tuple[object, ...]]:
    # A copy: DuckDB opens a path only once a process with one configuration, and a page under test may hold it open.
    with TemporaryDirectory() as folder:
        copy = shutil.copy(path, folder)
        with duckdb.connect(copy, read_only=True) as connection:
            return connection.execute(statement).fetchall()


def test_the_published_file_is_complete(demo_data: Path) -> None:
    folder = DataFolder(demo_data)
    path = published_path(folder)
    assert path.stat().st_mode & 0o222 == 0, "a published file is read-only"
    assert not path.with_name(path.name + ".wal").exists()
    schemas = ask(path, "select distinct schema_name from duckdb_tables() order by 1")
    assert [name for (name,) in schemas] == ["kpi", "marts", "meta", "metrics"]
    assert ask(path, "select count(*) from duckdb_views() where not internal") == [(0,)]
    assert json.loads(folder.last_build.read_text(encoding="utf-8"))["state"] == "published"


def test_large_facts_are_stored_by_a_day_that_their_kpis_ask_by(demo_data: Path) -> None:
    models = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["models"]["retaguarda"]
    stored = {
        table: entry["+meta"]["stored_by"] for table, entry in models["marts"].items() if table.startswith("fct_")
    }
    parts = [
        f"""
        select
            '{table}', count(*), count(*) filter (where before > {day} or (before is null and {day} is not null and place > 0)),
            (select count(*) from kpi.catalogue where records_model = '{table}' and records_date_column = '{day}') > 0
        from (select rowid as place, {day}, lag({day}) over (order by rowid) as before from marts.{table})
        """
        for table, day in stored.items()
    ]
    found = ask(published_path(DataFolder(demo_data)), " union all ".join(parts))
    assert {table for table, rows, _misplaced, _is_asked in found if rows} == set(stored)
    assert [table for table, _rows, misplaced, is_asked in found if misplaced or not is_asked] == []


def test_every_kpi_has_values_signals_and_a_definition(demo_data: Path) -> None:
    path = published_path(DataFolder(demo_data))
    missing = ask(
        path,
        """
        select catalogue.name from kpi.catalogue as catalogue
        where not exists (select * from kpi.kpi_values v where v.kpi = catalogue.name and v.value is not null)
            or not exists (select * from kpi.kpi_signals s where s.kpi = catalogue.name)
            or catalogue.label_pt_br = '' or catalogue.label_en = '' or catalogue.sql not like '%select%'
        """,
    )
    assert missing == []


def test_every_dimension_and_grain_is_published(demo_data: Path) -> None:
    path = published_path(DataFolder(demo_data))
    missing = ask(
        path,
        """
        select name, dimension, grain
        from (select name, unnest(list_prepend('total', dimensions)) as dimension from kpi.catalogue),
            (select unnest(['week', 'month', 'quarter', 'year']) as grain)
        where not exists (
            select * from kpi.kpi_values v where v.kpi = name and v.dimension = dimension and v.grain = grain
        )
        """,
    )
    assert missing == []


def test_nothing_is_published_after_the_as_of_date(demo_data: Path) -> None:
    path = published_path(DataFolder(demo_data))
    late = "select count(*) from kpi.kpi_values where period_start > (select as_of_date from meta.publication)"
    assert ask(path, late) == [(0,)]


def test_read_is_loaded_unchanged_and_quarantined(demo_data: Path) -> None:
    path = published_path(DataFolder(demo_data))
    wrong = "select count(*) from meta.files where rows_read <> rows_loaded + rows_unchanged + rows_quarantined"
    assert ask(path, wrong) == [(0,)]
    assert ask(path, "select count(*) > 0 from meta.quarantine") == [(True,)]


def test_a_test_names_the_kpis_that_it_concerns(demo_data: Path) -> None:
    path = published_path(DataFolder(demo_data))
    rows = ask(path, "select kpis from meta.test_results where model = 'fct_payables' and len(kpis) > 0 limit 1")
    assert rows, "no test of fct_payables names a KPI"
    assert "days_to_pay" in rows[0][0]


@pytest.mark.lengthy
def test_a_failed_test_leaves_the_old_version_live(retaguarda: RunCommand, copied_data: Path) -> None:
    folder = DataFolder(copied_data)
    before = published_path(folder)
    connection = duckdb.connect(str(folder.raw))
    # Scores that ingestion would never let in: 0 to 10 is what an NPS question offers.
    connection.execute("update surveys.nps_responses set score = 11 where _line < 50 and score is not null")
    connection.close()
    as_of = ("--as-of", "2026-11-20")
    ended = retaguarda("build", *as_of, data=copied_data)
    assert ended.returncode == ExitCode.NOT_PUBLISHED, ended.stderr
    assert "Traceback" not in ended.stderr
    record = json.loads(folder.last_build.read_text(encoding="utf-8"))
    assert record["state"] == "failed"
    assert record["failed_tests"]
    assert record["reason"] in ended.stderr
    assert published_path(folder) == before
    published = retaguarda("publish", data=copied_data)
    assert published.returncode == ExitCode.NOT_PUBLISHED
    assert published_path(folder) == before
    assert retaguarda("kpi", "nps", data=copied_data).returncode == 0


@pytest.fixture
def unpublished_build(copied_data: Path) -> DataFolder:
    """A build that waits to be published: the sample's published file once more, as a build."""
    folder = DataFolder(copied_data).prepare()
    built = folder.builds / "build_20261120T000000.duckdb"
    built.write_bytes(published_path(folder).read_bytes())
    moment = parse_moment("2026-11-20")
    Build(built, moment, moment, moment, DbtResults((), (), (), 0, {})).save()
    return folder


@pytest.mark.lengthy
def test_killed_while_publishing_leaves_the_old_version_live(
    retaguarda: RunCommand, unpublished_build: DataFolder
) -> None:
    folder = unpublished_build
    before = published_path(folder)
    publishing = [sys.executable, "-m", "pipeline.cli", "--data", str(folder.root), "publish"]
    process = subprocess.Popen(publishing, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)
    log = folder.builds / "build_20261120T000000.duckdb.wal"
    while not log.exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was killed in the middle, not after its end"
    assert published_path(folder) == before
    assert retaguarda("kpi", "nps", data=folder.root).returncode == 0
    # The build was not lost, and nobody holds the lock: publishing again succeeds.
    again = retaguarda("publish", data=folder.root)
    assert again.returncode == 0, again.stderr
    after = published_path(folder)
    assert after != before
    count = "select count(*), count(value) from kpi.kpi_values"
    assert ask(after, count) == ask(before, count)
    assert retaguarda("publish", data=folder.root).returncode == ExitCode.FAILED


def test_versions_are_pruned_but_never_the_current_one(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    for number in range(8):
        built = folder.builds / f"build_{number}.duckdb"
        built.write_bytes(b"a database")
        put_in_place(folder, built, f"retaguarda_{number}.duckdb")
    # The pointer was put back by hand to an old version: it must survive.
    folder.current.write_text("retaguarda_1.duckdb\n", encoding="utf-8")
    deleted = prune(folder, keep=3)
    assert sorted(path.name for path in deleted) == [f"retaguarda_{number}.duckdb" for number in (0, 2, 3, 4)]
    assert published_path(folder).name == "retaguarda_1.duckdb"


def test_a_file_with_a_log_left_beside_it_is_not_published(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    built = folder.builds / "build_1.duckdb"
    built.write_bytes(b"a database")
    built.with_name(built.name + ".wal").write_bytes(b"rows that are not in the database yet")
    with pytest.raises(Failure, match="not closed"):
        put_in_place(folder, built, "retaguarda_1.duckdb")
    assert not folder.current.exists()


@pytest.mark.parametrize("name", ["../raw.duckdb", "", "gone.duckdb"])
def test_a_pointer_that_names_no_published_file_is_a_message(tmp_path: Path, name: str) -> None:
    folder = DataFolder(tmp_path).prepare()
    folder.raw.write_bytes(b"not for readers")
    folder.current.write_text(name, encoding="utf-8")
    with pytest.raises(Failure) as caught:
        published_path(folder)
    assert caught.value.code == ExitCode.NOTHING_PUBLISHED


def test_lineage_reaches_the_kpis_through_other_models() -> None:
    manifest = {
        "nodes": {
            "model.r.fct_a": {"resource_type": "model", "name": "fct_a", "schema": "marts", "columns": {}},
            "test.r.t.1": {
                "resource_type": "test",
                "name": "not_null_fct_a",
                "config": {"severity": "WARN"},
                "attached_node": "model.r.fct_a",
                "depends_on": {"nodes": ["model.r.fct_a"]},
            },
        },
        "sources": {},
        "child_map": {"model.r.fct_a": ["model.r.int_b", "test.r.t.1"], "model.r.int_b": ["model.r.kpi_c"]},
    }
    run = {"results": [{"unique_id": "test.r.t.1", "status": "warn", "failures": 2, "message": "Got 2 results\n\n"}]}
    (test,) = interpret(run, manifest).tests
    assert (test.status, test.severity, test.failures, test.kpis) == ("warn", "warn", 2, ("c",))
    assert not test.blocks

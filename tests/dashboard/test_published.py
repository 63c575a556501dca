from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from dashboard import published


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(published.NothingPublished, match="retaguarda refresh"):
        published.current(tmp_path)


def test_a_pointer_to_nothing_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "serving").mkdir()
    (tmp_path / "serving" / "current").write_text("retaguarda_gone.duckdb")
    with pytest.raises(published.NothingPublished, match=r"retaguarda_gone\.duckdb"):
        published.current(tmp_path)


@pytest.mark.parametrize(
    "sql",
    [
        "create table marts.mine (a integer)",
        "insert into kpi.catalogue select * from kpi.catalogue",
        "copy (select 1) to 'out.csv'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/hostname')",
        "attach 'other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
    ],
)
def test_the_sandbox_holds(publication: published.Publication, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        publication.fetch(sql)


def test_python_objects_are_out_of_reach(publication: published.Publication) -> None:
    secret = {"password": ["hidden"]}
    assert secret
    with pytest.raises(duckdb.Error):
        publication.fetch("select * from secret")


def test_values_are_bound(publication: published.Publication) -> None:
    hostile = "x' or true --"
    assert publication.fetch("select count(*) from kpi.kpi_values where kpi = ?", (hostile,)).item() == 0


def test_a_new_publication_is_a_new_key(demo_data: Path, tmp_path: Path) -> None:
    serving = tmp_path / "serving"
    serving.mkdir()
    source = published.current_path(demo_data)
    for name in ("retaguarda_1.duckdb", "retaguarda_2.duckdb"):
        shutil.copy(source, serving / name)
    (serving / "current").write_text("retaguarda_1.duckdb\n")
    first = published.current(tmp_path)
    assert published.current(tmp_path) is first
    (serving / "current").write_text("retaguarda_2.duckdb\n")
    second = published.current(tmp_path)
    assert second != first
    assert second.key != first.key
    # Who is still reading the old publication is not cut off.
    assert first.fetch("select count(*) from kpi.catalogue").item() > 0


def test_the_last_build_is_read_again_when_it_changes(tmp_path: Path) -> None:
    assert published.last_build(tmp_path).state == "unknown"
    path = tmp_path / "serving" / "last_build.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"state": "failed", "reason": "2 tests failed", "failed_tests": ["a", "b"]}))
    build = published.last_build(tmp_path)
    assert (build.state, build.reason, build.failed_tests) == ("failed", "2 tests failed", ("a", "b"))


def test_failed_tests_are_named_as_the_pipeline_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "serving" / "last_build.json"
    path.parent.mkdir()
    failed = {"test": "unique_fct_payables_payable_id", "model": "fct_payables", "message": "Got 1", "kpis": ["nps"]}
    path.write_text(json.dumps({"state": "failed", "reason": "A test failed", "failed_tests": [failed]}))
    assert published.last_build(tmp_path).failed_tests == ("unique_fct_payables_payable_id",)

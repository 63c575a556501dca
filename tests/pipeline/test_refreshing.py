"""Load and refresh: what goes in, what is put away, what waits, and who may write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import polars as pl
import pytest

from pipeline.failures import ExitCode, Failure
from pipeline.inbox import settled_exports
from pipeline.loading import exports_in
from pipeline.locking import writing
from pipeline.moments import last_day_over, local_day, now, parse_knowledge_time, parse_moment
from pipeline.refreshing import is_behind
from pipeline.settings import DataFolder
from pipeline.snapshot_files import put_week_in_place
from pipeline.snapshot_weeks import Week
from pipeline.unit_tests import code_hash, known_results

RunCommand = Callable[..., "CompletedProcess[str]"]
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SUPPLIERS = "fornecedores_2026_11_20.csv"


def age(path: Path, seconds: float = 60) -> Path:
    """Make a file look as if it had been written some time ago."""
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_load_reports_as_json_and_twice_changes_nothing(retaguarda: RunCommand, tmp_path: Path) -> None:
    export = SAMPLE / "2026-11-20" / SUPPLIERS
    first = retaguarda("load", export, "--format", "json", data=tmp_path)
    assert first.returncode == 0, first.stderr
    report = json.loads(first.stdout)
    assert report["rows_loaded"] == report["rows_read"] > 0
    again = json.loads(retaguarda("load", export, "--format", "json", data=tmp_path).stdout)
    assert (again["rows_loaded"], again["rows_unchanged"]) == (0, report["rows_read"])


def test_a_rejected_file_is_3_and_says_what_to_do(retaguarda: RunCommand, tmp_path: Path) -> None:
    export = tmp_path / "contas_a_pagar_2026_11.csv"
    export.write_text("<!DOCTYPE html><html><body>Sessão expirada</body></html>", encoding="utf-8")
    ended = retaguarda("load", export, data=tmp_path / "data")
    assert ended.returncode == ExitCode.REJECTED
    assert "contas_a_pagar_2026_11.csv" in ended.stderr
    assert "→" in ended.stderr


def test_quarantined_rows_are_3_only_when_strict(retaguarda: RunCommand, tmp_path: Path) -> None:
    exports = sorted((SAMPLE / "2026-11-16").glob("contas_a_pagar_2026*.csv"))
    assert retaguarda("load", *exports, data=tmp_path / "one").returncode == 0
    assert retaguarda("load", *exports, "--strict", data=tmp_path / "two").returncode == ExitCode.REJECTED


def test_folders_are_read_in_name_order_without_what_is_unfinished(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.csv.part", ".hidden.csv", "~$open.xlsx", "company.yml"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [path.name for path in exports_in([tmp_path])] == ["a.csv", "b.csv"]


def test_refresh_loads_publishes_and_archives(retaguarda: RunCommand, copied_data: Path) -> None:
    folder = DataFolder(copied_data).prepare()
    # A company that was built before the last change of a model says nothing of what is remembered.
    is_same_code = bool(known_results(folder, code_hash()))
    export = folder.inbox / "fornecedores_novos.csv"
    export.write_bytes((SAMPLE / "2026-11-20" / SUPPLIERS).read_bytes() + b"\n")
    age(export)
    bad = folder.inbox / "contas_a_pagar_pagina.csv"
    bad.write_text("<html>Sessão expirada</html>", encoding="utf-8")
    age(bad)
    part = folder.inbox / "contas_a_pagar.csv.part"
    part.write_text("half", encoding="utf-8")
    before = folder.current.read_text(encoding="utf-8")
    ended = retaguarda("refresh", "--format", "json", data=copied_data)
    assert ended.returncode == ExitCode.REJECTED, ended.stderr
    report = json.loads(ended.stdout)
    assert report["publication"]["file"] == folder.current.read_text(encoding="utf-8").strip() != before.strip()
    (archived,) = folder.archive.rglob("fornecedores_novos.csv")
    assert len(archived.parent.name) == len("2026-11")
    (rejected,) = folder.rejected.rglob("contas_a_pagar_pagina.csv")
    assert rejected.with_name(rejected.name + ".reason.txt").read_text(encoding="utf-8").strip()
    assert sorted(path.name for path in folder.inbox.iterdir()) == [part.name]
    # The same SQL: its unit tests are told, not run again; the tests of data have run on the new data.
    if is_same_code:
        names = "select test from meta.test_results order by all"
        files = (before.strip(), report["publication"]["file"])
        told = []
        for name in files:
            with duckdb.connect(str(folder.root / "serving" / name), read_only=True) as connection:
                told.append(connection.execute(names).fetchall())
        assert told[0] == told[1]
        log = (folder.builds / "logs" / "dbt.log").read_text(encoding="utf-8")
        assert "START test" in log
        assert "START unit_test" not in log
    # Nothing new: nothing is built.
    again = retaguarda("refresh", "--format", "json", data=copied_data)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["publication"] is None


@pytest.mark.lengthy
def test_what_a_failed_build_left_is_not_nothing_to_do(retaguarda: RunCommand, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    assert is_behind(folder), "nothing has been published"
    assert retaguarda("load", SAMPLE / "2026-11-20" / SUPPLIERS, data=tmp_path).returncode == 0
    place = folder.current.parent / "retaguarda_1.duckdb"
    with duckdb.connect(str(place)) as connection:
        connection.execute("create schema meta; create table meta.files (file_id bigint, state varchar)")
    folder.current.write_text(place.name, encoding="utf-8")
    assert is_behind(folder), "the published file has not seen what was loaded"
    with duckdb.connect(str(place)) as connection:
        connection.execute("insert into meta.files values (1, 'loaded')")
    assert not is_behind(folder)


def test_a_week_that_was_frozen_by_hand_is_something_to_publish(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    place = folder.current.parent / "retaguarda_1.duckdb"
    with duckdb.connect(str(place)) as connection:
        connection.execute("create schema meta; create table meta.files (file_id bigint, state varchar)")
        connection.execute("create schema kpi; create table kpi.snapshot_weeks (week varchar, manifest_sha256 varchar)")
    folder.current.write_text(place.name, encoding="utf-8")
    assert not is_behind(folder)
    frozen = put_week_in_place(folder, Week.parse("2026-W46"), {"values": pl.DataFrame({"value": [1.0]})}, {})
    assert is_behind(folder), "the pages do not know the week yet"
    (frozen.path / "values.parquet").unlink()
    assert not is_behind(folder), "one that is damaged is never published"


def test_a_file_that_is_still_growing_waits(tmp_path: Path) -> None:
    steady = age(tmp_path / "a.csv") if (tmp_path / "a.csv").write_text("x", encoding="utf-8") else None
    growing = tmp_path / "b.csv"
    growing.write_text("x", encoding="utf-8")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with growing.open("a", encoding="utf-8") as stream:
                stream.write("more\n")
            time.sleep(0.2)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        settled, waiting = settled_exports(tmp_path)
    finally:
        stop.set()
        writer.join()
    assert (settled, waiting) == ([steady], [growing])


def test_two_writers_at_once_the_second_says_so(retaguarda: RunCommand, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    with writing(folder, "refresh"):
        for arguments in (("refresh",), ("build",), ("publish",), ("load", SAMPLE / "2026-11-20" / SUPPLIERS)):
            ended = retaguarda(*arguments, data=tmp_path)
            assert ended.returncode == ExitCode.BUSY, (arguments, ended.stderr)
            assert f"process {os.getpid()}" in ended.stderr


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    code = (
        "import os, signal; from pathlib import Path; from pipeline.locking import writing; "
        "from pipeline.settings import DataFolder\n"
        f"with writing(DataFolder(Path({str(tmp_path)!r})), 'load'): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode < 0
    with writing(folder, "load"):
        pass


def test_the_demonstration_is_not_mixed_into_own_data(retaguarda: RunCommand, tmp_path: Path) -> None:
    assert retaguarda("load", SAMPLE / "2026-11-20" / SUPPLIERS, data=tmp_path).returncode == 0
    ended = retaguarda("demo", "--no-serve", data=tmp_path)
    assert ended.returncode == ExitCode.FAILED
    assert "--data" in ended.stderr


def test_a_second_demonstration_takes_seconds(retaguarda: RunCommand, demo_data: Path) -> None:
    if os.environ.get("RETAGUARDA_TEST_DATA"):
        pytest.skip("the data of RETAGUARDA_TEST_DATA may be older than the models")
    began = time.monotonic()
    ended = retaguarda("demo", "--no-serve", data=demo_data)
    assert ended.returncode == 0
    assert "nothing has changed" in ended.stderr
    assert time.monotonic() - began < 15


def test_a_date_means_the_end_of_that_local_day() -> None:
    assert parse_moment("2026-11-20").isoformat() == "2026-11-21T02:59:59"
    assert parse_moment("2026-11-20T18:00").isoformat() == "2026-11-20T21:00:00"
    assert parse_moment("2026-11-20T18:00Z").isoformat() == "2026-11-20T18:00:00"
    with pytest.raises(Failure):
        parse_moment("20/11/2026")


def test_a_day_is_over_with_its_last_second() -> None:
    assert last_day_over(parse_moment("2026-11-22")).isoformat() == "2026-11-22"
    assert last_day_over(parse_moment("2026-11-22T23:59:58")).isoformat() == "2026-11-21"
    assert last_day_over(parse_moment("2026-11-23T00:00")).isoformat() == "2026-11-22"


def test_known_today_means_known_now() -> None:
    today = local_day(now())
    assert parse_knowledge_time(today.isoformat()) <= now()

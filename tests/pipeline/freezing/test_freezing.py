"""Frozen weeks: there wholly or not at all, and never altered unseen."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

from kpis.catalogue import load_catalogue
from kpis.restatements import restated as restated_figures
from pipeline.failures import ExitCode, Failure
from pipeline.freezing import freeze, freeze_if_due, grace_days, is_overdue, open_publication
from pipeline.moments import local_day, now, parse_moment
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.snapshot_contents import stale_sources
from pipeline.snapshot_files import frozen_weeks, put_week_in_place
from pipeline.snapshot_publishing import reported
from pipeline.snapshot_verifying import verify
from pipeline.snapshot_weeks import Week, last_complete, missed
from tests.pipeline.freezing.conftest import QUIET, WEEK

RunCommand = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def chain(frozen: DataFolder, tmp_path: Path) -> DataFolder:
    """Three frozen weeks to tamper with: the same content under three names, chained."""
    folder = DataFolder(tmp_path / "chain")
    content = frozen_weeks(frozen)[0]
    tables = {name: content.table(name) for name in ("values", "records")}
    for week in ("2026-W44", "2026-W45", "2026-W46"):
        put_week_in_place(folder, Week.parse(week), tables, {"as_of": datetime(2026, 11, 20)})
    return folder


def test_weeks_frozen_before_a_column_was_kept_are_read_with_nulls_in_it(frozen: DataFolder, tmp_path: Path) -> None:
    one = frozen_weeks(frozen)[0]
    older = DataFolder(tmp_path)
    tables = {name: one.table(name) for name in ("values", "catalogue", "records")}
    tables["values"] = tables["values"].drop("weeks_in_signal", "range_limit")
    put_week_in_place(older, Week.parse("2026-W45"), tables, one.manifest)
    tables = {name: one.table(name) for name in tables}
    put_week_in_place(older, WEEK, tables, one.manifest)
    with open_publication(frozen) as connection:
        known = reported(connection, frozen_weeks(older))
    by_week = known.group_by("week").agg(pl.col("weeks_in_signal").is_not_null().sum()).sort("week")
    assert by_week["weeks_in_signal"].to_list()[0] == 0
    assert by_week["weeks_in_signal"].to_list()[1] > 0
    assert restated_figures(known, tables["values"]).is_empty(), "a column that was not kept is no restatement"


def test_weeks_are_named_and_follow_one_another() -> None:
    assert str(Week.of(date(2026, 11, 15))) == "2026-W46"
    assert Week.parse("2026-W53").end == date(2027, 1, 3)
    assert str(Week.parse("2026-W53").later(1)) == "2027-W01"
    assert str(last_complete(parse_moment("2026-11-20"))) == "2026-W46"
    assert str(last_complete(parse_moment("2026-11-22"))) == "2026-W47", "Sunday is over at its last second"
    assert str(last_complete(parse_moment("2026-11-22T18:00"))) == "2026-W46"
    with pytest.raises(Failure):
        Week.parse("2025-W53")


def test_missed_weeks_are_those_after_the_first_frozen_one() -> None:
    frozen = [Week.parse("2026-W40"), Week.parse("2026-W43")]
    assert [str(week) for week in missed(frozen, Week.parse("2026-W45"))] == ["2026-W41", "2026-W42", "2026-W44"]
    assert missed([], Week.parse("2026-W45")) == []


def test_a_frozen_week_holds_every_value_of_the_periods_that_end_in_it(frozen: DataFolder) -> None:
    week = frozen_weeks(frozen)[0]
    values = week.table("values")
    with open_publication(frozen) as connection:
        published = connection.sql(
            "select * from kpi.kpi_values where period_end between date '2026-11-09' and date '2026-11-15'"
        ).pl()
    key = ["kpi", "grain", "dimension", "member"]
    assert values.select(published.columns).sort(key).equals(published.sort(key))
    assert {"rule", "centre", "assurance", "range_limit", "weeks_in_signal"} <= set(values.columns), "signals too"
    signalled = values.filter(pl.col("rule").is_not_null())
    assert signalled.height > 0
    assert signalled["weeks_in_signal"].min() == 1
    assert set(week.manifest["definition_hashes"]) == set(load_catalogue(PROJECT_ROOT))
    assert all(len(one) in (0, 64) for one in week.manifest["data_hashes"].values())
    assert all(path.stat().st_mode & 0o222 == 0 for path in week.path.iterdir())


def test_freezing_twice_does_nothing(frozen: DataFolder) -> None:
    before = frozen_weeks(frozen)[0].manifest_sha256
    report = freeze(frozen, QUIET)
    assert (report.frozen, report.already_frozen) == ((), ("2026-W46",))
    assert frozen_weeks(frozen)[0].manifest_sha256 == before


def test_a_week_that_is_not_over_is_refused(frozen: DataFolder) -> None:
    with pytest.raises(Failure, match="not over"):
        freeze(frozen, QUIET, Week.of(local_day(now())).later(1))


def test_a_week_waits_for_stale_sources_until_the_grace_period_is_over(frozen: DataFolder, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.root.mkdir()
    assert grace_days(folder) == 3
    folder.company.write_text("label: Patient\nfreeze_grace_days: 7\n", encoding="utf-8")
    assert grace_days(folder) == 7
    with open_publication(frozen) as connection:
        # As of Friday 20 November, five days after week 46.
        assert stale_sources(connection, WEEK)
        assert freeze_if_due(connection, folder, QUIET) is None
    assert frozen_weeks(folder) == []
    assert frozen_weeks(frozen)[0].manifest["is_provisional"] is True, "the grace period of three days was over"
    assert not is_overdue(folder), "a folder in which nothing was ever frozen waits for its first build"


@pytest.mark.lengthy
def test_killed_at_random_a_week_is_wholly_there_or_not_at_all(frozen: DataFolder, tmp_path: Path) -> None:
    writer = (
        "import sys; from pathlib import Path; from pipeline.settings import DataFolder;"
        "from pipeline.snapshot_files import frozen_weeks, put_week_in_place; from pipeline.snapshot_weeks import Week;"
        "one = frozen_weeks(DataFolder(Path(sys.argv[1])))[0];"
        "tables = {name: one.table(name) for name in ('values', 'catalogue', 'records', 'sources')};"
        "print('ready', flush=True);"
        "put_week_in_place(DataFolder(Path(sys.argv[2])), Week.parse('2026-W46'), tables, {});"
        "print('done', flush=True)"
    )
    chance = random.Random(46)
    outcomes = set()
    for attempt in range(8):
        folder = DataFolder(tmp_path / str(attempt))
        command = [sys.executable, "-c", writer, str(frozen.root), str(folder.root)]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        weeks = frozen_weeks(folder)
        outcomes.add(len(weeks))
        assert verify(folder).discrepancies == ()
        # Whatever was left, the next freeze goes through and leaves nothing behind.
        if not weeks:
            done = subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True, text=True)
            assert done.stdout.endswith("done\n")
            assert verify(folder).discrepancies == ()
            assert not list((folder.root / "snapshots").glob(".*.part"))
    assert 0 in outcomes, "no attempt was killed before the week was in place: kill earlier"


def test_what_a_killed_freeze_left_does_not_stop_the_next_one(chain: DataFolder) -> None:
    snapshots = chain.root / "snapshots"
    (snapshots / ".2026-W47.part").mkdir()
    (snapshots / ".2026-W47.part" / "values.parquet").write_text("half")
    (snapshots / ".head.json.1.part").write_text("half")
    assert verify(chain).discrepancies == ()
    put_week_in_place(chain, Week.parse("2026-W47"), {}, {})
    assert verify(chain).discrepancies == ()
    assert not list(snapshots.glob(".*.part"))


def problems(folder: DataFolder) -> set[tuple[str, str, str]]:
    return {(one.week, one.file, one.problem) for one in verify(folder).discrepancies}


def test_an_intact_chain_is_verified(chain: DataFolder) -> None:
    found = verify(chain)
    assert (found.weeks, found.files, found.discrepancies) == (("2026-W44", "2026-W45", "2026-W46"), 6, ())


def test_an_altered_a_missing_and_an_added_file_are_named(chain: DataFolder, retaguarda: RunCommand) -> None:
    week = chain.root / "snapshots" / "2026-W45"
    path = week / "values.parquet"
    path.chmod(0o644)
    pl.read_parquet(path).reverse().write_parquet(path)
    (week / "records.parquet").unlink()
    (week / "notes.txt").write_text("added")
    expected = {
        ("2026-W45", "values.parquet", "altered"),
        ("2026-W45", "records.parquet", "missing"),
        ("2026-W45", "notes.txt", "added"),
    }
    assert problems(chain) == expected
    ended = retaguarda("verify", "--format", "json", data=chain.root)
    assert ended.returncode == ExitCode.FAILED
    told = json.loads(ended.stdout)
    assert told["is_intact"] is False
    assert {(one["week"], one["file"], one["problem"]) for one in told["discrepancies"]} == expected


def test_a_rewritten_manifest_breaks_the_chain(chain: DataFolder) -> None:
    manifest = chain.root / "snapshots" / "2026-W45" / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("2026-11-20", "2026-11-21"), encoding="utf-8")
    assert ("2026-W45", "manifest.json", "altered") in problems(chain)


def test_a_missing_week_is_named_also_when_it_is_the_last(chain: DataFolder) -> None:
    shutil.rmtree(chain.root / "snapshots" / "2026-W46")
    assert problems(chain) == {("2026-W46", "", "missing")}


def test_a_week_taken_out_of_the_middle_and_weeks_exchanged_are_found(chain: DataFolder) -> None:
    snapshots = chain.root / "snapshots"
    aside = (snapshots / "2026-W44").rename(chain.root / "aside")
    assert ("2026-W45", "manifest.json", "reordered") in problems(chain)
    (snapshots / "2026-W45").rename(snapshots / "2026-W44")
    aside.rename(snapshots / "2026-W45")
    found = problems(chain)
    assert {("2026-W44", "manifest.json", "renamed"), ("2026-W45", "manifest.json", "renamed")} <= found

"""A data folder in which week 46 is frozen."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.freezing import freeze
from pipeline.progress import Narrator
from pipeline.published_files import published_path
from pipeline.settings import DataFolder
from pipeline.snapshot_weeks import Week

QUIET = Narrator(quiet=True)
WEEK = Week.parse("2026-W46")


def copy_of(folder: Path, target: Path) -> DataFolder:
    """A data folder of its own: raw, the published file, and dbt's parsed project."""
    target.mkdir()
    shutil.copy(folder / "raw.duckdb", target)
    shutil.copy(folder / "pseudonym.key", target)
    shutil.copytree(folder / "serving", target / "serving")
    (target / "builds" / "target").mkdir(parents=True)
    for kept in (folder / "builds" / "target" / "partial_parse.msgpack", folder / "builds" / "unit_tests.json"):
        if kept.exists():
            shutil.copy(kept, target / kept.relative_to(folder))
    return DataFolder(target).prepare()


def let_a_source_be_late(folder: DataFolder) -> None:
    """The desk's export of week 46 has not come yet."""
    path = published_path(folder)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update meta.source_freshness set state = 'stale', last_loaded_at = timestamp '2026-11-10 12:00:00' "
            "where source = 'helpdesk' and table_name = 'tickets'"
        )
    path.chmod(0o444)


@pytest.fixture(scope="session")
def frozen(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """The sample company with week 46 frozen from what is published. Never write to it: copy its snapshots first."""
    folder = copy_of(demo_data, tmp_path_factory.mktemp("frozen") / "data")
    let_a_source_be_late(folder)
    assert freeze(folder, QUIET, WEEK).frozen == ("2026-W46",)
    return folder

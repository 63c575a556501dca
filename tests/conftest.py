"""Shared by every test: the sample company, loaded, built and published once."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT_ROOT = Path(__file__).resolve().parent.parent

RunCommand = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file begins that needs the sample company; those that need none come next, so that nobody waits for it.

    With pytest-xdist by files, one process then builds the company while the others do the rest. Long files come
    before short ones, so that no process is left with a long one at the end.
    """
    needing = {item.path for item in items if "demo_data" in getattr(item, "fixturenames", ())}
    first = next((item.path for item in items if item.path in needing and "browser" in item.path.parts), None)
    long = {item.path for item in items if item.get_closest_marker("slow") or "browser" in item.path.parts}
    items.sort(
        key=lambda item: (item.path != first, item.path in needing, item.path not in long)
    )  # stable: otherwise as collected


def run_retaguarda(
    *arguments: object, data: Path | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person does, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name not in ("RETAGUARDA_DATA", "PORT")}
    if data is not None:
        environment["RETAGUARDA_DATA"] = str(data)
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *map(str, arguments)],
        cwd=PROJECT_ROOT,
        env=environment | {"COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.fixture(scope="session")
def retaguarda() -> RunCommand:
    """`retaguarda("kpi", "nps", data=folder)` runs the command and returns the ended process."""
    return run_retaguarda


@pytest.fixture(scope="session")
def demo_data(pytestconfig: pytest.Config) -> Path:
    """The data folder of the sample company, published. Never write to it: copy it first.

    It is kept between runs and made again only when sample, models or code have changed. RETAGUARDA_TEST_DATA names
    a folder that is published already, to save that time while working on something else.
    """
    given = os.environ.get("RETAGUARDA_TEST_DATA")
    if given:
        return Path(given).resolve()
    kept = pytestconfig.cache.mkdir("demonstration") if pytestconfig.cache else Path(".pytest_cache/demonstration")
    folder = Path(kept) / "data"
    # Processes of pytest-xdist wait for the one that builds.
    with (Path(kept) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = run_retaguarda("demo", "--no-serve", data=folder, timeout=600)
    assert ended.returncode == 0, ended.stderr[-4000:]
    return folder


@pytest.fixture(scope="session")
def published_copy(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the published file, to be opened with whatever settings.

    DuckDB opens a path only once a process with one configuration, and the dashboard under test may hold the original
    open in its sandbox.
    """
    serving = demo_data / "serving"
    name = (serving / "current").read_text(encoding="utf-8").strip()
    return Path(shutil.copy(serving / name, tmp_path_factory.mktemp("published") / name))


@pytest.fixture
def copied_data(demo_data: Path, tmp_path: Path) -> Path:
    """The sample's raw, published file and parsed dbt project, to write to."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(demo_data / "raw.duckdb", folder)
    shutil.copytree(demo_data / "serving", folder / "serving")
    target = folder / "builds" / "target"
    target.mkdir(parents=True)
    for source in (demo_data / "builds" / "target" / "partial_parse.msgpack", demo_data / "builds" / "unit_tests.json"):
        if source.exists():
            shutil.copy(source, folder / source.relative_to(demo_data))
    return folder

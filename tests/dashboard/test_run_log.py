"""The log of runs on the data page: running, done, failed and killed, in words, with what each run did."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from office import runs
from office.store import Office
from tests.dashboard.visiting import plain, texts, visit


@pytest.fixture
def data(demo_data: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo_data / "serving", tmp_path / "serving", copy_function=shutil.copy)
    return tmp_path


def test_every_state_is_told(data: Path) -> None:
    office = Office(data)
    done = runs.begin(office, "refresh", "schedule")
    steps = {"loaded": {"files": 3, "rows_loaded": 1204}, "frozen": {"weeks": ["2026-W46"]}}
    runs.end(office, done, runs.DONE, 0, steps)
    failed = runs.begin(office, "deliver", "page")
    runs.end(office, failed, runs.FAILED, 1, {}, "smtp <b>refused</b>")
    killed = runs.begin(office, "refresh", "person")
    os.close(killed.descriptor)  # as the system does it for a process that is killed
    running = runs.begin(office, "build", "person")

    app = visit(data, "data", view="runs", lang="en")
    table = app.dataframe[0].value
    assert list(table["run_state"]) == ["◌ running", "⊘ killed", "✗ failed", "✓ done"]
    assert list(table["started_by"]) == ["a person", "a person", "a page", "the schedule"]
    assert table["outcome"].iloc[3] == "3 files read; 1,204 rows loaded; frozen: 2026-W46"
    assert table["message"].iloc[2] == "smtp <b>refused</b>"
    assert table["took"].iloc[1] == ""
    assert any("The last run was killed" in text for text in texts(app))
    runs.end(office, running, runs.FAILED, 1, {}, "smtp <b>refused</b>")
    warning = next(text for text in texts(visit(data, "data", view="runs")) if "A última execução falhou" in text)
    assert "\\<b" in warning, "a message is text"
    assert "smtp" in plain(warning)


def test_an_empty_log_says_so(data: Path) -> None:
    assert any("Nada foi executado ainda" in text for text in texts(visit(data, "data", view="runs")))

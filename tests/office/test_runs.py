"""The log of runs: how each ended is told, also of those that could not say it themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from office import runs
from office.runs import DONE, FAILED, KILLED, RUNNING
from office.store import Office

RUNNER = """
import sys, time
from pathlib import Path
from office import runs
from office.store import Office

place = runs.begin(Office(Path(sys.argv[1])), "refresh", "schedule")
print("begun", flush=True)
sys.stdin.readline()
runs.end(Office(Path(sys.argv[1])), place, "done", 0, {"loaded": {"rows_loaded": 3}})
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def started(folder: Path) -> subprocess.Popen[str]:
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert runner.stdout is not None
    assert runner.stdout.readline() == "begun\n"
    return runner


def test_a_run_is_seen_running_and_then_done(office: Office, tmp_path: Path) -> None:
    runner = started(tmp_path)
    assert [(run.command, run.state, run.ended_at) for run in runs.listed(office)] == [("refresh", RUNNING, None)]
    runner.communicate("\n", timeout=60)
    (run,) = runs.listed(office)
    assert (run.state, run.exit_code, run.started_by) == (DONE, 0, "schedule")
    assert run.summary == {"loaded": {"rows_loaded": 3}}
    assert run.ended_at is not None
    assert run.started_at <= run.ended_at
    assert list((tmp_path / "running").iterdir()) == []


def test_a_run_whose_process_is_killed_is_shown_as_killed(office: Office, tmp_path: Path) -> None:
    doomed, living = started(tmp_path), started(tmp_path)
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.communicate(timeout=60)
    assert [run.state for run in runs.listed(office)] == [RUNNING, KILLED]
    assert [run.state for run in runs.listed(office)] == [RUNNING, KILLED], "asked twice, told the same"
    living.communicate("\n", timeout=60)
    latest, first = runs.listed(office)
    assert (latest.state, first.state, first.ended_at) == (DONE, KILLED, None)
    assert "killed" in first.message


def test_runs_are_listed_by_command_and_one_that_could_not_begin_leaves_no_trace(office: Office) -> None:
    first = runs.begin(office, "load", "person")
    runs.end(office, first, FAILED, 1, {}, "It could not be read.")
    runs.forget(office, runs.begin(office, "refresh", "page"))
    assert [(run.command, run.message) for run in runs.listed(office)] == [("load", "It could not be read.")]
    assert runs.listed(office, command="refresh") == []


def test_the_log_is_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "RUNS_KEPT", 3)
    for _ in range(5):
        runs.end(office, runs.begin(office, "run", "schedule"), DONE, 0, {})
    assert [run.run_id for run in runs.listed(office)] == [5, 4, 3]

"""Runs and the loop of runs, as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from office import runs
from office.runs import DONE, FAILED, KILLED, Run
from office.store import Office
from pipeline.failures import ExitCode
from pipeline.locking import holding, writing
from pipeline.progress import Narrator
from pipeline.run_log import STOPPED
from pipeline.run_loop import LONGEST_SLEEP_SECONDS
from pipeline.running import STEPS, run_once
from pipeline.settings import PROJECT_ROOT, DataFolder

RunCommand = Callable[..., "CompletedProcess[str]"]
QUIET = Narrator(quiet=True)


def log_of(folder: Path, command: str = "run") -> list[Run]:
    return runs.listed(Office(folder), command=command)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.05)


@contextmanager
def looping(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`retaguarda run …`, killed at the end should it still be there."""
    environment = os.environ | {"RETAGUARDA_DATA": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}
    command = [sys.executable, "-m", "pipeline.cli", "run", *arguments]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def told_until(process: subprocess.Popen[str], words: str) -> str:
    """What the loop says, up to the line with some words."""
    assert process.stderr is not None
    told = ""
    while words not in told:
        line = process.stderr.readline()
        assert line, told
        told += line
    return told


def terminated(process: subprocess.Popen[str]) -> str:
    """What the loop said, once it has ended on SIGTERM."""
    process.terminate()
    told = process.communicate(timeout=120)[1]
    assert process.returncode == ExitCode.OK, told
    return told


def entered(folder: Path, age: timedelta, state: str = DONE) -> None:
    """Put a run into the log that began in the past."""
    office = Office(folder)
    runs.end(office, runs.begin(office, "run", "schedule"), state, 0, {})
    began = (datetime.now(UTC).replace(tzinfo=None) - age).isoformat()
    with office.writing() as connection:
        connection.execute("update runs set started_at = ?, ended_at = ?", (began, began))


def test_a_run_of_an_empty_folder_has_nothing_to_do_and_says_so(retaguarda: RunCommand, tmp_path: Path) -> None:
    ended = retaguarda("run", "--once", data=tmp_path)
    assert ended.returncode == ExitCode.OK, ended.stderr
    assert "Nothing has been loaded yet" in ended.stderr
    assert [(run.state, run.started_by) for run in log_of(tmp_path)] == [(DONE, "person")]
    again = retaguarda("run", "--once", "--every", "1h", data=tmp_path)
    assert again.returncode == ExitCode.OK
    assert "No run is due before" in again.stderr
    assert len(log_of(tmp_path)) == 1


def test_sigterm_ends_the_loop_in_the_middle_of_its_sleep(tmp_path: Path) -> None:
    entered(tmp_path, timedelta(minutes=1))
    with looping(tmp_path, "--every", "1h") as loop:
        told_until(loop, "Next run")
        began = time.monotonic()
        told = terminated(loop)
    assert time.monotonic() - began < LONGEST_SLEEP_SECONDS - 5, "it slept on"
    assert "Stopped." in told
    assert len(log_of(tmp_path)) == 1, "nothing was due"


def test_a_missed_run_is_caught_up_once_and_the_loop_goes_on(tmp_path: Path) -> None:
    entered(tmp_path, timedelta(days=3))
    with looping(tmp_path, "--every", "1h") as loop:
        told = told_until(loop, "Next run") + terminated(loop)
    assert told.count("── Run of") == 1
    assert [run.state for run in log_of(tmp_path)] == [DONE, DONE]
    assert [run.started_by for run in log_of(tmp_path)] == ["schedule", "schedule"]


def test_of_two_loops_at_once_one_runs_and_the_other_waits(tmp_path: Path) -> None:
    with looping(tmp_path, "--every", "1h") as first, looping(tmp_path, "--every", "1h") as second:
        until(lambda: [run.state for run in log_of(tmp_path)] == [DONE])
        time.sleep(1.5)
        told = terminated(first) + terminated(second)
    assert [run.state for run in log_of(tmp_path)] == [DONE], told


def test_a_failed_run_does_not_end_the_loop(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "any.csv").write_text("a;b\n")
    (tmp_path / "company.yml").write_text("freeze_grace_days: soon\n")
    with looping(tmp_path, "--every", "1s") as loop:
        until(lambda: len(log_of(tmp_path)) >= 2, 120)
        told = terminated(loop)
    assert "the loop goes on" in told
    assert log_of(tmp_path)[-1].state == FAILED
    assert "freeze_grace_days" in log_of(tmp_path)[-1].message


def test_a_second_run_is_refused_and_leaves_no_trace(retaguarda: RunCommand, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    with holding(folder, tmp_path / "run.lock", "run"):
        ended = retaguarda("run", "--once", data=tmp_path)
    assert ended.returncode == ExitCode.BUSY
    assert f"process {os.getpid()}" in ended.stderr
    assert log_of(tmp_path) == []
    (tmp_path / "inbox" / "some.csv").write_text("a;b\n")
    with writing(folder, "load"):
        assert retaguarda("run", "--once", data=tmp_path).returncode == ExitCode.BUSY
    assert [run.command for run in runs.listed(Office(tmp_path))] == ["load"]


STEPPING = """
import sys, time
from pathlib import Path
from pipeline import running
from pipeline.progress import Narrator
from pipeline.settings import DataFolder

def long_step(folder, narrator):
    (folder.root / "at_work").touch()
    time.sleep(float(sys.argv[2]))
    (folder.root / "finished").touch()
    return 0

running.STEPS.clear()
running.STEPS.update(first=long_step, second=lambda folder, narrator: (folder.root / "second").touch() or 0)
with running.until_terminated() as is_stopping:
    sys.exit(running.run_once(DataFolder(Path(sys.argv[1])), Narrator(), is_stopping))
"""


@pytest.mark.parametrize(("number", "state"), [(signal.SIGTERM, FAILED), (signal.SIGKILL, KILLED)])
def test_a_step_may_finish_on_sigterm_and_kill_is_logged(tmp_path: Path, number: int, state: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", STEPPING, str(tmp_path), "2"], cwd=PROJECT_ROOT)
    until((tmp_path / "at_work").exists)
    process.send_signal(number)
    code = process.wait(timeout=60)
    (run,) = log_of(tmp_path)
    assert run.state == state
    assert not (tmp_path / "second").exists()
    if number == signal.SIGTERM:
        assert (tmp_path / "finished").exists()
        assert (code, run.exit_code, run.message) == (STOPPED, STOPPED, "Stopped before: second.")


def test_a_step_that_fails_does_not_keep_the_others_from_being_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def breaks(folder: DataFolder, narrator: Narrator) -> int:
        raise ZeroDivisionError("of the test")

    def works(folder: DataFolder, narrator: Narrator) -> int:
        taken.append(folder)
        return ExitCode.REJECTED

    monkeypatch.setattr("pipeline.running.STEPS", {"first": breaks, "second": works})
    assert run_once(DataFolder(tmp_path), QUIET) == ExitCode.FAILED
    assert len(taken) == 1
    (run,) = log_of(tmp_path)
    assert run.state == FAILED
    assert run.message.startswith("first: ZeroDivisionError in tests/pipeline/test_running.py, line ")
    assert next(iter(STEPS)) == "refresh"

"""dbt as a separate process: in this one it would keep the lock on the file that it has built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.progress import Advance
from pipeline.pseudonyms import VARIABLE, pseudonym_key
from pipeline.settings import PROJECT_ROOT, DataFolder

UNIT_TESTS = ("unit_test",)
ALL_TESTS = ("test", "unit_test")


@dataclass(frozen=True)
class DbtRun:
    """How dbt ended: its exit code (0 all well, 1 a node or test failed, 2 it could not run) and its last errors."""

    exit_code: int
    errors: tuple[str, ...]


def building_file(folder: DataFolder) -> Path:
    """Where dbt builds. Always the same name, so that dbt keeps its parsed project from build to build."""
    return folder.builds / "building.duckdb"


def target_folder(folder: DataFolder) -> Path:
    """dbt's own artefacts: the parsed project, compiled SQL, manifest and results."""
    return folder.builds / "target"


def dbt_environment(folder: DataFolder) -> dict[str, str]:
    """The environment that the project's profile reads."""
    return {
        **os.environ,
        VARIABLE: pseudonym_key(folder),
        "RETAGUARDA_BUILD": str(building_file(folder)),
        "RETAGUARDA_RAW": str(folder.raw),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_VERSION_CHECK": "false",
        "PYTHONWARNINGS": "ignore",
    }


def dbt_options(folder: DataFolder) -> list[str]:
    """The options that reading the project and all runs share."""
    return [
        *("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
        *("--target-path", str(target_folder(folder)), "--log-path", str(folder.builds / "logs")),
        # At the level of debugging, writing the log takes longer than the work.
        *("--log-level", "none", "--log-level-file", "info", "--no-use-colors"),
    ]


class Dbt:
    """A running dbt, which has the project in memory: each run of it costs only its nodes."""

    def __init__(self, process: subprocess.Popen[str], folder: DataFolder, as_of: datetime) -> None:
        self._process = process
        self._options = dbt_options(folder)
        self._variables = json.dumps({"as_of": as_of.strftime("%Y-%m-%d %H:%M:%S")})

    def build(self, advance: Advance, select: str | None = None, *, without: Sequence[str] = ()) -> DbtRun:
        """Run `dbt build` (of everything, or of what `select` chooses) and report each node as it ends.

        `without` are kinds of nodes to leave out.
        """
        chosen = ["--select", select] if select else []
        for kind in without:
            chosen += ["--exclude-resource-type", kind]
        return self.run(["build", *self._options, "--", "--vars", self._variables, *chosen], advance)

    def run(self, arguments: Sequence[str], advance: Advance) -> DbtRun:
        """Run one command; only what stands before `--` holds for reading the project too."""
        errors: deque[str] = deque(maxlen=20)
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("dbt was started without pipes")
        try:
            self._process.stdin.write(json.dumps(list(arguments)) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            errors.append("dbt could not be started")
        for line in self._process.stdout:
            told = message_of(line)
            if "ended" in told:
                return DbtRun(int(told["ended"]), tuple(errors))
            if "node" in told:
                advance(str(told["node"]), int(told["index"]), int(told["total"]))
            elif told["error"]:
                errors.append(str(told["error"]))
        return DbtRun(self._process.wait() or 2, tuple(errors))


def message_of(line: str) -> dict[str, Any]:
    """What one line of the other process tells; a line that is not of ours is taken for an error."""
    try:
        content = json.loads(line)
    except json.JSONDecodeError:
        return {"error": line.strip()}
    known = isinstance(content, dict) and (
        {"ended", "error"} & set(content) or {"node", "index", "total"} <= set(content)
    )
    return content if known else {"error": line.strip()}


@contextmanager
def running_dbt(folder: DataFolder, as_of: datetime) -> Iterator[Dbt]:
    """A process that runs dbt on the folder, for as many runs as are wanted; it ends with the block."""
    # The interpreter of this environment runs dbt: a `dbt` on the path may belong to another one.
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.dbt_worker"],
        cwd=PROJECT_ROOT,
        env=dbt_environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        yield Dbt(process, folder, as_of)
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.terminate()
        process.wait()


def run_dbt(
    folder: DataFolder, as_of: datetime, advance: Advance, select: str | None = None, *, without: Sequence[str] = ()
) -> DbtRun:
    """One `dbt build` in a process of its own."""
    with running_dbt(folder, as_of) as dbt:
        return dbt.build(advance, select, without=without)

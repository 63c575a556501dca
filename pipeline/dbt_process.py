"""dbt as a separate process: in this one it would keep the lock on the file that it has built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.progress import Advance
from pipeline.pseudonyms import VARIABLE, pseudonym_key
from pipeline.settings import PROJECT_ROOT, DataFolder

# The interpreter of this environment runs dbt: a `dbt` on the path may belong to another one.
RUN_DBT = "from dbt.cli.main import cli; cli()"
NO_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
FINISHED_EVENTS = (
    "LogModelResult",
    "LogTestResult",
    "LogSeedResult",
    "LogSnapshotResult",
    "LogNodeResult",
    "LogUnitTestResult",
)


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


def dbt_command(folder: DataFolder, as_of: datetime, arguments: list[str]) -> list[str]:
    """The command line of one dbt run."""
    return [
        sys.executable,
        "-c",
        RUN_DBT,
        *arguments,
        *("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
        *("--target-path", str(target_folder(folder)), "--log-path", str(folder.builds / "logs")),
        *("--vars", json.dumps({"as_of": as_of.strftime("%Y-%m-%d %H:%M:%S")})),
        *("--log-format", "json", "--no-use-colors"),
    ]


def run_dbt(
    folder: DataFolder, as_of: datetime, advance: Advance, select: str | None = None, *, tests: bool = True
) -> DbtRun:
    """Run `dbt build` (of everything, or of what `select` chooses) and report each node as it ends."""
    errors: deque[str] = deque(maxlen=20)
    process = subprocess.Popen(
        dbt_command(folder, as_of, ["build", *(("--select", select) if select else ()), *(() if tests else NO_TESTS)]),
        cwd=PROJECT_ROOT,
        env=dbt_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        for line in process.stdout or ():
            follow(line, advance, errors)
        return DbtRun(process.wait(), tuple(errors))
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def follow(line: str, advance: Advance, errors: deque[str]) -> None:
    """Read one line of dbt's log: progress when a node ended, an error when it is one."""
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        if line.strip():
            errors.append(line.strip())
        return
    if event.get("info", {}).get("name") in FINISHED_EVENTS:
        data = event["data"]
        advance(data.get("node_info", {}).get("node_name", ""), int(data.get("index", 0)), int(data.get("total", 0)))
    elif event.get("info", {}).get("level") == "error":
        message = str(event["info"].get("msg", "")).strip()
        if message:
            errors.append(message)

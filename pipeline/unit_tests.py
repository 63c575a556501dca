"""Unit tests of models run once for each state of the SQL, not for each build: they test the code, never the data.

A build remembers that they passed, with the hash of all that they depend on. The next build with the same hash leaves
them out and tells the remembered results; any change of a model, macro, seed or version of dbt or DuckDB runs them
again, and so does a new data folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.dbt_results import DbtResults, TestResult
from pipeline.durable import read_json, write_json
from pipeline.settings import PROJECT_ROOT, DataFolder

SOURCES = ("dbt_project.yml", "profiles.yml", "macros/**/*", "models/**/*", "seeds/**/*")
ENGINES = ("dbt-core", "dbt-duckdb", "duckdb")


def remembered_at(folder: DataFolder) -> Path:
    """Where a data folder keeps the results."""
    return folder.builds / "unit_tests.json"


def code_hash(root: Path = PROJECT_ROOT) -> str:
    """SHA-256 over the files of the dbt project and the versions that run them."""
    digest = hashlib.sha256()
    for name in ENGINES:
        digest.update(f"{name}={version(name)}\0".encode())
    for path in sorted({path for pattern in SOURCES for path in root.glob(pattern) if path.is_file()}):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def known_results(folder: DataFolder, code: str) -> tuple[TestResult, ...]:
    """The results of the unit tests on this very code; none when they have not passed yet."""
    content = read_json(remembered_at(folder))
    if content is None or content.get("code") != code:
        return ()
    return tuple(TestResult(**{**test, "kpis": tuple(test["kpis"])}) for test in content["tests"])


def remember(folder: DataFolder, code: str, results: DbtResults, names: Collection[str]) -> None:
    """Keep the results of the unit tests (called `names`) of a run in which all of them passed."""
    tests: list[dict[str, Any]] = [asdict(test) for test in results.tests if test.test in names]
    if tests and all(test["status"] == "pass" for test in tests):
        write_json(remembered_at(folder), {"code": code, "tests": tests})

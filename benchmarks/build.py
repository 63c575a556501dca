"""Time `dbt run` against the same compiled SQL run bare in DuckDB, on the same raw file, in one call.

Usage: python benchmarks/build.py --raw data/raw.duckdb [--as-of "2026-11-20 23:59:59"]

Prints the seconds of both, of the same `dbt run` on an empty raw file (dbt's fixed part: start, parse, and some 30 ms of
Python a model), and the ratio (dbt − fixed) ÷ bare, which is what dbt costs on top of DuckDB's own work. Each in wall
time and in processor time: on a machine that does other work, only the second can be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.contracts import load_contracts
from ingestion.raw import open_raw

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Spent:
    """Seconds of wall time and of processor time."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.processor:.2f} s of processor)"


def _now(who: int) -> Spent:
    usage = resource.getrusage(who)
    return Spent(time.perf_counter(), usage.ru_utime + usage.ru_stime)


def _since(began: Spent, who: int) -> Spent:
    ended = _now(who)
    return Spent(ended.wall - began.wall, ended.processor - began.processor)


def run_dbt(command: list[str], folder: Path, raw: Path, as_of: str | None) -> Spent:
    """Run one dbt command in its own process; return what it took."""
    environment = os.environ | {
        "RETAGUARDA_RAW": str(raw.resolve()),
        "RETAGUARDA_BUILD": str(folder / "dbt.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    variables = ["--vars", json.dumps({"as_of": as_of})] if as_of else []
    began = _now(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--quiet",
            *command,
            *variables,
            "--project-dir",
            str(ROOT),
            "--profiles-dir",
            str(ROOT),
            "--target-path",
            str(folder / "target"),
            "--log-path",
            str(folder / "logs"),
        ],
        env=environment,
        cwd=ROOT,
        check=True,
    )
    return _since(began, resource.RUSAGE_CHILDREN)


def ordered_models(manifest: dict) -> list[dict]:
    """Models in an order in which every parent comes first."""
    models = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    ordered: list[dict] = []
    done: set[str] = set()
    while len(done) < len(models):
        ready = [
            name
            for name, node in models.items()
            if name not in done and all(parent in done for parent in node["depends_on"]["nodes"] if parent in models)
        ]
        for name in ready:
            done.add(name)
            ordered.append(models[name])
    return ordered


def run_bare(folder: Path, raw: Path) -> Spent:
    """Run the compiled SQL of every model in a fresh file that holds the seeds already; return what it took."""
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    # The settings of profiles.yml: what is compared is dbt, not DuckDB with other settings.
    settings: dict[str, Any] = {
        "memory_limit": os.environ.get("RETAGUARDA_MEMORY", "4GB"),
        "preserve_insertion_order": "false",
    }
    connection = duckdb.connect(str(folder / "bare.duckdb"), config=settings)
    connection.execute(f"attach '{raw}' as raw (read_only)")
    connection.execute(f"attach '{folder / 'dbt.duckdb'}' as dbt (read_only)")
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed":
            connection.execute(f'create schema if not exists "{node["schema"]}"')
            name = f'"{node["schema"]}"."{node["alias"]}"'
            connection.execute(f"create table {name} as select * from dbt.{name}")
    connection.execute("detach dbt")
    wall = processor = 0.0
    for node in ordered_models(manifest):
        if node["config"]["materialized"] == "ephemeral":
            continue
        compiled = (
            (ROOT / node["compiled_path"])
            if not Path(node["compiled_path"]).is_absolute()
            else Path(node["compiled_path"])
        )
        sql = compiled.read_text(encoding="utf-8").replace('"dbt".', "").replace("dbt.", "")
        connection.execute(f'create schema if not exists "{node["schema"]}"')
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        began = _now(resource.RUSAGE_SELF)
        connection.execute(f'create {kind} "{node["schema"]}"."{node["alias"]}" as {sql}')
        spent = _since(began, resource.RUSAGE_SELF)
        wall, processor = wall + spent.wall, processor + spent.processor
    connection.close()
    return Spent(wall, processor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--as-of", default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_dbt(["seed"], folder, arguments.raw, arguments.as_of)
        empty = folder / "empty.duckdb"
        open_raw(empty, load_contracts(ROOT)).close()
        run_dbt(["run"], folder, empty, arguments.as_of)  # leaves the parsed project behind for the two that count
        fixed = run_dbt(["run"], folder, empty, arguments.as_of)
        through_dbt = run_dbt(["run"], folder, arguments.raw, arguments.as_of)
        bare = run_bare(folder, arguments.raw)
    print(f"dbt run {through_dbt}, dbt run on an empty raw {fixed}, bare DuckDB {bare}")
    ratio = (through_dbt.wall - fixed.wall) / bare.wall
    of_processor = (through_dbt.processor - fixed.processor) / bare.processor
    print(f"ratio (dbt run - empty) / bare: {ratio:.2f} of wall time, {of_processor:.2f} of processor time")


if __name__ == "__main__":
    main()

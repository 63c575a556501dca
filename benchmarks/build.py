"""Time `dbt run` against the same compiled SQL run bare in DuckDB, on the same raw file, in one call.

Usage: python benchmarks/build.py --raw data/raw.duckdb [--as-of "2026-11-20 23:59:59"]

Prints the seconds of both, of the same `dbt run` on an empty raw file (dbt's fixed part: start, parse, and some 30 ms of
Python a model), and the ratio (dbt − fixed) ÷ bare, which is what dbt costs on top of DuckDB's own work.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from ingestion.contracts import load_contracts
from ingestion.raw import open_raw

ROOT = Path(__file__).parents[1]


def run_dbt(command: list[str], folder: Path, raw: Path, as_of: str | None) -> float:
    """Run one dbt command in its own process; return seconds of wall time."""
    environment = os.environ | {
        "RETAGUARDA_RAW": str(raw.resolve()),
        "RETAGUARDA_BUILD": str(folder / "dbt.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    variables = ["--vars", json.dumps({"as_of": as_of})] if as_of else []
    started = time.perf_counter()
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
    return time.perf_counter() - started


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


def run_bare(folder: Path, raw: Path) -> float:
    """Run the compiled SQL of every model in a fresh file that holds the seeds already; return seconds."""
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    # The settings of profiles.yml: what is compared is dbt, not DuckDB with other settings.
    settings = {"memory_limit": os.environ.get("RETAGUARDA_MEMORY", "4GB"), "preserve_insertion_order": "false"}
    connection = duckdb.connect(str(folder / "bare.duckdb"), config=settings)
    connection.execute(f"attach '{raw}' as raw (read_only)")
    connection.execute(f"attach '{folder / 'dbt.duckdb'}' as dbt (read_only)")
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed":
            connection.execute(f'create schema if not exists "{node["schema"]}"')
            name = f'"{node["schema"]}"."{node["alias"]}"'
            connection.execute(f"create table {name} as select * from dbt.{name}")
    connection.execute("detach dbt")
    seconds = 0.0
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
        started = time.perf_counter()
        connection.execute(f'create {kind} "{node["schema"]}"."{node["alias"]}" as {sql}')
        seconds += time.perf_counter() - started
    connection.close()
    return seconds


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
    print(f"dbt run {through_dbt:.2f} s, dbt run on an empty raw {fixed:.2f} s, bare DuckDB {bare:.2f} s")
    print(f"ratio (dbt run - empty) / bare: {(through_dbt - fixed) / bare:.2f}")


if __name__ == "__main__":
    main()

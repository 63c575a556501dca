"""Raw into a new file: staging, marts and metrics by dbt, with every test. Nothing published is touched."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kpis.catalogue import load_catalogue
from pipeline.bound_key_results import FIRST_MODEL, measure_key_results
from pipeline.company_targets import company_targets
from pipeline.dbt_process import ALL_TESTS, UNIT_TESTS, Dbt, building_file, running_dbt, target_folder
from pipeline.dbt_results import DbtResults, first_lines, kpis_affected, read_dbt_results
from pipeline.durable import read_json, write_json
from pipeline.failures import ExitCode, Failure
from pipeline.lineage import Lineage, read_lineage
from pipeline.lineage_graph import LineageGraph, read_graph
from pipeline.loading import knowledge_of, open_for_writing
from pipeline.moments import local_day, now, stamp
from pipeline.progress import Narrator
from pipeline.pseudonyms import pseudonym_key
from pipeline.run_log import note
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.unit_tests import code_hash, known_results, remember


@dataclass(frozen=True)
class Build:
    """One finished build: where it lies, what it knows, and what its tests said."""

    path: Path
    as_of: datetime
    started_at: datetime
    finished_at: datetime
    results: DbtResults
    lineage: tuple[Lineage, ...] = ()
    graph: LineageGraph = field(default_factory=LineageGraph)

    def save(self) -> None:
        """Write the description beside the file: `publish` may run in another process."""
        write_json(
            self.path.with_suffix(".json"),
            {
                "as_of": self.as_of.isoformat(),
                "started_at": self.started_at.isoformat(),
                "finished_at": self.finished_at.isoformat(),
                "results": self.results.as_dict(),
                "lineage": [asdict(one) for one in self.lineage],
                "graph": self.graph.as_dict(),
            },
        )

    @classmethod
    def read(cls, path: Path) -> Build | None:
        """The build at a path; None when its description is missing."""
        content = read_json(path.with_suffix(".json"))
        if content is None:
            return None
        return cls(
            path=path,
            as_of=datetime.fromisoformat(content["as_of"]),
            started_at=datetime.fromisoformat(content["started_at"]),
            finished_at=datetime.fromisoformat(content["finished_at"]),
            results=DbtResults.from_dict(content["results"]),
            lineage=tuple(Lineage.from_dict(one) for one in content.get("lineage", ())),
            graph=LineageGraph.from_dict(content.get("graph", {})),
        )


def waiting_build(folder: DataFolder) -> Build | None:
    """The latest build that passed and has not been published yet."""
    found = sorted(folder.builds.glob("build_*.duckdb"), reverse=True)
    return next((build for build in map(Build.read, found) if build is not None), None)


def default_as_of(folder: DataFolder) -> datetime:
    """Now; or the latest moment of knowledge in raw, should that lie later. Brings raw up to today's contracts."""
    connection = open_for_writing(folder)
    try:
        return max(filter(None, (now(), knowledge_of(connection))))
    finally:
        connection.close()


def build(
    folder: DataFolder,
    narrator: Narrator,
    *,
    as_of: datetime | None = None,
    tests: bool = True,
) -> Build:
    """Build a new file from what raw knew at `as_of` (naive UTC). The caller holds the folder's lock.

    Without `tests` none is run: for a build of the past that is not published.
    Raises Failure with NOT_PUBLISHED when dbt could not run, a model failed, or a test of severity error failed;
    why is then also in serving/last_build.json.
    """
    folder.prepare()
    if not folder.raw.exists():
        raise Failure(f"{folder.raw} does not exist: nothing has been loaded.", "Run `retaguarda load PATH`.")
    # Said before the work, not after it.
    company_targets(folder, load_catalogue(PROJECT_ROOT))
    latest = default_as_of(folder)
    moment = as_of or latest
    started_at = now()
    clear_away(folder)
    code = code_hash()
    unit_tests = known_results(folder, code) if tests else ()
    without = ALL_TESTS if not tests else UNIT_TESTS if unit_tests else ()
    with running_dbt(folder, moment) as dbt:
        with narrator.bar("Building and testing") as advance:
            run = dbt.build(advance, without=without)
        results = completed_results(folder, run.exit_code, run.errors, started_at)
        # Of the whole run: a run of some nodes compiles only those.
        manifest = read_manifest(folder)
        if unit_tests:
            results = replace(results, tests=(*results.tests, *unit_tests))
        elif tests:
            remember(folder, code, results, {test["name"] for test in manifest["unit_tests"].values()})
        results = with_bound_key_results(folder, moment, started_at, results, manifest, narrator, dbt, tests=tests)
    for test in results.warned_tests:
        narrator.warn(f"  ! {test.test}: {test.message}")
    path = folder.builds / f"build_{stamp(started_at)}.duckdb"
    lineage = read_lineage(manifest, moment, pseudonym_key(folder))
    finished = Build(path, moment, started_at, now(), results, lineage, read_graph(manifest))
    finished.save()
    building_file(folder).replace(path)
    if tests:  # a build of the past is part of freezing
        note(
            "built",
            as_of=moment.isoformat(),
            nodes=results.count_nodes,
            tests=len(results.tests),
            warned_tests=len(results.warned_tests),
        )
    narrator.say(
        f"Built as of {moment:%Y-%m-%d %H:%M} UTC: {results.count_nodes} nodes, "
        f"{len(results.tests)} tests, {len(results.warned_tests)} with warnings."
    )
    return finished


def with_bound_key_results(
    folder: DataFolder,
    as_of: datetime,
    started_at: datetime,
    results: DbtResults,
    manifest: dict[str, Any],
    narrator: Narrator,
    dbt: Dbt,
    *,
    tests: bool = True,
) -> DbtResults:
    """Build what is made from key results once more, where KPIs measure some; the results of both runs."""
    start = [name for name in manifest["nodes"] if name.endswith(f".{FIRST_MODEL}")]
    catalogue = load_catalogue(PROJECT_ROOT)
    made_from_them = kpis_affected(start, manifest)
    if not measure_key_results(building_file(folder), catalogue, made_from_them, local_day(as_of), narrator):
        return results
    (target_folder(folder) / "run_results.json").unlink()
    with narrator.bar("Key results from their KPIs") as advance:
        run = dbt.build(advance, f"{FIRST_MODEL}+", without=UNIT_TESTS if tests else ALL_TESTS)
    return results.replaced_by(completed_results(folder, run.exit_code, run.errors, started_at))


def read_manifest(folder: DataFolder) -> dict[str, Any]:
    """dbt's manifest of the last run: models, compiled SQL, lineage."""
    return json.loads((target_folder(folder) / "manifest.json").read_text(encoding="utf-8"))


def completed_results(folder: DataFolder, exit_code: int, errors: tuple[str, ...], started_at: datetime) -> DbtResults:
    """The results of a build that may be published; otherwise records why not and raises Failure."""
    target = target_folder(folder)
    results = read_dbt_results(target) if (target / "run_results.json").exists() else None
    if exit_code == 0 and results is not None and not results.failed_tests and not results.failed_nodes:
        return results
    problems = [f"{test.test}: {test.message}" for test in results.failed_tests] if results else []
    problems += (
        results.failed_nodes if results else [first_lines(error) for error in errors[-3:]] or ("dbt could not start",)
    )
    kind = "A test failed" if results and results.failed_tests and not results.failed_nodes else "The build failed"
    reason = f"{kind}: " + "; ".join(problems[:3]) + (f" (and {len(problems) - 3} more)" if len(problems) > 3 else "")
    record_failure(folder, started_at, reason, results)
    locked = any("lock on file" in problem for problem in problems)
    raise Failure(
        reason,
        "Close the program that has the database open and try again."
        if locked
        else f"The version published before stays live. Details: {folder.builds / 'logs' / 'dbt.log'}",
        ExitCode.NOT_PUBLISHED,
    )


def record_failure(folder: DataFolder, started_at: datetime, reason: str, results: DbtResults | None) -> None:
    """Say in last_build.json why the published version is not newer."""
    failed: list[dict[str, Any]] = [
        {"test": test.test, "model": test.model, "message": test.message, "kpis": list(test.kpis)}
        for test in (results.failed_tests if results else ())
    ]
    record = {
        "state": "failed",
        "started_at": started_at.isoformat(),
        "finished_at": now().isoformat(),
        "reason": reason,
        "failed_tests": failed,
    }
    write_json(folder.last_build, record)


def clear_away(folder: DataFolder) -> None:
    """Remove what earlier builds left: unpublished files and the last results, but never the parsed project."""
    leftovers = [*folder.builds.glob("build*.duckdb*"), *folder.builds.glob("build_*.json")]
    for path in (*leftovers, target_folder(folder) / "run_results.json"):
        path.unlink(missing_ok=True)

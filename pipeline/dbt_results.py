"""What dbt did: tests by severity with the KPIs that they concern, and the columns of what it built."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.error_words import without_values
from pipeline.lineage_graph import personal_class

PASSING = ("pass", "success")
NOT_RUN = ("skipped", "no-op")


@dataclass(frozen=True)
class TestResult:
    """One data or unit test. `status`: pass, warn, fail, error or skipped."""

    __test__ = False

    test: str
    severity: str
    status: str
    failures: int | None
    model: str
    message: str
    kpis: tuple[str, ...]

    @property
    def blocks(self) -> bool:
        """Whether this result keeps a build from being published."""
        return self.status in ("fail", "error")


@dataclass(frozen=True)
class Column:
    """One column of a mart or metric, as its YAML describes it."""

    schema: str
    model: str
    column: str
    type: str
    description: str
    personal: str = "none"


@dataclass(frozen=True)
class DbtResults:
    """The result of `dbt build`: tests, columns, and the nodes that failed to build."""

    tests: tuple[TestResult, ...]
    columns: tuple[Column, ...]
    failed_nodes: tuple[str, ...]
    count_nodes: int
    warn_after_days: dict[str, float]

    @property
    def failed_tests(self) -> tuple[TestResult, ...]:
        """The tests that keep this build from being published."""
        return tuple(result for result in self.tests if result.blocks)

    @property
    def warned_tests(self) -> tuple[TestResult, ...]:
        """The tests that found something, but let the build pass."""
        return tuple(result for result in self.tests if result.status == "warn")

    def replaced_by(self, later: DbtResults) -> DbtResults:
        """These results with those of a later run of some of the nodes in their place."""
        again = {test.test for test in later.tests}
        kept = tuple(test for test in self.tests if test.test not in again)
        return replace(self, tests=(*kept, *later.tests), failed_nodes=later.failed_nodes)

    def summary(self) -> dict[str, Any]:
        """How many nodes and tests, and the tests that warned."""
        return {
            "nodes": self.count_nodes,
            "tests": len(self.tests),
            "warnings": [{"test": test.test, "message": test.message} for test in self.warned_tests],
        }

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> DbtResults:
        """The reverse of `as_dict`."""
        return cls(
            tests=tuple(TestResult(**{**test, "kpis": tuple(test["kpis"])}) for test in content["tests"]),
            columns=tuple(Column(**column) for column in content["columns"]),
            failed_nodes=tuple(content["failed_nodes"]),
            count_nodes=content["count_nodes"],
            warn_after_days=content["warn_after_days"],
        )


def read_dbt_results(target: Path) -> DbtResults:
    """Read `run_results.json` and `manifest.json` of one dbt target folder."""
    run = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return interpret(run, manifest)


def interpret(run: dict[str, Any], manifest: dict[str, Any]) -> DbtResults:
    """Join results with the manifest. A test concerns the models that it reads and every KPI made from them."""
    nodes = {**manifest["nodes"], **manifest.get("unit_tests", {})}
    tests: list[TestResult] = []
    failed: list[str] = []
    for result in run["results"]:
        node = nodes.get(result["unique_id"], {})
        kind = node.get("resource_type", result["unique_id"].split(".")[0])
        status = "pass" if result["status"] in PASSING else result["status"]
        if kind in ("test", "unit_test"):
            tests.append(describe_test(result, node, kind, status, manifest))
        elif status not in ("pass", *NOT_RUN, "warn"):
            failed.append(f"{node.get('name', result['unique_id'])}: {first_lines(result.get('message') or status)}")
    return DbtResults(
        tests=tuple(tests),
        columns=tuple(describe_columns(manifest)),
        failed_nodes=tuple(failed),
        count_nodes=len(run["results"]),
        warn_after_days=dict(freshness_limits(manifest)),
    )


def describe_test(
    result: dict[str, Any], node: dict[str, Any], kind: str, status: str, manifest: dict[str, Any]
) -> TestResult:
    """One test result, with the KPIs downstream of what it tests."""
    config = node.get("config", {})
    severity = "error" if kind == "unit_test" else str(config.get("severity", "error")).lower()
    parents = [name for name in node.get("depends_on", {}).get("nodes", []) if not name.startswith("macro.")]
    attached = node.get("attached_node") or ""
    model = attached or next(iter(parents), "")
    return TestResult(
        test=node.get("name", result["unique_id"]),
        severity=severity,
        status="skipped" if status in NOT_RUN else status,
        failures=result.get("failures"),
        model=model.split(".")[-1] if model else str(node.get("model", "")),
        message=first_lines(result.get("message") or node.get("description") or ""),
        kpis=kpis_affected([attached] if attached else parents, manifest),
    )


def kpis_affected(starts: list[str], manifest: dict[str, Any]) -> tuple[str, ...]:
    """Names of the KPIs whose models are among the nodes or made from them, directly or through others."""
    children: dict[str, list[str]] = manifest.get("child_map", {})
    seen = set(starts)
    queue = deque(starts)
    while queue:
        for child in children.get(queue.popleft(), []):
            if child not in seen:
                seen.add(child)
                queue.append(child)
    models = (name.split(".")[-1] for name in seen if name.startswith("model."))
    return tuple(sorted(model.removeprefix("kpi_") for model in models if model.startswith("kpi_")))


def describe_columns(manifest: dict[str, Any]) -> list[Column]:
    """Every documented column of the schemas that are published."""
    return [
        Column(
            schema=node["schema"],
            model=node["name"],
            column=column["name"],
            type=column.get("data_type") or "",
            description=column.get("description") or "",
            personal=personal_class(unique_id, column["name"], manifest),
        )
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed") and node["schema"] in ("marts", "metrics")
        for column in node["columns"].values()
    ]


def freshness_limits(manifest: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """`source.table` and the days after which its data counts as stale, where its contract says so."""
    days = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0}
    for source in manifest["sources"].values():
        limit = (source.get("freshness") or {}).get("warn_after") or {}
        if limit.get("count"):
            yield f"{source['source_name']}.{source['name']}", limit["count"] * days[limit["period"]]


def first_lines(message: str, count: int = 4) -> str:
    """The beginning of a message of dbt, without empty lines and without values of rows: it is kept and published."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return without_values(" ".join(lines[:count]))

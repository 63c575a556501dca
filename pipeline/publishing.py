"""A tested build into the published file: values, signals and metadata added, then put in place in one step."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import duckdb

from ingestion.contracts import load_contracts
from kpis.catalogue import load_catalogue
from pipeline.building import Build, record_failure, waiting_build
from pipeline.company_targets import company_targets
from pipeline.durable import read_json, write_json
from pipeline.error_words import words_of
from pipeline.failures import ExitCode, Failure
from pipeline.freezing import freeze_if_due
from pipeline.moments import local_day, now, stamp
from pipeline.progress import Narrator
from pipeline.published_annotations import write_annotations
from pipeline.published_answers import write_answers
from pipeline.published_comments import write_comments
from pipeline.published_definitions import definition_hashes, definitions_of, write_catalogue, write_definitions
from pipeline.published_files import prune, published_before, put_in_place
from pipeline.published_kpis import write_kpis
from pipeline.published_lineage import write_lineage
from pipeline.published_metadata import write_metadata
from pipeline.published_runs import write_runs
from pipeline.run_log import note
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.snapshot_publishing import write_snapshots

BUSINESS_UNITS = "select business_unit from marts.dim_business_units"
PUBLISHED_SCHEMAS = ("marts", "metrics", "kpi", "meta")
# DuckDB's own schemas cannot be dropped; nothing of ours is in them.
BUILT_IN_SCHEMAS = ("main", "information_schema", "pg_catalog")


@dataclass(frozen=True)
class Publication:
    """What was published: the file, the moment it knows, and how much is in it."""

    publication_id: str
    file: str
    as_of: datetime
    published_at: datetime
    values: int
    tests: int
    warnings: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def publish(
    folder: DataFolder, narrator: Narrator, *, company_label: str | None = None, freezes: bool = False
) -> Publication:
    """Publish the latest build. The caller holds the folder's lock. `freezes` its last complete week, if that is due.

    Raises Failure with NOT_PUBLISHED when the last build failed or this one cannot be completed: the version
    published before then stays live.
    """
    build = waiting_build(folder)
    last = read_json(folder.last_build)
    if build is None:
        if last and last["state"] == "failed":
            raise Failure(
                f"There is nothing to publish. {last['reason']}", "Mend it and build again.", ExitCode.NOT_PUBLISHED
            )
        raise Failure("There is no build to publish.", "Run `retaguarda build` first.")
    try:
        return publish_build(folder, build, narrator, company_label or company_of(folder), freezes=freezes)
    except Failure as failure:
        record_failure(folder, build.started_at, failure.message, build.results)
        raise
    except Exception as error:
        narrator.complain(f"{type(error).__name__}: {error}")
        reason = f"Publishing failed: {words_of(error)}"
        record_failure(folder, build.started_at, reason, build.results)
        raise Failure(reason, "The version published before stays live.", ExitCode.NOT_PUBLISHED) from error


def publish_build(
    folder: DataFolder, build: Build, narrator: Narrator, company_label: str, *, freezes: bool = False
) -> Publication:
    """Complete one build and make it the published file."""
    published_at = now()
    publication_id = f"{stamp(published_at)}-{uuid.uuid4().hex[:8]}"
    contracts = load_contracts(PROJECT_ROOT)
    catalogue = load_catalogue(PROJECT_ROOT)
    connection = duckdb.connect(str(build.path))
    try:
        # Materialised results come back in the order of writing: no need to keep it twice in memory.
        connection.execute("set preserve_insertion_order = true")
        attach_raw(connection, folder)
        units = [unit for (unit,) in connection.execute(BUSINESS_UNITS).fetchall()]
        targets = company_targets(folder, catalogue, units)
        hashes = definition_hashes(catalogue, build.lineage)
        with narrator.bar("Publishing") as advance:
            values = write_kpis(connection, catalogue, build.as_of, targets, hashes, advance)
        write_catalogue(connection, catalogue, PROJECT_ROOT, build.as_of, targets, build.lineage, hashes)
        before = definitions_of(published_before(folder))
        changed = write_definitions(connection, catalogue, build.as_of, build.lineage, hashes, before)
        write_annotations(connection, folder.root)
        write_runs(connection, folder.root)
        write_metadata(
            connection,
            build,
            contracts,
            publication_id=publication_id,
            published_at=published_at,
            company_label=company_label,
        )
        write_answers(connection, local_day(build.as_of), units)
        write_lineage(connection, build.graph, contracts)
        if freezes:
            freeze_if_due(connection, folder, narrator)
        write_snapshots(connection, folder, contracts, build.as_of, narrator)
        connection.execute("detach raw")
        keep_published_schemas(connection)
        write_comments(connection, PROJECT_ROOT)
        connection.execute("checkpoint")
    finally:
        connection.close()
    published = put_in_place(folder, build.path, f"retaguarda_{publication_id}.duckdb")
    build.path.with_suffix(".json").unlink(missing_ok=True)
    tests = build.results
    publication = Publication(
        publication_id, published.name, build.as_of, published_at, values, len(tests.tests), len(tests.warned_tests)
    )
    record = {
        "state": "published",
        "started_at": build.started_at.isoformat(),
        "finished_at": now().isoformat(),
        "reason": "",
        "failed_tests": [],
        "publication_id": publication_id,
        "file": published.name,
    }
    write_json(folder.last_build, record)
    prune(folder)
    note("published", publication_id=publication_id, file=published.name, values=values)
    if changed:
        narrator.say(f"Definitions that changed since the last publication: {', '.join(changed)}.")
    narrator.say(f"Published {published.name}: {values:,} values of {len(catalogue)} KPIs.")
    return publication


def attach_raw(connection: duckdb.DuckDBPyConnection, folder: DataFolder) -> None:
    """Attach raw read-only, under the name that the metadata queries use."""
    quoted = str(folder.raw).replace("'", "''")
    try:
        connection.execute(f"attach '{quoted}' as raw (read_only)")
    except duckdb.IOException as error:
        raise Failure(
            f"{folder.raw} is open in another program.", "Close it and publish again.", ExitCode.NOT_PUBLISHED
        ) from error


def keep_published_schemas(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop every other schema: staging holds what analysts should not see, and its views name the attached raw."""
    rows = connection.execute(
        "select schema_name from duckdb_schemas() where database_name = current_database() and not internal"
    ).fetchall()
    for (schema,) in rows:
        if schema not in (*PUBLISHED_SCHEMAS, *BUILT_IN_SCHEMAS):
            connection.execute(f'drop schema "{schema}" cascade')
    views = connection.execute(
        "select schema_name || '.' || view_name from duckdb_views() "
        "where database_name = current_database() and not internal"
    ).fetchall()
    if views:
        listed = ", ".join(view for (view,) in views)
        raise Failure(
            f"These are views, which would not work in the published file: {listed}.",
            "Materialise them as tables.",
            ExitCode.NOT_PUBLISHED,
        )


def company_of(folder: DataFolder) -> str:
    """The company's name from company.yml in the data folder; empty when there is none."""
    from pipeline.company import read_company

    company = read_company(folder.root / "company.yml")
    return company.label if company else ""

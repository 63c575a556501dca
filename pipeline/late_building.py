"""A build of the past, made only to freeze a missed week: of its own folder, never published.

Models and seeds are built as of the week's date; tests are not run. Today's build has tested the same SQL on the same
rows, and an error that has been mended since must not keep what was known then from being kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from ingestion.contracts import load_contracts
from kpis.catalogue import load_catalogue
from pipeline.building import build
from pipeline.company_targets import company_targets
from pipeline.moments import now, stamp
from pipeline.progress import Narrator
from pipeline.published_definitions import definition_hashes, write_catalogue
from pipeline.published_kpis import write_kpis
from pipeline.published_metadata import write_metadata
from pipeline.publishing import BUSINESS_UNITS, attach_raw, company_of
from pipeline.settings import PROJECT_ROOT, DataFolder


class LateFolder(DataFolder):
    """A company's data folder whose builds lie apart: `publish` must never find one, nor `last_build.json` tell it."""

    @property
    def builds(self) -> Path:
        """Builds of the past."""
        return self.root / "builds" / "late"

    @property
    def last_build(self) -> Path:
        """How the last build of the past ended."""
        return self.builds / "last_build.json"


@contextmanager
def late_build(folder: DataFolder, as_of: datetime, narrator: Narrator) -> Iterator[duckdb.DuckDBPyConnection]:
    """An open build as of a moment of the past, complete as a publication is, with raw attached; deleted afterwards."""
    late = LateFolder(folder.root)
    late.prepare()
    keep_parsed_project(folder, late)
    built = build(late, narrator, as_of=as_of, tests=False)
    connection = duckdb.connect(str(built.path))
    try:
        attach_raw(connection, folder)
        catalogue = load_catalogue(PROJECT_ROOT)
        units = [unit for (unit,) in connection.execute(BUSINESS_UNITS).fetchall()]
        targets = company_targets(folder, catalogue, units)
        hashes = definition_hashes(catalogue, built.lineage)
        with narrator.bar("Values of the week") as advance:
            write_kpis(connection, catalogue, as_of, targets, hashes, advance)
        write_catalogue(connection, catalogue, PROJECT_ROOT, as_of, targets, built.lineage, hashes)
        write_metadata(
            connection,
            built,
            load_contracts(PROJECT_ROOT),
            publication_id=f"late-{stamp(as_of)}",
            published_at=now(),
            company_label=company_of(folder),
        )
        yield connection
    finally:
        connection.close()
        built.path.unlink(missing_ok=True)
        built.path.with_suffix(".json").unlink(missing_ok=True)


def keep_parsed_project(folder: DataFolder, late: LateFolder) -> None:
    """Let dbt begin with what it parsed for the builds of today."""
    parsed = folder.builds / "target" / "partial_parse.msgpack"
    target = late.builds / "target"
    if parsed.exists() and not (target / parsed.name).exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parsed, target / parsed.name)

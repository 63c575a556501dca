"""Schema `kpi` of the published file: the catalogue, the dated targets, and every version of every definition."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from kpis.targets import with_targets
from pipeline.lineage import Lineage
from pipeline.moments import local_day
from pipeline.published_tables import write_table

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

LANGUAGES = {"en": "en", "pt_BR": "pt_br"}
LISTS = ("dimensions", "records_columns", "traps_en", "traps_pt_br", "models", "seeds", "sources")
NUMBERS = ("target_value", "target_tolerance", "bound_low", "bound_high")
TEXTS = ("restricted_en", "restricted_pt_br")
OVERRIDES = {
    **dict.fromkeys(LISTS, pl.List(pl.String)),
    **dict.fromkeys(NUMBERS, pl.Float64),
    **dict.fromkeys(TEXTS, pl.String),
}
DEFINITIONS = {
    "kpi": pl.String,
    "definition_hash": pl.String,
    "valid_from": pl.Datetime("us"),
    "sql": pl.String,
    "entry": pl.String,
}
"""A row per version of a KPI's definition: from which as-of on it has been published, its SQL and entry (JSON)."""


def definition_hashes(catalogue: Mapping[str, Kpi], lineage: Sequence[Lineage]) -> dict[str, str]:
    """Each KPI's version: SHA-256 of its catalogue entry and of the compiled SQL of all models that it is made from."""
    compiled = {one.model: one.definition_hash for one in lineage}
    return {
        name: hashlib.sha256(f"{kpi.entry}\n{compiled.get(kpi.model, kpi.content_hash)}".encode()).hexdigest()
        for name, kpi in catalogue.items()
    }


def write_catalogue(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Mapping[str, Kpi],
    root: Path,
    as_of: datetime,
    targets: pl.DataFrame,
    lineage: Sequence[Lineage],
    hashes: Mapping[str, str],
) -> None:
    """Fill kpi.catalogue (a KPI a row, in both languages, with SQL and lineage) and kpi.targets."""
    in_force = pl.DataFrame(
        {"kpi": list(catalogue), "dimension": "total", "member": "total", "period_end": local_day(as_of)}
    )
    current = with_targets(in_force, targets, local_day(as_of)).select("kpi", "target", "target_tolerance")
    promised = {kpi: (value, tolerance) for kpi, value, tolerance in current.iter_rows()}
    made_from = {one.model: one for one in lineage}
    records = [
        {
            **_record(kpi, root),
            "target_value": promised[name][0],
            "target_tolerance": promised[name][1],
            **_lineage_record(made_from.get(kpi.model)),
            "definition_hash": hashes[name],
            "position": position,
        }
        for position, (name, kpi) in enumerate(catalogue.items())
    ]
    write_table(
        connection, "kpi.catalogue", pl.DataFrame(records, schema_overrides=OVERRIDES, infer_schema_length=None)
    )
    write_table(connection, "kpi.targets", targets.sort("kpi", "business_unit", "valid_from"))


def write_definitions(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Mapping[str, Kpi],
    as_of: datetime,
    lineage: Sequence[Lineage],
    hashes: Mapping[str, str],
    before: pl.DataFrame,
) -> list[str]:
    """Fill kpi.definitions: the versions published `before`, and those that are new; returns the KPIs that changed.

    A KPI that has never been published has not changed. The history goes from publication to publication, so that
    nothing is lost when old files are pruned.
    """
    compiled = {one.model: one.sql for one in lineage}
    current = pl.DataFrame(
        [
            {
                "kpi": name,
                "definition_hash": hashes[name],
                "valid_from": as_of,
                "sql": compiled.get(kpi.model, ""),
                "entry": kpi.entry,
            }
            for name, kpi in catalogue.items()
        ],
        schema=DEFINITIONS,
    )
    latest = (
        before.filter(pl.col("valid_from") <= as_of).sort("valid_from").group_by("kpi").agg(pl.last("definition_hash"))
    )
    fresh = current.join(latest, on=["kpi", "definition_hash"], how="anti")
    changed = fresh.join(latest, on="kpi", how="semi")["kpi"].to_list()
    # Published twice at the same as-of: the later one says what holds.
    kept = before.join(fresh.filter(pl.col("valid_from") == as_of), on=["kpi", "valid_from"], how="anti")
    write_table(connection, "kpi.definitions", pl.concat([kept, fresh]).sort("kpi", "valid_from"))
    return changed


def definitions_of(path: Path | None) -> pl.DataFrame:
    """The versions in a published file; none without a file, or in a file of an older release."""
    if path is None:
        return pl.DataFrame(schema=DEFINITIONS)
    connection = duckdb.connect(str(path), read_only=True)
    try:
        found = connection.execute(
            "select count(*) from duckdb_tables() where schema_name = 'kpi' and table_name = 'definitions'"
        ).fetchall()
        if not found[0][0]:
            return pl.DataFrame(schema=DEFINITIONS)
        frame = connection.sql("select kpi, definition_hash, valid_from, sql, entry from kpi.definitions").pl()
        return frame.cast(DEFINITIONS)  # type: ignore[arg-type]
    finally:
        connection.close()


def _record(kpi: Kpi, root: Path) -> dict[str, object]:
    words = {
        f"{name}_{suffix}": getattr(kpi, name).get(language, "")
        for name in ("label", "definition", "formula", "eligibility", "event_date", "owner")
        for language, suffix in LANGUAGES.items()
    }
    words |= {f"restricted_{suffix}": kpi.restricted.get(language) for language, suffix in LANGUAGES.items()}
    traps = {f"traps_{suffix}": list(kpi.traps.get(language, ())) for language, suffix in LANGUAGES.items()}
    records = kpi.records
    return {
        **{
            name: getattr(kpi, name)
            for name in (
                "name", "area", "kind", "clock", "measure", "window", "points", "unit", "decimals", "better",
                "minimum_n", "headline", "signals",
            )
        },
        "bound_low": kpi.bounds[0],
        "bound_high": kpi.bounds[1],
        **words,
        "authority": kpi.authority,
        "dimensions": list(kpi.dimensions),
        "records_model": records.model if records else None,
        "records_date_column": records.date_column if records else None,
        "records_where": records.where if records else None,
        "records_value_column": records.value_column if records else None,
        "records_columns": list(records.columns) if records else [],
        **traps,
        "sql": (root / kpi.path).with_name(f"{kpi.model}.sql").read_text(encoding="utf-8"),
    }  # fmt: skip


def _lineage_record(lineage: Lineage | None) -> dict[str, object]:
    if lineage is None:
        return {"compiled_sql": None, "models": [], "seeds": [], "sources": []}
    return {
        "compiled_sql": lineage.sql,
        "models": list(lineage.models),
        "seeds": list(lineage.seeds),
        "sources": list(lineage.sources),
    }

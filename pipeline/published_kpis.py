"""Schema `kpi` of the published file: values, signals, life tables and the catalogue. All arithmetic is in `kpis`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from kpis.behaviour import behaviour
from kpis.durations import LIFE_TABLE_COLUMNS, life_table
from kpis.periods import previous
from kpis.roll_up import roll_up_all
from pipeline.progress import Advance
from pipeline.published_metadata import write_table

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

SIGNAL_GRAINS = ("week", "month")
LIFE_TABLE_GRAINS = ("month", "quarter")
LIFE_TABLE_PERIODS = 13
LANGUAGES = {"en": "en", "pt_BR": "pt_br"}
CATALOGUE_LISTS = ("dimensions", "records_columns", "traps_en", "traps_pt_br")
CATALOGUE_NUMBERS = ("target_value", "target_tolerance", "bound_low", "bound_high")
CATALOGUE_OVERRIDES = {
    **dict.fromkeys(CATALOGUE_LISTS, pl.List(pl.String)),
    **dict.fromkeys(CATALOGUE_NUMBERS, pl.Float64),
}


def components_of(connection: duckdb.DuckDBPyConnection, kpi: Kpi) -> pl.DataFrame:
    """The additive components of one KPI, as its model built them."""
    return connection.cursor().sql(f'select * from metrics."{kpi.model}"').pl()  # noqa: S608 (a checked model name)


def write_kpis(
    connection: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Kpi], as_of: date, advance: Advance
) -> int:
    """Fill kpi_values, kpi_signals and life_tables; returns the number of values."""
    connection.execute("create schema if not exists kpi")
    values: list[pl.DataFrame] = []
    signals: list[pl.DataFrame] = []
    tables: list[pl.DataFrame] = []
    for done, kpi in enumerate(catalogue.values()):
        advance(kpi.name, done, len(catalogue))
        components = components_of(connection, kpi)
        of_kpi = roll_up_all(components, kpi, as_of)
        values.append(of_kpi)
        signals.append(behaviour(of_kpi.filter(pl.col("grain").is_in(SIGNAL_GRAINS)), kpi))
        if kpi.kind == "duration":
            tables.append(life_tables_of(components, kpi, as_of))
    all_values = pl.concat(values)
    write_table(connection, "kpi.kpi_values", all_values)
    write_table(connection, "kpi.kpi_signals", pl.concat(signals))
    write_table(connection, "kpi.life_tables", pl.concat(tables) if tables else pl.DataFrame(schema=LIFE_TABLE_COLUMNS))
    return all_values.height


def life_tables_of(components: pl.DataFrame, kpi: Kpi, as_of: date) -> pl.DataFrame:
    """Life tables of the last periods, in total and by business unit."""
    return pl.concat(
        life_table(components, kpi, grain, dimension, as_of, since=previous(as_of, grain, LIFE_TABLE_PERIODS - 1))
        for grain in LIFE_TABLE_GRAINS
        for dimension in (None, "business_unit")
    )


def write_catalogue(connection: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Kpi], root: Path) -> None:
    """Fill kpi.catalogue: every definition in both languages, with the SQL of its model."""
    records = [catalogue_record(kpi, position, root) for position, kpi in enumerate(catalogue.values())]
    write_table(
        connection,
        "kpi.catalogue",
        pl.DataFrame(records, schema_overrides=CATALOGUE_OVERRIDES, infer_schema_length=None),
    )


def catalogue_record(kpi: Kpi, position: int, root: Path) -> dict[str, object]:
    """One row of kpi.catalogue."""
    words = {
        f"{name}_{suffix}": getattr(kpi, name).get(language, "")
        for name in ("label", "definition", "formula", "eligibility", "event_date", "owner")
        for language, suffix in LANGUAGES.items()
    }
    traps = {f"traps_{suffix}": list(kpi.traps.get(language, ())) for language, suffix in LANGUAGES.items()}
    records = kpi.records
    return {
        "name": kpi.name,
        "area": kpi.area,
        "kind": kpi.kind,
        "clock": kpi.clock,
        "measure": kpi.measure,
        "unit": kpi.unit,
        "decimals": kpi.decimals,
        "better": kpi.better,
        "minimum_n": kpi.minimum_n,
        "headline": kpi.headline,
        "target_value": kpi.target.value if kpi.target else None,
        "target_tolerance": kpi.target.tolerance if kpi.target else None,
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
        "sql": model_source(kpi, root),
        "definition_hash": kpi.content_hash,
        "position": position,
    }


def model_source(kpi: Kpi, root: Path) -> str:
    """The SQL of a KPI's model, as it is written beside its entry."""
    return (root / kpi.path).with_name(f"{kpi.model}.sql").read_text(encoding="utf-8")

"""Schema `kpi` of the published file: values, signals and life tables. All arithmetic is in `kpis`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from kpis.behaviour import behaviour
from kpis.durations import LIFE_TABLE_COLUMNS, life_table
from kpis.periods import previous
from kpis.roll_up import roll_up_all
from kpis.targets import with_targets
from pipeline.moments import last_day_over, local_day
from pipeline.progress import Advance
from pipeline.published_tables import write_table

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

LIFE_TABLE_GRAINS = ("month", "quarter")
LIFE_TABLE_PERIODS = 14  # the running one, the one before it and the same a year before


def components_of(connection: duckdb.DuckDBPyConnection, kpi: Kpi) -> pl.DataFrame:
    """The additive components of one KPI, as its model built them."""
    return connection.cursor().sql(f'select * from metrics."{kpi.model}"').pl()  # noqa: S608 (a checked model name)


def write_kpis(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Mapping[str, Kpi],
    as_of: datetime,
    targets: pl.DataFrame,
    hashes: Mapping[str, str],
    advance: Advance,
) -> int:
    """Fill kpi_values, kpi_signals and life_tables with what was known at `as_of`; returns the number of values.

    `targets` are the dated ones of the company, `hashes` each KPI's version, which travels with every value. One KPI's
    components are in memory at a time.
    """
    connection.execute("create schema if not exists kpi")
    day, is_day_over = local_day(as_of), last_day_over(as_of) == local_day(as_of)
    values: list[pl.DataFrame] = []
    signals: list[pl.DataFrame] = []
    tables: list[pl.DataFrame] = []
    for done, kpi in enumerate(catalogue.values()):
        advance(kpi.name, done, len(catalogue))
        components = components_of(connection, kpi)
        of_kpi = with_targets(roll_up_all(components, kpi, day, is_day_over=is_day_over), targets, day)
        values.append(of_kpi.with_columns(definition_hash=pl.lit(hashes[kpi.name])))
        signals.append(behaviour(of_kpi, kpi))
        if kpi.kind == "duration":
            tables.append(life_tables_of(components, kpi, day))
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

"""What is frozen of a week, read from a complete publication: values, definitions, records and sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import duckdb
import polars as pl

from dashboard.queries.alerts import IS_BEHIND
from ingestion.contracts import Contract
from pipeline.snapshot_records import RECORDS, RecordFinder
from pipeline.snapshot_weeks import Week

VALUES = """
select
    reported.*,
    signals.centre, signals.lower_limit, signals.upper_limit, signals.moving_range, signals.range_limit,
    signals.is_trial, signals.rule, signals.direction, signals.assurance, signals.weeks_in_signal
from kpi.kpi_values as reported
left join kpi.kpi_signals as signals using (kpi, grain, period_start, dimension, member)
where reported.period_end between $first and $last
order by kpi, grain, dimension, member
"""
BEHIND = f"select source || '.' || table_name from meta.source_freshness where {IS_BEHIND} order by 1"  # noqa: S608 (a text of ours)


def stale_sources(connection: duckdb.DuckDBPyConnection, week: Week) -> list[str]:
    """The sources that do not yet reach the end of a week."""
    return [name for (name,) in connection.execute(BEHIND, {"over_at": week.over_at}).fetchall()]


def tables_of_week(
    connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract], week: Week, as_of: datetime
) -> dict[str, pl.DataFrame]:
    """The tables of a week, from an open publication or build to which raw is attached as `raw`."""
    values = connection.sql(VALUES, params={"first": week.start, "last": week.end}).pl()
    catalogue = connection.sql("select * from kpi.catalogue order by position").pl()
    hashes = [data_hash(connection, name, week) for name in catalogue["name"]]
    return {
        "values": values,
        "catalogue": catalogue.with_columns(data_hash=pl.Series(hashes, dtype=pl.String)),
        "records": records_of_week(connection, contracts, week, as_of, values, catalogue),
        "sources": connection.sql("select * from meta.source_freshness order by source, table_name").pl(),
    }


def records_of_week(
    connection: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    week: Week,
    as_of: datetime,
    values: pl.DataFrame,
    catalogue: pl.DataFrame,
) -> pl.DataFrame:
    """The records of every KPI, of the longest period that ends in the week."""
    first = min([week.start, *values["period_start"].to_list()])
    finder = RecordFinder(connection, contracts, as_of)
    frames = [finder.records(kpi, first, week.end) for kpi in catalogue.iter_rows(named=True)]
    return pl.concat([pl.DataFrame(schema=RECORDS), *frames]).sort("kpi", "source", "date", "row_key", "part")


def data_hash(connection: duckdb.DuckDBPyConnection, kpi: str, week: Week) -> str:
    """SHA-256 of a KPI's components up to the end of a week, whatever their order."""
    query = f"""
        select coalesce(sha256(string_agg(row_hash, '' order by row_hash)), '')
        from (
            select sha256(cast(component as varchar)) as row_hash
            from metrics."kpi_{kpi}" as component
            where date_day <= $last
        )
    """  # noqa: S608 (a checked KPI)
    return str(connection.execute(query, {"last": week.end}).fetchall()[0][0])


def facts_of_publication(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What a manifest says of the publication that a week was frozen from."""
    row = connection.execute(
        """
        select
            publication_id, as_of, company_label,
            (select max(knowledge_at) from meta.files where state in ('loaded', 'unchanged')) as known_until
        from meta.publication
        """
    ).fetchall()[0]
    return dict(zip(("publication_id", "as_of", "company", "known_until"), row, strict=True))

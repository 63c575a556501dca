"""Schema `meta` of the published file: files, quarantine, tests, freshness, columns and the publication itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from ingestion.load import UNFORESEEN
from ingestion.parsing import LONGEST_VALUE_SHOWN
from pipeline.building import Build
from pipeline.moments import local_day
from pipeline.published_tables import write_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingestion.contracts import Contract

# Only what was known at the build's as-of: a file loaded later is not in these numbers.
# Where a refusal quotes the beginning of a file, which without headers is a row, or an error that quotes a value.
QUOTING = rf"(\b(?:Its first line is:|It begins with) |{UNFORESEEN} \(\w+: ).*"
COPY_FILES = """
create or replace table meta.files as
select
    files.* exclude (file_path) replace (
        case
            when files.state in ('rejected', 'held') then regexp_replace(files.message, $quoting, '\\1…', 's')
            else files.message
        end as message
    ),
    tables.* exclude (file_id)
from raw.load.files as files
left join raw.load.tables as tables on tables.file_id = files.file_id
where files.knowledge_at <= $as_of
order by files.file_id
"""
COPY_QUARANTINE = """
create or replace table meta.quarantine as
select
    files.file_name,
    files.loaded_at,
    quarantine.* exclude (raw_line, layout_line, row_key, resolved_by, is_personal) replace (
        case when is_personal then '…' else quarantine.value end as value,
        case
            when is_personal and quarantine.value <> ''
                then replace(replace(quarantine.reason, quarantine.value, '…'), left(quarantine.value, $shown) || '…', '…')
            else quarantine.reason
        end as reason
    ),
    resolving.file_id is not null as is_resolved,
    resolving.file_name as resolved_by_file
from (
    -- A row whose key comes twice names all columns of the key.
    select
        *,
        coalesce(
            list_has_any(
                $personal,
                list_transform(
                    string_split(column_name, ', '), lambda name: source || '.' || table_name || '.' || name
                )
            ),
            false
        ) as is_personal
    from raw.load.quarantine
) as quarantine
inner join raw.load.files as files on files.file_id = quarantine.file_id
left join raw.load.files as resolving
    on resolving.file_id = quarantine.resolved_by and resolving.knowledge_at <= $as_of
where files.knowledge_at <= $as_of
order by quarantine.file_id, quarantine.line
"""
LAST_LOADS = """
select tables.source || '.' || tables.table_name as contract, max(files.knowledge_at) as last_loaded_at
from raw.load.tables as tables
inner join raw.load.files as files on files.file_id = tables.file_id
where files.state in ('loaded', 'unchanged') and files.knowledge_at <= $as_of
group by 1
"""
TEST_SCHEMA = {
    "test": pl.String,
    "severity": pl.String,
    "status": pl.String,
    "failures": pl.Int64,
    "model": pl.String,
    "message": pl.String,
    "kpis": pl.List(pl.String),
}
COLUMN_SCHEMA: dict[str, type[pl.DataType]] = dict.fromkeys(
    ("schema", "model", "column", "type", "description", "personal"), pl.String
)
FRESHNESS_SCHEMA = {
    "source": pl.String,
    "table_name": pl.String,
    "label_en": pl.String,
    "label_pt_br": pl.String,
    "last_loaded_at": pl.Datetime("us"),
    "days_since": pl.Float64,
    "warn_after_days": pl.Float64,
    "state": pl.String,
    "rows": pl.Int64,
    "kpis": pl.List(pl.String),
}


def write_metadata(
    connection: duckdb.DuckDBPyConnection,
    build: Build,
    contracts: Mapping[str, Contract],
    *,
    publication_id: str,
    published_at: datetime,
    company_label: str,
) -> None:
    """Fill schema `meta` of an open build, to which raw is attached as `raw`."""
    connection.execute("create schema if not exists meta")
    connection.execute(COPY_FILES, {"as_of": build.as_of, "quoting": QUOTING})
    # The line as it stood may hold anybody's name or tax number: it stays in raw, with the value of personal columns.
    personal = [
        f"{name}.{column.name}"
        for name, contract in contracts.items()
        for column in contract.columns
        if column.personal != "none"
    ]
    connection.execute(COPY_QUARANTINE, {"as_of": build.as_of, "personal": personal, "shown": LONGEST_VALUE_SHOWN})
    tests = [
        {
            "test": test.test,
            "severity": test.severity,
            "status": test.status,
            "failures": test.failures,
            "model": test.model,
            "message": test.message,
            "kpis": list(test.kpis),
        }
        for test in build.results.tests
    ]
    write_table(connection, "meta.test_results", pl.DataFrame(tests, schema=TEST_SCHEMA))
    columns = [vars(column) for column in build.results.columns]
    write_table(connection, "meta.columns", pl.DataFrame(columns, schema=COLUMN_SCHEMA))
    write_table(connection, "meta.source_freshness", source_freshness(connection, build, contracts))
    write_publication(connection, build, publication_id, published_at, company_label)


def source_freshness(
    connection: duckdb.DuckDBPyConnection, build: Build, contracts: Mapping[str, Contract]
) -> pl.DataFrame:
    """One row a contract: when it was last loaded before the build's as-of, whether that is too long ago, its KPIs."""
    last = dict(connection.execute(LAST_LOADS, {"as_of": build.as_of}).fetchall())
    dependants: dict[str, list[str]] = {}
    for lineage in build.lineage:
        for source in lineage.sources:
            dependants.setdefault(source, []).append(lineage.model.removeprefix("kpi_"))
    records = []
    for name, contract in sorted(contracts.items()):
        rows = connection.execute(
            f"select count(*) from raw.{contract.source}.{contract.table} "  # noqa: S608 (names of a checked contract)
            "where _valid_from <= $as_of and (_valid_to is null or _valid_to > $as_of)",
            {"as_of": build.as_of},
        ).fetchall()[0][0]
        loaded_at = last.get(name)
        days = (build.as_of - loaded_at).total_seconds() / 86_400 if loaded_at else None
        limit = build.results.warn_after_days.get(name)
        stale = days is not None and limit is not None and days > limit
        records.append(
            {
                "source": contract.source,
                "table_name": contract.table,
                "label_en": contract.label.get("en", contract.table),
                "label_pt_br": contract.label.get("pt_BR", contract.table),
                "last_loaded_at": loaded_at,
                "days_since": days,
                "warn_after_days": limit,
                "state": "never" if days is None else "stale" if stale else "fresh",
                "rows": rows,
                "kpis": sorted(dependants.get(name, ())),
            }
        )
    return pl.DataFrame(records, schema=FRESHNESS_SCHEMA)


def write_publication(
    connection: duckdb.DuckDBPyConnection,
    build: Build,
    publication_id: str,
    published_at: datetime,
    company_label: str,
) -> None:
    """The one row that identifies this published file."""
    connection.execute(
        """
        create or replace table meta.publication as
        select
            cast($publication_id as varchar) as publication_id,
            cast($as_of as timestamp) as as_of,
            cast($as_of_date as date) as as_of_date,
            cast($published_at as timestamp) as published_at,
            cast($data_until as date) as data_until,
            (select count(distinct file_id) from meta.files where state in ('loaded', 'unchanged')) as files,
            cast($passed as bigint) as tests_passed,
            cast($warned as bigint) as tests_warned,
            cast($company_label as varchar) as company_label
        """,
        {
            "publication_id": publication_id,
            "as_of": build.as_of,
            "as_of_date": local_day(build.as_of),
            "published_at": published_at,
            "data_until": data_until(connection, build),
            "passed": sum(test.status == "pass" for test in build.results.tests),
            "warned": len(build.results.warned_tests),
            "company_label": company_label,
        },
    )


def data_until(connection: duckdb.DuckDBPyConnection, build: Build) -> object:
    """The last local day on which something was known to be loaded: how far the data reach."""
    row = connection.execute(
        "select max(knowledge_at) from meta.files where state in ('loaded', 'unchanged')"
    ).fetchone()
    return local_day(row[0]) if row and row[0] else local_day(build.as_of)

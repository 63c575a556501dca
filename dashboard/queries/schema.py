"""Tables and columns of the published file: for the schema browser, completion and the lineage of a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from dashboard.published import Publication

# What the editor begins with: one table, one KPI.
EXAMPLE = """select period_start, member, value, low, high, n, state
from kpi.kpi_values
where kpi = 'days_to_pay' and grain = 'month' and dimension = 'business_unit'
order by period_start desc, member
limit 100"""


@dataclass(frozen=True)
class Lineage:
    """Where a table comes from and what is made from it. Empty where the publication does not say."""

    sources: tuple[str, ...]
    models: tuple[str, ...]
    kpis: tuple[str, ...]


@lru_cache(maxsize=4)
def columns(publication: Publication) -> pl.DataFrame:
    """One row a column of every table, in reading order: schema, table, column, type, description."""
    return publication.fetch(
        """
        select c.table_schema as schema_name, c.table_name, c.column_name, c.data_type as type,
            coalesce(m.description, '') as description
        from information_schema.columns as c
        left join meta.columns as m
            on m."schema" = c.table_schema and m.model = c.table_name and m."column" = c.column_name
        where c.table_schema in ('marts', 'metrics', 'kpi', 'meta')
        order by list_position(['marts', 'metrics', 'kpi', 'meta'], c.table_schema), c.table_name, c.ordinal_position
        """
    )


@lru_cache(maxsize=4)
def completion(publication: Publication) -> dict[str, list[list[str]]]:
    """Table → [column, type], as the editor takes it."""
    found: dict[str, list[list[str]]] = {}
    for schema, table, column, kind, _description in columns(publication).iter_rows():
        found.setdefault(f"{schema}.{table}", []).append([column, kind.lower()])
    return found


def has_table(publication: Publication, schema: str, name: str) -> bool:
    """Whether the publication has a table: older ones lack what came later."""
    sql = "select 1 from information_schema.tables where table_schema = ? and table_name = ?"
    return publication.fetch(sql, (schema, name)).height > 0


def first_rows(table: str) -> str:
    """A statement to begin with: the first rows of a table of ours (`schema.table`)."""
    return f"select * from {table} limit 100"


@lru_cache(maxsize=64)
def lineage(publication: Publication, table: str) -> Lineage:
    """The lineage of `schema.table`: what a KPI's table is made from, and the KPIs made from a mart."""
    schema, name = table.split(".", 1)
    if schema == "metrics":
        rows = publication.fetch(
            "select sources, models, [name] as kpis from kpi.catalogue where name = ?", (name.removeprefix("kpi_"),)
        )
        return Lineage(*(tuple(value or ()) for value in rows.row(0))) if rows.height else Lineage((), (), ())
    rows = publication.fetch("select name from kpi.catalogue where list_contains(models, ?) order by position", (name,))
    return Lineage((), (), tuple(rows["name"]))


@lru_cache(maxsize=256)
def description(publication: Publication, table: str) -> str:
    """What `schema.table` holds, as the published file says; empty where it does not."""
    schema, name = table.split(".", 1)
    sql = "select comment from duckdb_tables() where schema_name = ? and table_name = ? and comment is not null"
    return "".join(publication.fetch(sql, (schema, name))["comment"])

"""The dictionary: every table and column of the published file and of the exports, with what is said of them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import polars as pl

from dashboard.published import Publication

# Of a publication of an older release, which tells neither exports nor how personal a column is.
OLDER = 'select null as contract, null as "column", null as type, null as personal, [] as headers_pt_br, [] as headers_en, null as description where false'


def folded(text: str) -> str:
    """Text as it is searched: lower case, without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _has(publication: Publication, table: str, column: str) -> bool:
    known = (
        "select 1 from information_schema.columns where table_schema = 'meta' and table_name = ? and column_name = ?"
    )
    return not publication.fetch(known, (table, column)).is_empty()


@lru_cache(maxsize=4)
def columns(publication: Publication) -> pl.DataFrame:
    """One row a column: table_name (`marts.fct_payables`, of an export `erp.payables`), column_name, type, personal
    (none, personal, restricted; empty where nothing says), description, headers (of exports), and `searched`, the folded text.
    """
    exports = "select * from meta.export_columns" if _has(publication, "export_columns", "personal") else OLDER
    personal = "m.personal" if _has(publication, "columns", "personal") else "cast(null as varchar)"
    frame = publication.fetch(
        f"""
        with published as (
            select c.table_schema || '.' || c.table_name as table_name, c.column_name, lower(c.data_type) as type,
                coalesce({personal}, '') as personal, coalesce(m.description, '') as description, '' as headers,
                list_position(['marts', 'metrics', 'kpi', 'meta'], c.table_schema) as part, c.ordinal_position as place
            from information_schema.columns as c
            left join meta.columns as m
                on m."schema" = c.table_schema and m.model = c.table_name and m."column" = c.column_name
            where c.table_schema in ('marts', 'metrics', 'kpi', 'meta')
        ),
        exported as (
            select contract as table_name, "column" as column_name, type, personal, description,
                array_to_string(headers_pt_br || headers_en, ' · ') as headers,
                5 as part, row_number() over () as place
            from ({exports})
        )
        select table_name, column_name, type, personal, headers, description
        from (select * from published union all select * from exported)
        order by part, table_name, place
        """
    )
    text = pl.concat_str("table_name", "column_name", "description", "headers", separator=" ")
    return frame.with_columns(text.map_elements(folded, return_dtype=pl.String).alias("searched"))


@lru_cache(maxsize=4)
def tables(publication: Publication) -> dict[str, str]:
    """Every table and export with what it holds, in the order of `columns`; empty text where nothing says."""
    names = columns(publication)["table_name"].unique(maintain_order=True).to_list()
    comments = publication.fetch(
        "select schema_name || '.' || table_name, comment from duckdb_tables() where comment is not null"
    )
    told = dict(comments.iter_rows())
    if _has(publication, "lineage_nodes", "name"):
        told |= {
            {"mart": f"marts.{name}", "kpi": f"metrics.{name}"}.get(kind, name): description
            for name, kind, description in publication.fetch(
                "select name, kind, description from meta.lineage_nodes where kind in ('mart', 'kpi', 'export')"
            ).iter_rows()
            if description
        }
    return {name: str(told.get(name, "")) for name in names}


def found(publication: Publication, wanted: str, table: str = "") -> pl.DataFrame:
    """The columns whose table, name, description or header holds every word of `wanted`; of one table where one is named.

    Columns that are called so come before those of which it is only said.
    """
    frame = columns(publication)
    if table:
        frame = frame.filter(pl.col("table_name") == table)
    words = folded(wanted).split()
    for word in words:
        frame = frame.filter(pl.col("searched").str.contains(word, literal=True))
    if words:
        is_called = pl.col("column_name").str.contains(words[0], literal=True)
        frame = frame.sort(is_called, descending=True, maintain_order=True)
    return frame.drop("searched")


def tables_found(publication: Publication, wanted: str) -> list[str]:
    """The tables whose name or description holds every word of `wanted`."""
    words = folded(wanted).split()
    return [
        name
        for name, text in tables(publication).items()
        if words and all(word in folded(f"{name} {text}") for word in words)
    ]

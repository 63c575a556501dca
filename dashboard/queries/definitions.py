"""Definitions of the KPIs and of the business units, as published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from dashboard.published import Publication
from kpis.definition import AREAS

COLUMN_SUFFIX = {"pt_BR": "pt_br", "en": "en"}


@dataclass(frozen=True)
class Definition:
    """A KPI's entry in the catalogue, in one language. `target` of a percent is a fraction."""

    name: str
    area: str
    kind: str
    clock: str | None
    measure: str | None
    window: str | None
    unit: str
    decimals: int
    better: str
    minimum_n: int
    headline: bool
    target: float | None
    owner: str
    label: str
    definition: str
    formula: str
    eligibility: str
    event_date: str
    authority: str
    restricted: str  # why not everybody may see it; empty where everybody may
    dimensions: tuple[str, ...]
    records_model: str | None
    records_date_column: str | None
    records_where: str | None
    records_value_column: str | None
    records_columns: tuple[str, ...]
    traps: tuple[str, ...]
    sql: str
    definition_hash: str


@lru_cache(maxsize=8)
def definitions(publication: Publication, language: str) -> dict[str, Definition]:
    """All KPIs by name, area by area, in the catalogue's order, with their words in `language`."""
    return from_catalogue(publication.fetch("select * from kpi.catalogue order by position").to_dicts(), language)


def from_catalogue(rows: Sequence[Mapping[str, Any]], language: str) -> dict[str, Definition]:
    """Definitions from rows of a catalogue, the published one or that of a frozen week."""
    suffix = COLUMN_SUFFIX[language]
    rows = sorted(rows, key=lambda row: AREAS.index(row["area"]))
    words = ("owner", "label", "definition", "formula", "eligibility", "event_date")
    return {
        row["name"]: Definition(
            **{
                key: row[key]
                for key in ("name", "area", "kind", "clock", "measure", "unit", "better", "definition_hash")
            },
            window=row.get("window"),
            decimals=int(row["decimals"] or 0),
            minimum_n=int(row["minimum_n"] or 0),
            headline=bool(row["headline"]),
            target=None if row["target_value"] is None else float(row["target_value"]),
            **{word: row[f"{word}_{suffix}"] or "" for word in words},
            authority=row["authority"] or "",
            # A week that was frozen before there was such a mark has none.
            restricted=row.get(f"restricted_{suffix}") or "",
            dimensions=tuple(row["dimensions"] or ()),
            records_model=row["records_model"],
            records_date_column=row["records_date_column"],
            records_where=row["records_where"],
            records_value_column=row["records_value_column"],
            records_columns=tuple(row["records_columns"] or ()),
            traps=tuple(row[f"traps_{suffix}"] or ()),
            sql=row["sql"] or "",
        )
        for row in rows
    }


@lru_cache(maxsize=256)
def definition_changes(publication: Publication, kpi: str) -> list[datetime]:
    """The as-of instants (UTC) from which on a KPI was published with another definition than before."""
    sql = """
        select valid_from from (
            select valid_from, row_number() over (order by valid_from) as version from kpi.definitions where kpi = ?
        )
        where version > 1
        order by valid_from
    """
    return publication.fetch(sql, (kpi,))["valid_from"].to_list()


@lru_cache(maxsize=4)
def business_units(publication: Publication) -> dict[str, str]:
    """Code → label of the business units that have values; named ones first, by label."""
    sql = """
        select business_unit, label from marts.dim_business_units
        where business_unit in (select member from kpi.kpi_values where dimension = 'business_unit')
        order by is_named desc, label
    """
    return dict(publication.fetch(sql).iter_rows())


@lru_cache(maxsize=32)
def member_labels(publication: Publication, dimension: str) -> dict[str, str]:
    """Code → name of the members of a dimension that the marts describe; empty for the others, which are words."""
    if dimension == "business_unit":
        return business_units(publication)
    if dimension == "objective":
        return dict(publication.fetch("select objective, min(title) from marts.fct_objectives group by 1").iter_rows())
    if dimension == "project":
        return dict(publication.fetch("select project, min(name) from marts.fct_projects group by 1").iter_rows())
    return {}

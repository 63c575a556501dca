"""The KPI library as published: every word of every definition, dated targets, and the versions with what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import unified_diff
from functools import lru_cache
from typing import Any

from dashboard.published import Publication

SEARCHED = (
    "name", "label_en", "label_pt_br", "definition_en", "definition_pt_br", "formula_en", "formula_pt_br", "owner_en",
    "owner_pt_br", "eligibility_en", "eligibility_pt_br", "authority", "kind",
)  # fmt: skip
CONTEXT = 2  # lines around a change


@dataclass(frozen=True)
class Origin:
    """What a KPI is made from, and how its components are computed, as written and as compiled."""

    sources: tuple[str, ...]
    seeds: tuple[str, ...]
    models: tuple[str, ...]
    compiled_sql: str


@dataclass(frozen=True)
class Target:
    """A dated target; no unit means all, no end that it still holds."""

    business_unit: str
    valid_from: date | None
    valid_to: date | None
    value: float
    tolerance: float | None
    source: str


@dataclass(frozen=True)
class Version:
    """A definition as it held from an as-of instant (UTC) on."""

    definition_hash: str
    valid_from: datetime
    sql: str
    entry: str


@lru_cache(maxsize=4)
def texts(publication: Publication) -> dict[str, str]:
    """KPI → all words that a search goes through, in both languages, with its sources."""
    rows = publication.fetch("select * from kpi.catalogue order by position").to_dicts()
    return {
        row["name"]: "\n".join([*(str(row[name] or "") for name in SEARCHED), *(row["sources"] or ())]) for row in rows
    }


@lru_cache(maxsize=128)
def origin(publication: Publication, kpi: str) -> Origin:
    """Sources, seeds, models and compiled SQL of a KPI. Raises KeyError for an unknown one."""
    rows = publication.fetch(
        "select sources, seeds, models, compiled_sql from kpi.catalogue where name = ?", (kpi,)
    ).rows()
    if not rows:
        raise KeyError(kpi)
    sources, seeds, models, compiled = rows[0]
    return Origin(tuple(sources or ()), tuple(seeds or ()), tuple(models or ()), compiled or "")


@lru_cache(maxsize=128)
def targets(publication: Publication, kpi: str) -> list[Target]:
    """The dated targets of a KPI, those of all units first."""
    sql = """
        select business_unit, valid_from, valid_to, value, tolerance, source from kpi.targets
        where kpi = ? order by business_unit, valid_from nulls first
    """
    return [Target(*row) for row in publication.fetch(sql, (kpi,)).iter_rows()]


@lru_cache(maxsize=4)
def since(publication: Publication) -> dict[str, tuple[datetime, int]]:
    """KPI → since when its definition holds (UTC), and how many versions there have been."""
    sql = "select kpi, max(valid_from), count(*) from kpi.definitions group by kpi"
    return {kpi: (moment, count) for kpi, moment, count in publication.fetch(sql).iter_rows()}


@lru_cache(maxsize=128)
def versions(publication: Publication, kpi: str) -> list[Version]:
    """Every version of a definition, the latest first."""
    sql = "select definition_hash, valid_from, sql, entry from kpi.definitions where kpi = ? order by valid_from desc"
    return [Version(*row) for row in publication.fetch(sql, (kpi,)).iter_rows()]


def difference(before: Version, after: Version) -> str:
    """What changed from one version to the next, as a diff of the entry's lines and of the SQL; empty where neither did.

    Both may be the same although the version is not: then SQL further up, of a model that the KPI is made from, changed.
    """
    parts = [
        *_diff(_lines(before.entry), _lines(after.entry), "entry"),
        *_diff(before.sql.splitlines(), after.sql.splitlines(), "sql"),
    ]
    return "\n".join(parts)


def _diff(before: list[str], after: list[str], name: str) -> list[str]:
    return list(unified_diff(before, after, name, name, n=CONTEXT, lineterm=""))


def _lines(entry: str) -> list[str]:
    """An entry (JSON) as one line a fact: `label.en: Days to pay`."""
    return list(_facts("", json.loads(entry)))


def _facts(path: str, value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [line for key in sorted(value) for line in _facts(f"{path}.{key}" if path else str(key), value[key])]
    if isinstance(value, list) and any(len(str(one)) > 40 for one in value):
        return [line for place, one in enumerate(value, start=1) for line in _facts(f"{path}.{place}", one)]
    return [f"{path}: {json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value}"]

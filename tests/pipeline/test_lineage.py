"""The version of a definition follows what it means, and nothing that merely differs from build to build."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from kpis.catalogue import Kpi, load_catalogue
from pipeline.lineage import Lineage, read_lineage
from pipeline.moments import local_moment
from pipeline.published_definitions import DEFINITIONS, definition_hashes, definitions_of, write_definitions
from pipeline.settings import PROJECT_ROOT

AS_OF = datetime(2026, 11, 21, 2, 59, 59)


def manifest(as_of: datetime, key: str, *, day_limit: int = 30, staging: str = "upper(name)") -> dict[str, Any]:
    """As dbt writes it: two KPIs, of which one is made from a mart, staging, a seed and a source."""
    local = local_moment(as_of)
    full_day = local if local.hour == 23 else local - timedelta(days=1)
    code = {
        "stg_erp__payables": f"select {staging}, md5('{key}' || name) as masked from raw.erp.payables "
        f"where _valid_from <= cast('{as_of:%Y-%m-%d %H:%M:%S}' as timestamp)",
        "fct_payables": f'select * from "building"."staging"."stg" where day <= cast(\'{local:%Y-%m-%d}\' as date)',
        "kpi_paid_late": f"select count(*) as numerator from x where days > {day_limit}",
        "kpi_nps": f"select 1 from x where answered < cast('{full_day:%Y-%m-%d}' as date)",
    }
    parents = {
        "model.retaguarda.kpi_paid_late": ["model.retaguarda.fct_payables", "seed.retaguarda.banking_holidays"],
        "model.retaguarda.fct_payables": ["model.retaguarda.stg_erp__payables"],
        "model.retaguarda.stg_erp__payables": ["source.retaguarda.erp.payables"],
        "model.retaguarda.kpi_nps": [],
    }
    nodes = {
        f"model.retaguarda.{name}": {
            "resource_type": "model",
            "name": name,
            "database": "building",
            "compiled_code": text,
        }
        for name, text in code.items()
    }
    return {"nodes": nodes, "parent_map": parents}


def lineage_of(model: str, content: dict[str, Any], as_of: datetime = AS_OF, key: str = "k1") -> Lineage:
    return {one.model: one for one in read_lineage(content, as_of, key)}[model]


def test_lineage_goes_up_to_the_exports() -> None:
    found = lineage_of("kpi_paid_late", manifest(AS_OF, "k1"))
    assert found.models == ("stg_erp__payables", "fct_payables")
    assert (found.seeds, found.sources) == (("banking_holidays",), ("erp.payables",))
    assert Lineage.from_dict(asdict(found)) == found


def test_another_day_or_key_is_the_same_definition() -> None:
    first = lineage_of("kpi_paid_late", manifest(AS_OF, "k1"))
    later = datetime(2026, 12, 1, 1, 0, 0)
    assert lineage_of("kpi_paid_late", manifest(later, "k2"), later, "k2") == first
    assert lineage_of("kpi_nps", manifest(later, "k2"), later, "k2") == lineage_of("kpi_nps", manifest(AS_OF, "k1"))


def test_a_change_anywhere_above_is_another_definition_of_that_kpi_only() -> None:
    before = {model: lineage_of(model, manifest(AS_OF, "k1")) for model in ("kpi_paid_late", "kpi_nps")}
    for changed in (manifest(AS_OF, "k1", day_limit=31), manifest(AS_OF, "k1", staging="lower(name)")):
        assert lineage_of("kpi_paid_late", changed).definition_hash != before["kpi_paid_late"].definition_hash
        assert lineage_of("kpi_nps", changed) == before["kpi_nps"]


def test_the_words_belong_to_the_definition() -> None:
    kpi = load_catalogue(PROJECT_ROOT)["paid_late"]
    lineage = read_lineage(manifest(AS_OF, "k1"), AS_OF, "k1")
    first = definition_hashes({"paid_late": kpi}, lineage)
    assert definition_hashes({"paid_late": replace(kpi, entry=kpi.entry + " ")}, lineage) != first


def published(
    catalogue: dict[str, Kpi], day_limit: int, as_of: datetime, before: pl.DataFrame, path: Path
) -> list[str]:
    lineage = read_lineage(manifest(as_of, "k1", day_limit=day_limit), as_of, "k1")
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema kpi")
        return write_definitions(connection, catalogue, as_of, lineage, definition_hashes(catalogue, lineage), before)


def test_versions_are_kept_from_publication_to_publication(tmp_path: Path) -> None:
    catalogue = {name: load_catalogue(PROJECT_ROOT)[name] for name in ("nps", "paid_late")}
    moments = [datetime(2026, 11, day) for day in (1, 8, 15, 22)]
    files = [tmp_path / f"{number}.duckdb" for number in range(4)]
    assert definitions_of(None).schema == DEFINITIONS
    told = []
    before = definitions_of(None)
    for moment, path, limit in zip(moments, files, (30, 30, 31, 31), strict=True):
        told.append(published(catalogue, limit, moment, before, path))
        before = definitions_of(path)
    assert told == [[], [], ["paid_late"], []], "the first publication of a KPI is no change"
    versions = before.filter(pl.col("kpi") == "paid_late")
    assert versions["valid_from"].to_list() == [moments[0], moments[2]]
    assert "> 30" in versions["sql"][0]
    assert "> 31" in versions["sql"][1]
    assert before.filter(pl.col("kpi") == "nps").height == 1


def test_publishing_twice_at_one_moment_keeps_the_later_definition(tmp_path: Path) -> None:
    catalogue = {"paid_late": load_catalogue(PROJECT_ROOT)["paid_late"]}
    published(catalogue, 30, AS_OF, definitions_of(None), tmp_path / "a.duckdb")
    published(catalogue, 31, AS_OF, definitions_of(tmp_path / "a.duckdb"), tmp_path / "b.duckdb")
    found = definitions_of(tmp_path / "b.duckdb")
    assert found.height == 1
    assert "> 31" in found["sql"][0]

"""Why a figure changed, for every published KPI and dimension: the parts add up to what the whole changed by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from kpis.catalogue import load_catalogue
from kpis.decomposition import explain
from pipeline.settings import PROJECT_ROOT

BEFORE, AFTER = date(2026, 9, 1), date(2026, 10, 1)
NOT_ADDING = ("countback", "cash_cycle", "irr", "payback")


@pytest.fixture(scope="module")
def values(published_copy: Path) -> pl.DataFrame:
    with duckdb.connect(str(published_copy), read_only=True) as connection:
        return connection.sql(
            "select * from kpi.kpi_values where grain = 'month' and period_start in ($before, $after)",
            params={"before": BEFORE, "after": AFTER},
        ).pl()


def test_every_change_is_shared_out_whole(values: pl.DataFrame) -> None:
    explained: set[str] = set()
    catalogue = load_catalogue(PROJECT_ROOT)
    for kpi in catalogue.values():
        of_kpi = values.filter(pl.col("kpi") == kpi.name)
        whole = {
            row["period_start"]: row for row in of_kpi.filter(pl.col("dimension") == "total").iter_rows(named=True)
        }
        for dimension in kpi.dimensions:
            members = of_kpi.filter(pl.col("dimension") == dimension)
            before, after = (members.filter(pl.col("period_start") == start) for start in (BEFORE, AFTER))
            if before.is_empty() or after.is_empty():
                continue
            found = explain(before, after, kpi)
            if kpi.measure in NOT_ADDING:
                assert found is None, kpi.name
                continue
            if found is None:
                assert kpi.kind not in ("count", "amount"), kpi.name
                continue
            explained.add(kpi.name)
            parts = [part for part in (found.rate, found.mix, found.volume, found.price) if part is not None]
            if parts:
                assert sum(parts) == pytest.approx(found.total, abs=1e-6, rel=1e-9), (kpi.name, dimension)
            assert found.parts["total"].sum() == pytest.approx(found.total, abs=1e-6, rel=1e-9), (kpi.name, dimension)
            ranked = found.parts["total"].abs().to_list()
            assert ranked == sorted(ranked, reverse=True), (kpi.name, dimension)
            ends = [whole[start]["value"] for start in (BEFORE, AFTER) if start in whole]
            if kpi.kind != "duration" and len(ends) == 2 and None not in ends:
                assert found.total == pytest.approx(ends[1] - ends[0], abs=1e-6, rel=1e-6), (kpi.name, dimension)
    additive = {kpi.name for kpi in catalogue.values() if kpi.measure not in NOT_ADDING}
    assert len(explained) >= 0.8 * len(additive), additive - explained


def test_the_planted_reversal_sounds_the_alarm(values: pl.DataFrame) -> None:
    """Story 3: every desk keeps its targets more often, the total less often."""
    kpi = load_catalogue(PROJECT_ROOT)["sla_met"]
    members = values.filter(pl.col("kpi") == "sla_met", pl.col("dimension") == "desk")
    halves = [members.filter(pl.col("period_start") == start) for start in (BEFORE, AFTER)]
    found = explain(*halves, kpi)
    assert found is not None
    assert found.is_reversal
    assert found.total < 0 < (found.rate or 0)

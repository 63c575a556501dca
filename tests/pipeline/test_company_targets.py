"""Targets of a company: its own file over the project's, and a wrong one refused before anything is built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import polars as pl
import pytest

from kpis.catalogue import load_catalogue
from pipeline.company_targets import company_targets
from pipeline.failures import ExitCode, Failure
from pipeline.settings import PROJECT_ROOT, DataFolder

HEADER = "kpi,business_unit,valid_from,valid_to,value,tolerance\n"


def test_the_project_s_targets_are_valid() -> None:
    catalogue = load_catalogue(PROJECT_ROOT)
    targets = company_targets(DataFolder(Path("/nowhere")), catalogue, ["MTZ"])
    assert targets.filter(pl.col("kpi") == "days_to_pay")["value"].to_list() == [30.0]
    assert targets["kpi"].n_unique() >= 20


def test_the_company_s_file_wins_for_the_kpis_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "kpi_targets.csv").write_text(HEADER + "days_to_pay,SUL,2026-01-01,,28,1\n", encoding="utf-8")
    catalogue = load_catalogue(PROJECT_ROOT)
    targets = company_targets(DataFolder(tmp_path), catalogue, ["SUL"])
    found = targets.filter(pl.col("kpi") == "days_to_pay")
    assert found.select("business_unit", "value", "source").rows() == [("SUL", 28.0, "kpi_targets.csv, line 2")]
    assert targets.filter(pl.col("kpi") == "sla_met").height == 1, "the others keep the project's"
    with pytest.raises(Failure, match=r'kpi_targets\.csv, line 2: there is no business unit "SUL"'):
        company_targets(DataFolder(tmp_path), catalogue, ["MTZ"])


def test_a_wrong_target_stops_the_build_before_it_begins(
    retaguarda: Callable[..., CompletedProcess[str]], copied_data: Path
) -> None:
    (copied_data / "kpi_targets.csv").write_text(HEADER + "paid_late,,,,10,\n", encoding="utf-8")
    ended = retaguarda("build", "--as-of", "2026-11-20", data=copied_data)
    assert ended.returncode == ExitCode.NOT_PUBLISHED
    assert "kpi_targets.csv, line 2: value 10 is no fraction" in ended.stderr
    assert "Write 0.1 for 10 %" in ended.stderr
    assert not list((copied_data / "builds").glob("build*.duckdb"))


def test_targets_and_versions_travel_with_the_values(published_copy: Path) -> None:
    with duckdb.connect(str(published_copy), read_only=True) as connection:
        grains = connection.execute("""
            select grain, count(*) filter (where target is not null), count(*) filter (where definition_hash is null)
            from kpi.kpi_values where kpi = 'days_to_pay' group by grain
        """).fetchall()
        assert {grain for grain, _, _ in grains} == {"week", "month", "quarter", "year"}
        assert all(bound > 0 and unversioned == 0 for _, bound, unversioned in grains)
        unknown = """
            select count(*) from (select distinct kpi, definition_hash from kpi.kpi_values) as v
            anti join kpi.definitions as d on d.kpi = v.kpi and d.definition_hash = v.definition_hash
        """
        assert connection.execute(unknown).fetchone() == (0,)
        judged = "select count(distinct grain) from kpi.kpi_signals where centre is not null and assurance is not null"
        assert connection.execute(judged).fetchone() == (3,), "weeks, months, quarters; years are too few"

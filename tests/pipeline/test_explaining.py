"""`retaguarda kpi --list` and `retaguarda explain`: for people and for programs, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from kpis.catalogue import load_catalogue
from pipeline.failures import ExitCode
from pipeline.settings import PROJECT_ROOT

RunCommand = Callable[..., "CompletedProcess[str]"]


def test_the_list_names_every_kpi(retaguarda: RunCommand, tmp_path: Path) -> None:
    ended = retaguarda("kpi", "--list", "--format", "json", "--language", "en", data=tmp_path)
    rows = json.loads(ended.stdout)
    catalogue = load_catalogue(PROJECT_ROOT)
    assert {row["kpi"] for row in rows} == set(catalogue)
    assert all(row["label"] == catalogue[row["kpi"]].label["en"] for row in rows)
    unnamed = retaguarda("kpi", data=tmp_path)
    assert unnamed.returncode == ExitCode.USAGE
    assert "kpi --list" in unnamed.stderr


def test_explained_for_programs(retaguarda: RunCommand, demo_data: Path) -> None:
    found = json.loads(retaguarda("explain", "days_to_pay", "--format", "json", "-l", "en", data=demo_data).stdout)
    kpi = load_catalogue(PROJECT_ROOT)["days_to_pay"]
    assert (found["definition"], found["authority"]) == (kpi.definition["en"], kpi.authority)
    assert "erp.payables" in found["lineage"]["sources"]
    assert found["lineage"]["models"][-1] == "fct_payables"
    assert found["target"] == 30
    assert "group by" in found["sql"]
    starts = [value["period_start"] for value in found["values"]]
    assert starts == sorted(starts, reverse=True)
    assert {value["definition_hash"] for value in found["values"]} == {found["versions"][0]["definition_hash"]}


def test_a_warning_is_told_where_it_matters_and_nowhere_else(retaguarda: RunCommand, demo_data: Path) -> None:
    warned, other = (
        json.loads(retaguarda("explain", name, "--format", "json", data=demo_data).stdout)["warnings"]
        for name in ("journal_error_rate", "nps")
    )
    tests = {warning.get("test") for warning in warned}
    assert "journal_entries_balance" in tests, "the sample's journal has entries that do not balance"
    assert "journal_entries_balance" not in {warning.get("test") for warning in other}


def test_the_last_change_is_taken_apart_and_the_reversal_named(retaguarda: RunCommand, demo_data: Path) -> None:
    ended = retaguarda("explain", "sla_met", "--format", "json", data=demo_data)
    by_dimension = {change["dimension"]: change for change in json.loads(ended.stdout)["changes"]}
    for change in by_dimension.values():
        assert abs(change["rate"] + change["mix"] - change["total"]) < 1e-9
        sizes = [abs(part["total"]) for part in change["parts"]]
        assert sizes == sorted(sizes, reverse=True)
    assert by_dimension["desk"]["is_reversal"], "story 3: every desk better, the total worse"
    assert by_dimension["desk"]["rate"] > 0 > by_dimension["desk"]["total"]
    assert "Simpson: todos os membros" in retaguarda("explain", "sla_met", data=demo_data).stdout


def test_explained_for_people(retaguarda: RunCommand, demo_data: Path) -> None:
    portuguese = retaguarda("explain", "days_to_pay", data=demo_data).stdout
    english = retaguarda("explain", "days_to_pay", "--language", "en", "--grain", "week", data=demo_data).stdout
    assert "Prazo de pagamento (days_to_pay) · Contas a pagar" in portuguese
    assert "Meta: ≤ 30,0 dias" in portuguese.replace("\N{NO-BREAK SPACE}", " ")
    assert "fct_payables → metrics.kpi_days_to_pay" in portuguese
    assert "Latest values:" in english
    assert "wk" in english


def test_a_misspelt_name_finds_its_neighbour(retaguarda: RunCommand, demo_data: Path) -> None:
    ended = retaguarda("explain", "day_to_pay", data=demo_data)
    assert ended.returncode == ExitCode.USAGE
    assert 'Did you mean "days_to_pay"?' in ended.stderr

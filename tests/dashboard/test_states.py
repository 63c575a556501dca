"""What looks like what it is: nothing published, a failed build, a stale source, too few records, an unfinished period."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from dashboard import vocabulary
from dashboard.published import Publication, current_path
from tests.dashboard.visiting import AREAS, plain, texts, visit

PAGES = ("overview", *AREAS, "data", "kpi")


@pytest.fixture
def writable_data(demo_data: Path, tmp_path: Path) -> Path:
    """A copy of what is served, to change."""
    serving = tmp_path / "serving"
    serving.mkdir()
    source = current_path(demo_data)
    shutil.copyfile(source, serving / source.name)  # its contents only: the published file itself is read-only
    (serving / "current").write_text(source.name)
    return tmp_path


def change(data: Path, sql: str) -> None:
    with duckdb.connect(str(current_path(data))) as connection:
        connection.execute(sql)


@pytest.mark.parametrize(
    ("tag", "title"), [("pt-BR", "Nada foi publicado ainda"), ("en", "Nothing has been published yet")]
)
def test_nothing_published(tmp_path: Path, tag: str, title: str) -> None:
    for page in PAGES:
        app = visit(tmp_path, page, lang=tag)
        assert [element.value for element in app.title] == [title]
        assert "retaguarda refresh" in app.info[0].value


def test_a_failed_build_is_told_above_the_old_version(writable_data: Path) -> None:
    (writable_data / "serving" / "last_build.json").write_text(
        json.dumps(
            {
                "state": "failed",
                "started_at": "2026-11-22T03:00:00",
                "finished_at": "2026-11-22T03:01:00",
                "reason": "2 data tests failed",
                "failed_tests": ["journal_balances", "payables_unique"],
            }
        )
    )
    for page in PAGES:
        app = visit(writable_data, page)
        notice = plain(app.warning[0].value)
        assert "A última atualização falhou (22/11/2026, 00:01)" in notice
        assert "2 data tests failed" in notice
        assert "`journal_balances`, `payables_unique`" in notice
        assert any("dados até 20/11/2026" in plain(text) for text in texts(app)), "the old version stays"
    change_of_mind = {"state": "published", "failed_tests": []}
    (writable_data / "serving" / "last_build.json").write_text(json.dumps(change_of_mind))
    assert not visit(writable_data, "overview").warning


def test_a_stale_source_is_named_where_it_matters(
    demo_data: Path, publication: Publication, writable_data: Path
) -> None:
    assert not any("Extrato bancário" in text for text in texts(visit(demo_data, "overview")))
    change(
        writable_data,
        "update meta.source_freshness set state = 'stale', days_since = 12 where table_name = 'bank_transactions';"
        "update meta.source_freshness set state = 'never', days_since = null where table_name = 'suppliers'",
    )
    for app in (visit(writable_data, "overview"), visit(writable_data, "kpi", kpi="operating_cash_flow")):
        notice = next(plain(text) for text in texts(app) if "Extrato bancário" in text)
        assert "12\N{NO-BREAK SPACE}dias" in notice
        assert "Fornecedores" not in notice, "an export that never came is not overdue"
    for page in ("customers", "strategy"):
        assert not any("Extrato bancário" in text for text in texts(visit(writable_data, page)))
    before = publication.fetch("select count(*) from meta.test_results where status <> 'pass'").item()
    assert any(f"{before + 1} avisos" in plain(text) for text in texts(visit(writable_data, "overview")))
    table = visit(writable_data, "data").dataframe[0].value.set_index("contract")
    assert table.loc["bank.bank_transactions", "state"] == "desatualizado"
    assert table.loc["erp.suppliers", "state"] == "nunca carregado"


def test_too_few_records_give_no_figure(demo_data: Path, publication: Publication) -> None:
    found = publication.fetch(
        """
        select kpi, member from (
            select *, row_number() over (partition by kpi, member order by period_start desc) as age from kpi.kpi_values
            where grain = 'week' and dimension = 'business_unit' and not is_partial
        )
        where age = 1 and state = 'too_few' order by kpi, member limit 1
        """
    )
    assert found.height, "the sample has a unit with too few records in its last week"
    kpi, unit = found.row(0)
    app = visit(demo_data, "kpi", kpi=kpi, unit=unit)
    assert app.metric[0].value == "–"
    assert any(vocabulary.state("too_few") in text for text in texts(app))


def test_an_unfinished_period_is_called_provisional(demo_data: Path) -> None:
    app = visit(demo_data, "kpi", kpi="days_to_pay", grain="month", period="2026-11-01")
    assert any(vocabulary.state("provisional") in text for text in texts(app))
    assert "nov" in app.metric[0].label
    finished = visit(demo_data, "kpi", kpi="days_to_pay", grain="month", period="2026-10-01")
    assert not any(vocabulary.state("provisional") in text for text in texts(finished))


def test_a_test_that_did_not_pass_is_told_where_its_kpi_stands(demo_data: Path, publication: Publication) -> None:
    kpis, test = publication.fetch(
        "select kpis, test from meta.test_results where status <> 'pass' and len(kpis) > 0"
    ).row(0)
    app = visit(demo_data, "kpi", kpi=kpis[0])
    assert any(test in text and "Aviso" in text for text in texts(app))
    area = publication.fetch("select area from kpi.catalogue where name = ?", (kpis[0],)).item()
    assert any(vocabulary.state("data_warning") in text for text in texts(visit(demo_data, area)))

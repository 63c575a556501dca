"""What looks like what it is: nothing published, a failed build, a stale source, too few records, an unfinished period."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from lxml.html import fromstring

from dashboard import vocabulary
from dashboard.components.signals import ASSURANCE_MARKS, STATE_MARKS
from dashboard.published import Publication, current_path
from tests.dashboard.visiting import AREAS, plain, tables, texts, visit

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


# Headline KPIs that stand for a state each in a changed publication.
STATES_OF = {
    "nps": "too_few",
    "paid_late": "no_data",
    "paid_within_30": "not_applicable",
    "investment_irr": "ambiguous",
    "roi": "undefined",
}


def put_into_every_state(writable_data: Path) -> None:
    """The last complete week of some KPIs has no figure, each for another reason; one has lost its target."""
    for kpi, state in STATES_OF.items():
        change(
            writable_data,
            f"""
            update kpi.kpi_values set value = null, low = null, high = null, state = '{state}'
            where kpi = '{kpi}' and grain = 'week' and dimension = 'total' and period_start = date '2026-11-09'
            ;
            update kpi.kpi_signals set assurance = '{"will_fail" if kpi == "nps" else "will_pass"}' where kpi = '{kpi}'
            """,
        )
    change(
        writable_data,
        """
        update kpi.kpi_values set state = 'restricted'
        where kpi = 'days_to_pay' and grain = 'week' and dimension = 'total' and period_start = date '2026-11-09';
        update kpi.kpi_values set target = null where kpi = 'stockout_rate';
        update kpi.kpi_signals set assurance = null where kpi = 'stockout_rate';
        """,
    )


@pytest.fixture
def data_in_every_state(writable_data: Path) -> Path:
    put_into_every_state(writable_data)
    return writable_data


def test_every_state_of_a_figure_is_a_word_and_a_shape_and_never_zero(data_in_every_state: Path) -> None:
    (_changes, html) = tables(visit(data_in_every_state, "overview"))
    page = fromstring(f"<div>{html}</div>")
    rows = {
        parse_qs(urlsplit(row.xpath("./th/a/@href")[0]).query)["kpi"][0]: row
        for row in page.xpath(".//tr[@class='kpi']")
    }
    for kpi, state in STATES_OF.items():
        (cell,) = rows[kpi].xpath("./td[@class='value']")
        text = cell.text_content()
        assert text.startswith("–"), kpi
        assert vocabulary.state(state) in text, kpi
        assert not any(sign.isdigit() for sign in text), kpi
        assert not cell.xpath(".//b"), "no figure in bold"
        assert STATE_MARKS[state].strip(":") == f"material/{cell.xpath('.//@data-icon')[0]}"
        assert {name for names in cell.xpath("./*/descendant-or-self::*/@class") for name in names.split()} <= {
            "part",
            "note",
            "icon",
            "gray",
        }
        for column in ("target", "change"):
            told = rows[kpi].xpath(f"./td[@class='{column}']")[0].text_content()
            assert not any(vocabulary.assurance(name) in told for name in ASSURANCE_MARKS)
            assert "atingida" not in told, "neither met nor missed"
    (restricted,) = rows["days_to_pay"].xpath("./td[@class='value']")
    assert vocabulary.state("restricted") in restricted.text_content()
    (target,) = rows["stockout_rate"].xpath("./td[@class='target']")
    assert target.text_content() == "sem meta"
    assert target.xpath("./*/@class") == ["note gray"]
    missed = fromstring("<div>" + tables(visit(data_in_every_state, "overview", show="missed"))[1] + "</div>")
    addresses = " ".join(missed.xpath(".//tr/th/a/@href"))
    assert not any(f"kpi={kpi}" in addresses for kpi in (*STATES_OF, "stockout_rate")), (
        "what has no figure misses nothing"
    )


@pytest.mark.parametrize(("kpi", "state"), STATES_OF.items())
def test_the_page_of_a_kpi_without_a_figure_says_why(data_in_every_state: Path, kpi: str, state: str) -> None:
    app = visit(data_in_every_state, "kpi", kpi=kpi, period="2026-11-09")
    assert app.metric[0].value == "–"
    badge = next(element for element in app.markdown if vocabulary.state(state) in str(element.value))
    assert STATE_MARKS[state] in str(badge.value)
    assert not any("atingida" in text for text in texts(app))

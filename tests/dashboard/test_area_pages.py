"""The pages of the areas: every one in both languages, for all and for one unit, with the published figures."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml.html import fromstring

from dashboard import formats, language, vocabulary
from dashboard.components.signals import NARROW
from dashboard.published import Publication
from dashboard.queries.definitions import Definition, definitions
from tests.dashboard.visiting import AREAS, figures, lines, plain, tables, texts, visit

TITLES = {
    "customers": ("Clientes", "Customers"),
    "strategy": ("Estratégia", "Strategy"),
    "investments": ("Investimentos", "Investments"),
    "payables": ("Contas a pagar", "Payables"),
    "accounting": ("Contabilidade", "Accounting"),
    "support": ("Suporte interno", "Internal support"),
}
CHARTS = {"customers": 2, "strategy": 1, "investments": 1, "payables": 2, "accounting": 2, "support": 2}
TABLES = {"customers": 1, "strategy": 1, "investments": 1, "payables": 1, "accounting": 1, "support": 1}


def latest(publication: Publication, kpi: str, grain: str, unit: str | None) -> tuple[float | None, str]:
    """Value and state of the last complete period, read from the published file."""
    found = publication.fetch(
        """
        select value, state from kpi.kpi_values
        where kpi = ? and grain = ? and dimension = ? and member = ? and not is_partial
        order by period_start desc limit 1
        """,
        (kpi, grain, "business_unit" if unit else "total", unit or "total"),
    )
    return found.row(0) if found.height else (None, "no_data")


def shown_value(kpi: Definition, value: float | None) -> str:
    """How a scorecard writes a value."""
    compact = kpi.unit in NARROW
    return formats.quantity(None if value is None else float(value), kpi.unit, kpi.decimals, compact=compact)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize(
    ("tag", "unit", "grain"), [("pt-BR", None, "week"), ("en", "SUL", "month"), ("pt-BR", "MTZ", "quarter")]
)
def test_an_area_shows_the_published_figures(
    demo_data: Path, publication: Publication, area: str, tag: str, unit: str | None, grain: str
) -> None:
    app = visit(demo_data, area, lang=tag, grain=grain, **({"unit": unit} if unit else {}))
    assert app.title[0].value == TITLES[area][tag == "en"]
    expected = [
        (kpi.label, shown_value(kpi, latest(publication, name, grain, unit)[0]))
        for name, kpi in definitions(publication, language.active()).items()
        if kpi.area == area
    ]
    assert expected
    # The rows stand in the catalogue's order, so that the figures must be found one after the other.
    seen = iter(lines(app))
    for label, figure in expected:
        assert any(line.startswith(label + figure) for line in seen), f"{label}: {figure} is not on the page"


@pytest.mark.parametrize("area", AREAS)
def test_an_area_has_its_charts_and_tables(demo_data: Path, area: str) -> None:
    app = visit(demo_data, area)
    assert len(figures(app)) == CHARTS[area]
    assert len(app.dataframe) == TABLES[area]
    assert all(chart["data"] and any(len(trace.get("x", ())) for trace in chart["data"]) for chart in figures(app))
    assert all(len(table.value) for table in app.dataframe)


@pytest.mark.parametrize("area", AREAS)
def test_an_unknown_unit_means_all_units(demo_data: Path, area: str) -> None:
    assert texts(visit(demo_data, area, unit="NOWHERE")) == texts(visit(demo_data, area))


@pytest.mark.parametrize("area", AREAS)
def test_one_unit_has_figures_of_its_own(demo_data: Path, area: str) -> None:
    """A filter that does nothing would show the same figures and charts for every unit."""
    every, one = visit(demo_data, area), visit(demo_data, area, unit="MTZ")
    assert one.selectbox(key="url_unit").value == "MTZ"
    assert texts(every) != texts(one)
    assert figures(every) != figures(one)


def test_links_to_the_kpis_carry_unit_grain_and_language(demo_data: Path, publication: Publication) -> None:
    app = visit(demo_data, "payables", lang="en", unit="SUL", grain="month")
    addresses = [address for html in tables(app) for address in fromstring(html).xpath(".//tr/th/a/@href")]
    assert {"kpi=days_to_pay", "unit=SUL", "grain=month", "lang=en"} <= set(urlsplit(addresses[0]).query.split("&"))
    assert len(addresses) == sum(kpi.area == "payables" for kpi in definitions(publication, "en").values())


def test_ageing_adds_up_to_what_is_open(demo_data: Path, publication: Publication) -> None:
    for unit in (None, "SUL"):
        app = visit(demo_data, "payables", **({"unit": unit} if unit else {}))
        bars = figures(app)[0]["data"][0]
        open_amount = publication.fetch(
            "select sum(amount_brl) from marts.fct_payables"
            " where is_measured and not is_paid and (? is null or business_unit = ?)",
            (unit, unit),
        ).item()
        assert sum(bars["x"]) == pytest.approx(float(open_amount), abs=0.005)


def test_suppliers_of_one_name_are_not_one(demo_data: Path, publication: Publication) -> None:
    """The sample has several suppliers of one name: each waits for its own money."""
    app = visit(demo_data, "payables")
    owed = publication.fetch(
        "select supplier_id, cast(sum(amount_brl) as double) as amount from marts.fct_payables"
        " where is_measured and not is_paid and effective_due_date < date '2026-11-20' group by 1 order by 2 desc"
    )
    assert app.dataframe[0].value["supplier_id"].tolist() == owed["supplier_id"].head(12).to_list()
    assert any(f"Os 12 maiores de {owed.height}" in plain(text) for text in texts(app))


def test_answers_by_score_count_every_answer(demo_data: Path, publication: Publication) -> None:
    bars = figures(visit(demo_data, "customers"))[0]["data"][0]
    answers = publication.fetch(
        "select count(*) from marts.fct_survey_responses"
        " where is_answered and score is not null and answered_date > date '2026-11-20' - 91"
    ).item()
    assert sum(bars["y"]) == answers


def test_errors_are_shared_out_whole(demo_data: Path, publication: Publication) -> None:
    kinds, modules = (chart["data"][0] for chart in figures(visit(demo_data, "accounting")))
    errors = publication.fetch(
        "select count(*) from marts.fct_journal_entries"
        " where is_measured and is_error and posting_date > date '2026-11-20' - 91"
    ).item()
    assert sum(kinds["x"]) == sum(modules["x"]) == errors
    # Rows are drawn from the bottom: the first bar in the figure is the last row, which completes the whole.
    assert kinds["text"][0].endswith("100\N{NO-BREAK SPACE}%")


def test_cash_flows_are_realised_until_today_and_planned_after_it(demo_data: Path, publication: Publication) -> None:
    """Plans of the past beside what came would count the same money twice."""
    realised, planned, running = figures(visit(demo_data, "investments"))[0]["data"]
    for bars, condition in (
        (realised, "scenario = 'realised'"),
        (planned, "scenario = 'planned' and flow_date > date '2026-11-20'"),
    ):
        amount = publication.fetch(f"select sum(amount_brl) from marts.fct_project_cash_flows where {condition}").item()
        assert sum(bars["y"]) == pytest.approx(float(amount), abs=0.01)
    assert running["y"][-1] == pytest.approx(sum(realised["y"]) + sum(planned["y"]), abs=0.01)
    both = [place for place, (came, due) in enumerate(zip(realised["y"], planned["y"], strict=True)) if came and due]
    assert len(both) <= 1, "only the running quarter has both"


def test_a_return_without_a_number_says_why(demo_data: Path, publication: Publication) -> None:
    ambiguous = publication.fetch(
        """
        select p.name from kpi.kpi_values as v inner join marts.fct_projects as p on p.project = v.member
        where v.kpi = 'investment_irr' and v.grain = 'month' and v.state = 'ambiguous' and not v.is_partial
            and v.period_start = date '2026-10-01'
        """
    )["name"].to_list()
    assert ambiguous, "the sample has a project whose rate of return is ambiguous"
    table = visit(demo_data, "investments").dataframe[0].value
    assert set(table.loc[table["name"].isin(ambiguous), "TIR"]) == {vocabulary.state("ambiguous")}


def test_tables_lead_to_file_and_line(demo_data: Path) -> None:
    for area in ("customers", "strategy", "support", "accounting"):
        table = visit(demo_data, area).dataframe[0].value
        assert table["source_file"].str.fullmatch(r".+\.(csv|xlsx)").all()
        assert (table["source_line"] > 0).all()


def test_every_page_states_its_publication(demo_data: Path) -> None:
    for page in ("overview", *AREAS, "data", "kpi"):
        stamp = "data until 20 Nov 2026"
        assert any(stamp in plain(text) for text in texts(visit(demo_data, page, lang="en"))), page

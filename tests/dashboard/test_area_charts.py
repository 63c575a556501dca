"""The charts of the areas, against an independent recount of the published marts: whole company, one unit, each grain."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import vocabulary
from dashboard.components.panels.people import SMALLEST, Team, grouped
from dashboard.components.panels.receivables import bridge_steps
from dashboard.published import Publication, current, current_path
from dashboard.queries.legal import QUERIES as LEGAL
from dashboard.queries.windows import ask, window
from tests.dashboard.visiting import figures, plain, texts, visit

AS_OF = date(2026, 11, 20)
CHARTS = {
    "receivables": 4, "fiscal": 4, "people": 4, "it": 3, "legal": 4, "procurement": 4, "facilities": 4,
    "payables": 2, "customers": 2, "strategy": 1, "investments": 1, "accounting": 2, "support": 2, "stock": 2,
    "logistics": 2, "commercial": 2,
}  # fmt: skip
NEW = ("receivables", "fiscal", "people", "it", "legal", "procurement", "facilities")


def drawn(app: AppTest) -> dict[str, dict[str, Any]]:
    """The charts of a page by their key."""
    found = {}
    for chart in app.get("plotly_chart"):
        found[chart.proto.id.rsplit("-", 1)[-1]] = json.loads(chart.proto.spec)
    return found


def one(publication: Publication, sql: str, *parameters: object) -> Any:
    """The only value of a query; zero for none."""
    return publication.fetch(sql, parameters).item() or 0


def parts(figure: dict[str, Any]) -> list[float]:
    """What each part of a stacked chart adds up to over all periods."""
    return [sum(value or 0 for value in trace["y"]) for trace in figure["data"] if trace["type"] == "bar"]


@pytest.fixture(scope="module")
def whole(demo_data: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The charts of every new area for the whole company, by week."""
    return {area: drawn(visit(demo_data, area)) for area in NEW}


@pytest.mark.parametrize("area", NEW)
def test_an_area_has_its_title_charts_table_and_language(demo_data: Path, area: str) -> None:
    """In English, for one unit, by month: every text is translated, every chart has a question and a KPI behind it."""
    app = visit(demo_data, area, lang="en", unit="MTZ", grain="month")
    assert app.title[0].value == vocabulary.AREAS[area]
    assert len(figures(app)) == CHARTS[area]
    questions = [heading.value for heading in app.main.header]
    assert len(questions) >= len(app.dataframe) + CHARTS[area]  # a table of nothing is a sentence
    assert all(question.endswith("?") for question in questions)
    portuguese = [heading.value for heading in visit(demo_data, area, unit="MTZ", grain="month").main.header]
    assert not set(questions) & set(portuguese)
    assert all(table.value.shape[0] for table in app.dataframe)


@pytest.mark.parametrize("area", NEW)
def test_filters_change_the_charts(demo_data: Path, whole: dict[str, Any], area: str) -> None:
    assert drawn(visit(demo_data, area, unit="SUL")) != whole[area]
    assert drawn(visit(demo_data, area, grain="quarter")) != whole[area]


def test_the_recent_words_are_the_recent_days(publication: Publication) -> None:
    assert window(publication, "week").since == AS_OF - timedelta(days=91)
    assert window(publication, "month").since == date(2025, 11, 20)
    assert window(publication, "quarter").since == date(2024, 11, 20)
    assert (window(publication, "month").start, window(publication, "month").end) == (
        date(2026, 10, 1),
        date(2026, 10, 31),
    )
    assert window(publication, "quarter").starts[0] == date(2024, 10, 1)
    assert window(publication, "week").is_running


@pytest.mark.parametrize("unit", [None, "SUL"])
def test_receivables_by_age_are_what_is_open(demo_data: Path, publication: Publication, unit: str | None) -> None:
    bars = drawn(visit(demo_data, "receivables", **({"unit": unit} if unit else {})))["receivables_ageing"]["data"][0]
    rows = publication.fetch(
        "select amount_brl, effective_due_date from marts.fct_receivables"
        " where is_measured and not is_settled and (? is null or business_unit = ?)",
        (unit, unit),
    )
    ages = [0, 0, 0, 0, 0]
    for amount, due in rows.iter_rows():
        late = (AS_OF - due).days
        ages[0 if late < 1 else 1 if late <= 30 else 2 if late <= 60 else 3 if late <= 90 else 4] += float(amount)
    assert bars["x"][::-1] == pytest.approx(ages, abs=0.005)


@pytest.mark.parametrize("grain", ["week", "month", "quarter"])
@pytest.mark.parametrize("unit", ["all", "SUL"])
def test_the_cash_bridge_adds_up(demo_data: Path, publication: Publication, unit: str, grain: str) -> None:
    """Opening + all that came in and went out = closing, and both are what the bank states."""
    figure = drawn(visit(demo_data, "receivables", unit=unit, grain=grain))["cash_bridge"]
    effects, points = figure["data"]
    opening, closing = points["x"]
    assert opening + sum(effects["x"]) == pytest.approx(closing, abs=0.005)
    days = window(publication, grain)
    for shown, day in ((opening, days.start - timedelta(days=1)), (closing, days.end)):
        accounts = publication.fetch(
            "select account_id, max(balance_date) as day, max_by(ledger_balance_brl, balance_date) as balance"
            " from marts.fct_bank_balances where balance_date <= ? and (? = 'all' or business_unit = ?) group by 1",
            (day, unit, unit),
        )
        later = sum(
            one(
                publication,
                "select sum(amount_brl) from marts.fct_bank_transactions"
                " where account_id = ? and posted_date > ? and posted_date <= ?",
                account, stated, day,
            )
            for account, stated, _balance in accounts.iter_rows()
        )  # fmt: skip
        assert shown == pytest.approx(float(accounts["balance"].sum() + Decimal(later)), abs=0.005)
    moved = one(
        publication,
        "select sum(amount_brl) from marts.fct_bank_transactions"
        " where posted_date between ? and ? and (? = 'all' or business_unit = ?)",
        days.start, days.end, unit, unit,
    )  # fmt: skip
    assert sum(effects["x"]) == pytest.approx(float(moved), abs=0.005)


def test_what_statements_leave_out_is_a_step_of_its_own() -> None:
    flows = pl.DataFrame(
        {"direction": ["in", "out"], "category": ["customers", "taxes"], "lines": [2, 1],
         "amount_brl": [Decimal("30.00"), Decimal("-45.50")]},
    )  # fmt: skip
    steps = bridge_steps(Decimal("100.00"), Decimal("80.00"), flows)
    assert steps == [
        ("opening", Decimal("100.00")), ("customers", Decimal("30.00")), ("taxes", Decimal("-45.50")),
        ("missing_lines", Decimal("-4.50")), ("closing", Decimal("80.00")),
    ]  # fmt: skip
    assert "missing_lines" not in dict(bridge_steps(Decimal("100.00"), Decimal("84.50"), flows))


def test_every_bank_line_is_matched_or_waits(whole: dict[str, Any], publication: Publication) -> None:
    bars = whole["receivables"]["reconciliation"]["data"][0]
    assert sum(bars["x"]) == one(
        publication,
        "select count(*) from marts.fct_bank_transactions where posted_date > ?",
        AS_OF - timedelta(days=91),
    )
    waiting = one(
        publication,
        "select count(*) from marts.fct_bank_transactions as t where posted_date > ? and not exists"
        " (select 1 from marts.fct_bank_line_matches as m where m.line_id = t.line_id)",
        AS_OF - timedelta(days=91),
    )
    assert sum(bars["x"][:3]) == waiting, "the ages of those that nothing explains stand at the bottom"


def test_fiscal_charts_recounted(whole: dict[str, Any], publication: Publication) -> None:
    since, first = AS_OF - timedelta(days=91), window(publication, "week").first
    rejected = one(
        publication,
        "select count(*) from marts.fct_fiscal_transmissions where outcome = 'rejected' and environment = 'production'"
        " and service = 'authorisation' and sent_date > ?",
        since,
    )
    assert sum(whole["fiscal"]["rejections"]["data"][0]["x"]) == rejected
    assert whole["fiscal"]["rejections"]["data"][0]["text"][0].endswith("100\N{NO-BREAK SPACE}%")
    in_time, late = parts(whole["fiscal"]["cancellations"])
    cancelled = publication.fetch(
        "select count(*) filter (where not is_cancelled_late), count(*) filter (where is_cancelled_late)"
        " from marts.fct_fiscal_documents where is_counted and cancelled_at is not null and authorised_date >= ?",
        (first,),
    ).row(0)
    assert (in_time, late) == cancelled
    due = one(
        publication,
        "select count(*) from marts.fct_tax_filings where due_date between ? and ? and is_due",
        first,
        AS_OF,
    )
    assert sum(parts(whole["fiscal"]["filings"])) == due
    icms = next(trace for trace in whole["fiscal"]["taxes"]["data"] if trace["name"] == "ICMS")
    assert sum(icms["y"]) == pytest.approx(float(one(
        publication, "select sum(icms_brl) from marts.fct_fiscal_documents where is_sale and authorised_date >= ?", first
    )), abs=0.005)  # fmt: skip


def test_missing_numbers_are_those_of_no_note(demo_data: Path, publication: Publication) -> None:
    used: dict[tuple[str, str, int], set[int]] = {}
    for unit, model, series, number in publication.fetch(
        "select business_unit, model, series, number from marts.fct_fiscal_documents"
        " where environment = 'production' and issued_by = 'own' union select business_unit, model, series, number"
        " from marts.fct_fiscal_transmissions where environment = 'production' and outcome <> 'rejected'"
        " and service = 'authorisation'"
    ).iter_rows():
        used.setdefault((unit, model, series), set()).add(number)
    missing = {
        (*place, number)
        for place, numbers in used.items()
        for number in range(min(numbers), max(numbers))
        if number not in numbers
    }
    gaps = publication.fetch("select * from marts.fct_fiscal_number_gaps").to_dicts()
    spanned = {
        (gap["business_unit"], gap["model"], gap["series"], number)
        for gap in gaps
        for number in range(gap["first_number"], gap["last_number"] + 1)
    }
    assert spanned == missing
    open_numbers = sum(gap["count_numbers"] - gap["count_declared"] for gap in gaps)
    assert 0 < open_numbers < len(missing), "the sample has declared and undeclared ones"
    app = visit(demo_data, "fiscal", lang="en")
    assert any(
        f"{len(missing)} numbers are on no note" in text and f"{open_numbers} were not" in text for text in texts(app)
    )
    table = app.dataframe[-1].value
    assert (table["count_numbers"] - table["count_declared"]).sum() == open_numbers


@pytest.mark.parametrize("grain", ["week", "month", "quarter"])
@pytest.mark.parametrize("unit", ["all", "CO"])
def test_the_headcount_bridge_adds_up(demo_data: Path, publication: Publication, unit: str, grain: str) -> None:
    effects, points = drawn(visit(demo_data, "people", unit=unit, grain=grain))["headcount_bridge"]["data"]
    opening, closing = points["x"]
    assert opening + sum(effects["x"]) == closing
    days = window(publication, grain)
    for shown, day in ((opening, days.start - timedelta(days=1)), (closing, days.end)):
        counted = one(
            publication,
            "select sum(numerator) from metrics.kpi_headcount where date_day = ? and (? = 'all' or business_unit = ?)",
            day, unit, unit,
        )  # fmt: skip
        assert shown == counted
    hired = one(
        publication,
        "select count(*) from marts.fct_employees where is_counted and admission_date between ? and ?"
        " and (? = 'all' or business_unit = ?)",
        days.start, days.end, unit, unit,
    )  # fmt: skip
    assert effects["x"][0] == hired


def test_small_groups_are_not_shown_alone(demo_data: Path, publication: Publication) -> None:
    """The sample's unit CO has a department of three."""
    app = visit(demo_data, "people", unit="CO", grain="month")
    chart = drawn(app)["turnover_by_department"]
    labels = chart["layout"]["yaxis"]["ticktext"]
    assert "Administrativo" not in labels
    assert vocabulary.member("grouped") in labels
    left = one(
        publication,
        "select sum(leavers) from marts.fct_headcount_days where business_unit = 'CO' and date_day > date '2025-11-20'",
    )
    assert sum(int(text.split(" · ")[1]) for text in chart["data"][0]["text"]) == left


def test_groups_hide_whom_they_must() -> None:
    teams = [Team("a", 3.0, 1, 1), Team("b", 30.0, 2, 0), Team("c", 8.0, 0, 0)]
    assert grouped(teams) == [Team("b", 30.0, 2, 0), Team("grouped", 11.0, 1, 1)], "three alone would still be shown"
    assert grouped([Team("a", 3.0, 1, 1), Team("b", 3.0, 0, 0), Team("c", 9.0, 0, 0)])[-1].headcount == 6.0
    assert grouped([Team("a", 3.0, 1, 1)]) == []
    assert grouped([Team("b", SMALLEST, 2, 0)]) == [Team("b", SMALLEST, 2, 0)]


def test_people_charts_recounted(whole: dict[str, Any], publication: Publication) -> None:
    first = window(publication, "week").first
    lost = publication.fetch(
        "select is_unjustified, sum(hours) as hours from marts.fct_absences"
        " where is_absence and is_counted and absence_date between date '2026-11-09' and date '2026-11-15' group by 1 order by 1"
    )["hours"].to_list()
    hours = one(
        publication,
        "select sum(contracted_hours) from marts.fct_headcount_days where date_day between date '2026-11-09' and date '2026-11-15'",
    )
    place = (date(2026, 11, 9) - first).days // 7
    shares = [trace["y"][place] for trace in whole["people"]["absence"]["data"]]
    assert shares == pytest.approx([float(amount) / float(hours) for amount in lost])
    cost = one(publication, "select sum(cost_brl) from marts.fct_payroll_months where month_start = date '2026-10-01'")
    headcount = one(
        publication,
        "select avg(people) from (select sum(closing_headcount) as people from marts.fct_headcount_days"
        " where date_day between date '2026-10-01' and date '2026-10-31' group by date_day)",
    )
    assert whole["people"]["payroll_per_head"]["data"][0]["y"][-1] == pytest.approx(float(cost) / float(headcount))


def test_it_charts_recounted(whole: dict[str, Any], publication: Publication) -> None:
    since, first = AS_OF - timedelta(days=91), window(publication, "week").first
    assert sum(whole["it"]["incidents"]["data"][0]["x"]) == one(
        publication,
        "select count(*) from marts.fct_incidents where not is_planned_maintenance"
        " and (recovered_date is null or recovered_date > ?)",
        since,
    )
    well, failed = parts(whole["it"]["changes"])
    assert (well + failed, failed) == publication.fetch(
        "select count(*), count(*) filter (where is_failed) from marts.fct_changes"
        " where is_deployed and deployed_date between ? and ?",
        (first, AS_OF),
    ).row(0)
    minutes = one(publication, "select sum(down_minutes) from marts.fct_service_days where date_day >= ?", first)
    assert sum(parts(whole["it"]["downtime"])) * 60 == pytest.approx(float(minutes))


def test_legal_charts_recounted(whole: dict[str, Any], publication: Publication) -> None:
    ahead = one(
        publication,
        "select count(*) from marts.fct_contracts where is_in_force and notice_date >= ? and notice_date < date '2027-11-01'",
        AS_OF,
    )
    assert sum(whole["legal"]["contracts_ahead"]["data"][0]["y"]) == ahead
    exposure = one(publication, "select sum(numerator) from metrics.kpi_litigation_exposure where date_day = ?", AS_OF)
    assert sum(whole["legal"]["lawsuits"]["data"][0]["x"]) == pytest.approx(float(exposure), abs=0.005)
    before, known = ask(publication, LEGAL["lawsuits_a_year_ago"], "all", "month").row(0)
    assert known, "also where the day a year ago ends neither a week nor a month"
    assert before == pytest.approx(float(one(
        publication,
        "select sum(amount_brl) from marts.fct_lawsuit_spells where loss_class = 'probable'"
        " and date '2025-11-20' between from_date and to_date",
    )), abs=0.005)  # fmt: skip
    waiting = one(
        publication, "select count(*) from marts.fct_compliance_actions where done_date is null and not is_cancelled"
    )
    assert sum(whole["legal"]["compliance_actions"]["data"][0]["x"]) == waiting


def test_a_curve_of_too_few_cases_is_not_drawn(demo_data: Path, publication: Publication) -> None:
    """Unit CO signed fewer contracts in October than the KPI's minimum."""
    finished = one(
        publication,
        "select sum(finished) from kpi.life_tables where kpi = 'contract_cycle' and grain = 'month'"
        " and period_start = date '2026-10-01' and member = 'CO'",
    )
    assert finished < 5
    app = visit(demo_data, "legal", lang="en", unit="CO")
    assert "still_open_contract_cycle" not in drawn(app)
    assert "Too few cases for a curve." in texts(app)


def test_procurement_charts_recounted(demo_data: Path, whole: dict[str, Any], publication: Publication) -> None:
    assert sum(whole["procurement"]["waiting"]["data"][0]["x"]) == one(
        publication,
        "select count(*) from marts.fct_purchase_requests where received_date is null and status <> 'cancelled'",
    )
    spent = publication.fetch(
        "select supplier_id, cast(sum(amount_brl) as double) as amount from marts.fct_supplier_invoices"
        " where is_measured and receipt_date > date '2026-11-20' - 91 group by 1"
    )["amount"].sort(descending=True)
    bars = whole["procurement"]["spend"]["data"][0]
    assert bars["x"][::-1] == pytest.approx(spent.head(10).to_list())
    running = class_a = 0
    for amount in spent:
        class_a += running < spent.sum() * 0.8
        running += amount
    answer = next(plain(text) for text in texts(visit(demo_data, "procurement")) if "fornecedores fazem" in text)
    assert answer.startswith(f"{class_a} de {spent.len()} fornecedores")
    mean = publication.fetch(
        "select avg(received_date - requested_date) from marts.fct_purchase_requests"
        " where is_measured and is_received and received_date between date '2026-11-09' and date '2026-11-15'"
    ).item()
    place = (date(2026, 11, 9) - window(publication, "week").first).days // 7
    steps = whole["procurement"]["cycle_steps"]["data"]
    assert sum(trace["y"][place] for trace in steps) == pytest.approx(mean), "the steps add up to the whole"


def test_facilities_charts_recounted(whole: dict[str, Any], publication: Publication) -> None:
    first = window(publication, "week").first
    good, off, missing = parts(whole["facilities"]["maintenance"])
    assert (good, off + missing) == publication.fetch(
        "select count(*) filter (where is_compliant), count(*) filter (where not is_compliant)"
        " from marts.fct_maintenance_orders where is_due and due_date between ? and ?",
        (first, AS_OF),
    ).row(0)
    assert sum(whole["facilities"]["open_orders"]["data"][0]["x"]) == one(
        publication, "select count(*) from marts.fct_maintenance_orders where status = 'open'"
    )
    assert sum(whole["facilities"]["inspections"]["data"][0]["x"]) == one(
        publication,
        "select count(*) from marts.fct_inspections where is_due and due_date > ?",
        AS_OF - timedelta(days=91),
    )


def test_a_table_stands_behind_every_chart(demo_data: Path) -> None:
    """It is sent when it is opened, and holds what the chart draws."""
    app = visit(demo_data, "fiscal")
    before = len(app.dataframe)
    app.session_state["table_rejections"] = True
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(demo_data)}):
        app.run()
    tables = [table.value for table in app.dataframe]
    assert len(tables) == before + 1
    counts = sorted(drawn(app)["rejections"]["data"][0]["x"], reverse=True)
    assert any("transmissions" in table and list(table["transmissions"]) == counts for table in tables)


@pytest.fixture(scope="module")
def changed_data(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of what is served, to change; nothing is opened from it yet."""
    folder = tmp_path_factory.mktemp("changed")
    (folder / "serving").mkdir()
    source = current_path(demo_data)
    for name in ("hostile.duckdb", "empty.duckdb"):
        (folder / name).write_bytes(source.read_bytes())
    yield folder
    for name in ("hostile", "empty"):
        if (folder / name / "serving" / "current").is_file():
            current(folder / name).close()


def serve(folder: Path, name: str, statements: list[str]) -> Path:
    """A data folder that serves the copy `name`, changed by the statements."""
    data = folder / name
    (data / "serving").mkdir(parents=True)
    path = data / "serving" / f"{name}.duckdb"
    (folder / f"{name}.duckdb").rename(path)
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    (data / "serving" / "current").write_text(path.name)
    return data


def test_hostile_names_stay_text_in_the_charts(changed_data: Path) -> None:
    hostile = "<b>x</b> [click](https://example.org) " + "long " * 30
    data = serve(
        changed_data, "hostile",
        [
            f"update marts.fct_supplier_invoices set supplier_name = '{hostile}'",
            f"update marts.fct_service_days set service = '{hostile}'",
            f"update marts.fct_fiscal_transmissions set status_reason = '{hostile}'",
            f"update marts.fct_maintenance_orders set asset_class = '{hostile}'",
            f"update marts.fct_headcount_days set department = '{hostile}'",
        ],
    )  # fmt: skip
    for area in ("procurement", "it", "fiscal", "facilities", "people"):
        app = visit(data, area, lang="en", grain="quarter")
        spec = json.dumps(figures(app))
        assert "<b>x" not in spec
        assert "&lt;b&gt;x" in spec, area
        assert not any("](https" in text.replace("\\]", "") for text in texts(app)), area


def test_an_empty_company_is_told_so(changed_data: Path, publication: Publication) -> None:
    """A company that exports nothing of an area has a page of sentences: no chart of nothing, no error."""
    tables = publication.fetch(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('marts', 'metrics') and table_name not like 'dim_%'"
    )
    emptied = [f"delete from {schema}.{name}" for schema, name in tables.iter_rows()]
    cleared = ["delete from kpi.life_tables", "delete from kpi.kpi_values"]
    data = serve(changed_data, "empty", [*emptied, *cleared])
    app = visit(data, "overview", lang="en")
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(data)}):
        for area, charts in CHARTS.items():
            app.switch_page(f"app_pages/{area}.py").run()
            assert not app.exception, (area, [problem.value for problem in app.exception])
            assert not figures(app), area
            headings = len(app.main.header)
            assert headings >= charts, area
            # Good news would be a guess: where nothing was loaded, nothing is late either.
            assert texts(app).count("No record is known yet.") == headings, area

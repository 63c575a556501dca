"""The charts of the areas, against an independent recount of the published marts: whole company, one unit, each grain."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from dashboard import vocabulary
from dashboard.published import Publication
from dashboard.queries.legal import QUERIES as LEGAL
from dashboard.queries.windows import ask, window
from tests.dashboard.visiting import AS_OF, CHARTS, drawn, figures, one, plain, texts, visit

NEW = ("receivables", "fiscal", "people", "it", "legal", "procurement", "facilities")


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

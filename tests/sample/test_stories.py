"""The planted stories of data/sample/STORIES.md must be found by the published KPIs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.sample.company import ERP_CHANGE, NPS_DROP_START, SLOWDOWN_START
from pipeline.sample.dirt import ERROR_PAGE_NAME
from pipeline.sample.journal import MIGRATED_MODULE
from pipeline.sample.suppliers import DELETED_SUPPLIER

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


class Published:
    """The published KPIs, asked for by name, period and member."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def row(self, kpi: str, grain: str, start: date, dimension: str = "total", member: str = "total") -> dict[str, Any]:
        """The one published row of a KPI, period and member."""
        found = self.connection.execute(
            "select * from kpi.kpi_values where kpi = ? and grain = ? and period_start = ? and dimension = ? "
            "and member = ?",
            [kpi, grain, start, dimension, member],
        )
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
        assert len(rows) == 1, f"{kpi} {grain} {start} {dimension} {member}: {len(rows)} rows"
        return rows[0]

    def value(self, kpi: str, grain: str, start: date, dimension: str = "total", member: str = "total") -> float:
        """The published value alone."""
        return self.row(kpi, grain, start, dimension, member)["value"]

    def signals(
        self, kpi: str, grain: str, first: date, last: date, dimension: str = "total", member: str = "total"
    ) -> list[tuple[date, str]]:
        """Periods with a signal for the worse and the rule that fired."""
        return self.connection.execute(
            "select period_start, rule from kpi.kpi_signals where kpi = ? and grain = ? and dimension = ? "
            "and member = ? and period_start between ? and ? and rule is not null and direction = 'worse' order by 1",
            [kpi, grain, dimension, member, first, last],
        ).fetchall()

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Any other question to the published file."""
        return self.connection.execute(query, list(parameters)).fetchall()


@pytest.fixture(scope="module")
def published(published_copy: Path) -> Iterator[Published]:
    connection = duckdb.connect(str(published_copy), read_only=True)
    yield Published(connection)
    connection.close()


def weeks(first: date, count: int) -> list[date]:
    return [first + timedelta(weeks=number) for number in range(count)]


# Story 1: payments slow down in unit SUL from 2026-W37


def test_payments_slow_down_in_the_south(published: Published) -> None:
    def change(unit: str) -> float:
        """Mean of the monthly medians since the slowdown, less that of the two months before."""
        values = [
            [published.value("days_to_pay", "month", date(2026, month, 1), "business_unit", unit) for month in months]
            for months in ((7, 8), (9, 10, 11))
        ]
        return sum(values[1]) / 3 - sum(values[0]) / 2

    assert 7 <= change("SUL") <= 12
    for unit in ("MTZ", "NE", "CO"):
        assert abs(change(unit)) <= 2, unit


def test_the_slowdown_is_a_signal_of_the_unit_and_of_the_total(published: Published) -> None:
    last = SLOWDOWN_START + timedelta(weeks=9)
    for dimension, member in (("total", "total"), ("business_unit", "SUL")):
        found = published.signals("days_to_pay", "week", SLOWDOWN_START, last, dimension, member)
        assert len(found) >= 6, (member, found)
        first = published.signals("days_to_pay", "week", SLOWDOWN_START - timedelta(weeks=8), last, dimension, member)
        assert first[0][0] >= SLOWDOWN_START - timedelta(weeks=1), (member, first)


def test_the_mean_of_the_paid_alone_understates_the_slowdown(published: Published) -> None:
    row = published.row("days_to_pay", "month", OCTOBER, "business_unit", "SUL")
    before = published.row("days_to_pay", "month", date(2026, 8, 1), "business_unit", "SUL")
    assert row["open"] > before["open"] * 1.3
    # the area under the survival curve counts those still open; the mean of the paid does not
    gained = restricted_mean(published, OCTOBER) - restricted_mean(published, date(2026, 8, 1))
    assert gained > row["mean"] - before["mean"] + 2


def restricted_mean(published: Published, month: date) -> float:
    """Mean days to pay within 75 days of unit SUL: the area under the published survival curve up to there."""
    return published.rows(
        "select sum(survival * (least(next_age, 75) - age)) from (select age, survival, "
        "lead(age, 1, 75) over (order by age) as next_age from kpi.life_tables where kpi = 'days_to_pay' "
        "and grain = 'month' and dimension = 'business_unit' and member = 'SUL' and period_start = ? and age < 75)",
        month,
    )[0][0]


# Story 2: the NPS of unit NE drops from 2026-W40, with deliveries in the comments


def test_customers_of_the_northeast_turn_away(published: Published) -> None:
    before = published.value("nps", "quarter", date(2026, 7, 1), "business_unit", "NE")
    after = published.value("nps", "month", OCTOBER, "business_unit", "NE")
    assert before - after > 50
    assert after < 0
    found = published.signals("nps", "month", OCTOBER, date(2026, 11, 1), "business_unit", "NE")
    assert found
    assert found[0][0] == OCTOBER


def test_the_comments_name_the_cause(published: Published) -> None:
    shares = published.rows(
        "select answered_date >= ?, avg(case when lower(comment) like '%atraso na entrega%' or lower(comment) like "
        "'%avariad%' then 1.0 else 0 end) from marts.fct_survey_responses where business_unit = 'NE' and score <= 6 "
        "and trim(comment) <> '' group by 1 order by 1",
        NPS_DROP_START,
    )
    assert shares[0][1] < 0.2
    assert shares[1][1] > 0.7


# Story 3: every desk keeps its targets more often, and the total less: October 2026 against September


def test_every_desk_improves_and_the_total_worsens(published: Published) -> None:
    for desk in ("it", "hr", "finance", "facilities"):
        assert published.value("sla_met", "month", OCTOBER, "desk", desk) > published.value(
            "sla_met", "month", SEPTEMBER, "desk", desk
        ), desk
    assert published.value("sla_met", "month", SEPTEMBER) - published.value("sla_met", "month", OCTOBER) > 0.03
    assert published.value("tickets_opened", "month", OCTOBER, "desk", "facilities") > 3 * published.value(
        "tickets_opened", "month", SEPTEMBER, "desk", "facilities"
    )


# Story 4: reversals after the ERP change of 2026-08-03, five weeks long, in one module


def test_reversals_spike_after_the_erp_change(published: Published) -> None:
    for week in weeks(ERP_CHANGE, 5):
        assert published.value("journal_error_rate", "week", week) > 0.06, week
    for week in [*weeks(ERP_CHANGE - timedelta(weeks=6), 6), *weeks(ERP_CHANGE + timedelta(weeks=5), 6)]:
        assert published.value("journal_error_rate", "week", week) < 0.06, week
    signals = published.signals("journal_error_rate", "week", ERP_CHANGE, ERP_CHANGE + timedelta(weeks=4))
    assert [week for week, _ in signals] == weeks(ERP_CHANGE, 5)
    assert {rule for _, rule in signals} == {"outside"}
    assert published.value("journal_error_rate", "month", date(2026, 8, 1), "module", MIGRATED_MODULE) > 0.3
    for module in ("Contas a pagar", "Contas a receber"):
        assert published.value("journal_error_rate", "month", date(2026, 8, 1), "module", module) < 0.06


# Story 5: projects whose return is two numbers, none, or paid for by half as much again


def test_a_return_is_ambiguous_and_another_undefined(published: Published) -> None:
    ambiguous = published.row("investment_irr", "month", OCTOBER, "project", project(published, "P-004"))
    assert (ambiguous["value"], ambiguous["state"]) == (None, "ambiguous")
    undefined = published.row("investment_irr", "month", OCTOBER, "project", project(published, "P-005"))
    assert (undefined["value"], undefined["state"]) == (None, "undefined")
    clear = published.row("investment_irr", "month", OCTOBER, "project", project(published, "P-001"))
    assert clear["state"] == "ok"
    assert 0.1 < clear["value"] < 0.35


def test_the_new_erp_is_far_over_budget(published: Published) -> None:
    overrun = published.value("investment_budget_overrun", "month", OCTOBER, "project", project(published, "P-003"))
    assert 0.45 < overrun < 0.65
    spared = published.value("investment_budget_overrun", "month", OCTOBER, "project", project(published, "P-001"))
    assert spared < 0.05


def project(published: Published, code: str) -> str:
    """The member by which the KPIs know a project: its code, or the label that begins with it."""
    members = published.rows(
        "select distinct member from kpi.kpi_values where kpi = 'investment_irr' and dimension = 'project' "
        "and starts_with(member, ?)",
        code,
    )
    assert len(members) == 1, members
    return members[0][0]


# Story 6: one objective of 2026-T4 cannot reach its target, another is on track


def test_one_objective_cannot_be_reached_and_one_is_on_track(published: Published) -> None:
    pace = {
        code: published.rows(
            "select value from kpi.kpi_values where kpi = 'okr_pace' and grain = 'week' and dimension = 'objective' "
            "and starts_with(member, ?) and period_start = ?",
            code,
            date(2026, 11, 16),
        )[0][0]
        for code in ("O-26T4-1", "O-26T4-3")
    }
    assert pace["O-26T4-3"] < 0.35
    assert pace["O-26T4-1"] > 0.85


# The dirt: what must not be loaded is not, and is told


def test_bad_rows_are_quarantined_and_the_error_page_rejected(published: Published) -> None:
    by_table = published.rows("select table_name, count(distinct (file_id, line)) from meta.quarantine group by all")
    planted = {"payables": 5 + 2, "journal_lines": 2, "nps_responses": 2, "tickets": 2, "check_ins": 1}
    # the other areas assert theirs beside their stories
    found = {name.split(".")[-1]: count for name, count in by_table}
    assert {name: found.get(name) for name in planted} == planted
    assert found["bank_transactions"] >= 1
    rejected = published.rows("select distinct file_name from meta.files where state = 'rejected'")
    assert (ERROR_PAGE_NAME,) in rejected


def test_mended_rows_arrive_and_the_deleted_supplier_is_gone(published: Published) -> None:
    mended = published.rows(
        "select document, due_date, amount_brl from marts.fct_payables where document like 'NF99%' order by 1"
    )
    assert mended == [("NF990001", date(2026, 11, 27), 1250), ("NF990002", date(2026, 12, 2), 1234)]
    assert published.rows("select count(*) from marts.dim_suppliers where supplier_id = ?", DELETED_SUPPLIER) == [(0,)]


def test_the_mapped_files_have_their_units(published: Published) -> None:
    by_unit = published.rows("select distinct business_unit from marts.fct_bank_transactions order by 1")
    assert by_unit == [("CO",), ("MTZ",), ("NE",), ("SUL",)]
    channels = published.rows(
        "select distinct channel from marts.fct_survey_responses where sent_date >= ? order by 1", date(2026, 11, 1)
    )
    assert channels == [("E-mail",), ("Telefone",), ("WhatsApp",)]

"""The totals that data/sample/STORIES.md tells are those of the loaded sample, and every KPI has two years of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from kpis.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parents[2]
STORIES = ROOT / "data" / "sample" / "STORIES.md"
LEAST_MONTHS = 24

# What the page says, and the question that answers it: each {} is the next number of the answer.
# `from n(table)` stands for the count of the rows that are known now.
TOLD = {
    "{} payables and {} receivables by instalment": "select (from n('erp.payables')), (from n('erp.receivables'))",
    "{} journal entries ({} lines)": "select count(distinct entry_id), count(*) from erp.journal_lines "
    "where _valid_to is null",
    "{} tickets ({} events)": "select (from n('helpdesk.tickets')), (from n('helpdesk.ticket_events'))",
    "{} survey answers and invitations": "from n('surveys.nps_responses')",
    "{} bank lines, {} balances": "select (from n('bank.bank_transactions')), (from n('bank.balances'))",
    "{} suppliers ({} versions)": "select count(distinct supplier_id), count(*) from erp.suppliers",
    "{} purchase requests": "from n('erp.purchase_requests')",
    "{} objectives with {} key results and {} check-ins": "select (from n('strategy.objectives')), "
    "(from n('strategy.key_results')), (from n('strategy.check_ins'))",
    "{} projects with {} flows": "select (from n('investments.projects')), (from n('investments.project_cash_flows'))",
    "In all {} rows are read": "select sum(rows_read)::bigint from load.tables",
    "from {} files (those in archives counted one by one)": "select count(*) from load.files",
    "one by one): {} loaded, {} unchanged, {} quarantined": "select sum(rows_loaded)::bigint, "
    "sum(rows_unchanged)::bigint, sum(rows_quarantined)::bigint from load.tables",
    "quarantined; {} files rejected": "select count(*) from load.files where state = 'rejected'",
    "{} supplier closed": "select sum(rows_closed)::bigint from load.tables",
    "{} employments, {} vacancies, {} absences, {} participations in trainings, {} payroll rows, {} vacation periods, "
    "{} invitations to the employee survey": "select (from n('people.employees')), (from n('people.requisitions')), "
    "(from n('people.absences')), (from n('people.trainings')), (from n('people.payroll')), "
    "(from n('people.vacations')), (from n('surveys.employee_survey'))",
    "{} services, {} interruptions, {} changes": "select (from n('it.services')), (from n('it.incidents')), "
    "(from n('it.changes'))",
    "{} contracts, {} lawsuits ({} versions), {} compliance actions": "select (from n('legal.contracts')), "
    "(from n('legal.lawsuits')), (select count(*) from legal.lawsuits), (from n('legal.compliance_actions'))",
    "{} maintenance orders, {} inspections": "select (from n('facilities.maintenance_orders')), "
    "(from n('facilities.inspections'))",
    "{} orders ({} lines) of {} customers over {} items become {} shipments": "select (from n('erp.orders')), "
    "(from n('erp.order_lines')), (from n('erp.customers')), (from n('erp.items')), (from n('logistics.shipments'))",
    "stock moves {} times and is counted {} times": "select (from n('erp.stock_movements')), "
    "(from n('erp.stock_counts'))",
    "{} notes of Aurora's own come as XML": "select count(distinct access_key) from fiscal.fiscal_documents "
    "where starts_with(issuer_tax_id, '11222333') and environment = 'production' and protocol <> 'none'",
    "{} correction letters": "select count(*) from fiscal.fiscal_events where event_type = '110110'",
}


@pytest.fixture(scope="module")
def raw(demo_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute(f"attach '{demo_data / 'raw.duckdb'}' as raw (read_only)")
    connection.execute("use raw")
    yield connection
    connection.close()


@pytest.mark.parametrize("words", TOLD)
def test_a_total_that_is_told_is_the_loaded_one(raw: duckdb.DuckDBPyConnection, words: str) -> None:
    statement = TOLD[words]
    for name in re.findall(r"from n\('([\w.]+)'\)", statement):
        counted = f"select count(*) from {name} where _valid_to is null"
        statement = statement.replace(f"from n('{name}')", counted, 1)
    (numbers,) = raw.execute(statement).fetchall()
    text = " ".join(STORIES.read_text(encoding="utf-8").split())
    assert words.format(*(f"{number:,}" for number in numbers)) in text


def test_every_kpi_has_two_years_of_sample(published_copy: Path) -> None:
    connection = duckdb.connect(str(published_copy), read_only=True)
    found: dict[str, tuple[date, date]] = {
        kpi: (first, last)
        for kpi, first, last in connection.execute(
            "select kpi, min(period_start), max(period_start) from kpi.kpi_values "
            "where grain = 'month' and dimension = 'total' and state <> 'no_data' group by kpi"
        ).fetchall()
    }
    connection.close()
    months = {kpi: (last.year - first.year) * 12 + last.month - first.month + 1 for kpi, (first, last) in found.items()}
    assert {kpi: months.get(kpi, 0) for kpi in load_catalogue(ROOT) if months.get(kpi, 0) < LEAST_MONTHS} == {}

"""The planted stories of receivables, treasury, controlling and procurement must be found by the published KPIs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.sample import controlling
from pipeline.sample.bank_movements import THIRD_PARTIES
from pipeline.sample.payables import COUNT_TYPED_TWICE
from pipeline.sample.purchasing import SLOW_CATEGORY
from pipeline.sample.receivables import LATER_GROUP, LATER_UNIT

BEFORE, AFTER = date(2026, 4, 1), date(2026, 10, 1)


@pytest.fixture(scope="module")
def published(published_copy: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(published_copy), read_only=True)
    yield connection
    connection.close()


def value(
    published: duckdb.DuckDBPyConnection,
    kpi: str,
    grain: str,
    start: date,
    dimension: str = "total",
    member: str = "total",
    *,
    column: str = "value",
) -> float:
    """The one published value (or another column of it) of a KPI, period and member."""
    rows = published.execute(
        f"select {column} from kpi.kpi_values where kpi = ? and grain = ? and period_start = ? and dimension = ? "
        "and member = ?",
        [kpi, grain, start, dimension, member],
    ).fetchall()
    assert len(rows) == 1, f"{kpi} {grain} {start} {dimension} {member}: {len(rows)} rows"
    return rows[0][0]


def test_one_group_pays_one_unit_later(published: duckdb.DuckDBPyConnection) -> None:
    late = {
        unit: [
            published.execute(
                "select sum(numerator) / sum(denominator) from metrics.kpi_collected_late "
                "where business_unit = ? and customer_group = ? and date_day between ? and ?",
                [unit, LATER_GROUP, first, last],
            ).fetchall()[0][0]
            for first, last in ((date(2026, 1, 1), date(2026, 7, 5)), (date(2026, 7, 13), date(2026, 11, 19)))
        ]
        for unit in (LATER_UNIT, "MTZ")
    }
    assert late[LATER_UNIT][0] < 0.3
    assert late[LATER_UNIT][1] > 0.85
    assert abs(late["MTZ"][1] - late["MTZ"][0]) < 0.12, "the same group elsewhere pays as before"
    slower = [
        value(published, "days_to_collect", "quarter", start, "business_unit", LATER_UNIT) for start in (BEFORE, AFTER)
    ]
    assert slower[1] - slower[0] >= 10


def test_what_that_group_owes_piles_up(published: duckdb.DuckDBPyConnection) -> None:
    owed = [
        value(published, "overdue_receivables", "month", start, "business_unit", LATER_UNIT)
        for start in (date(2026, 6, 1), date(2026, 10, 1))
    ]
    assert owed[1] > 1.3 * owed[0]


def test_the_closing_slips_in_the_second_quarter_of_2026(published: duckdb.DuckDBPyConnection) -> None:
    # the closing of a month is under way in the next
    slipped = [value(published, "days_to_close", "month", date(2026, month, 1)) for month in (5, 6, 7)]
    usual = [value(published, "days_to_close", "month", date(2026, month, 1)) for month in (2, 3, 4, 8, 9, 10)]
    assert min(slipped) >= 11
    assert max(usual) <= 7
    still_open = published.execute(
        "select business_unit, period from marts.fct_closings where not is_locked"
    ).fetchall()
    assert still_open == [("CO", "2026-10")]


def test_one_cost_centre_overruns_its_budget(published: duckdb.DuckDBPyConnection) -> None:
    quarter = date(2026, 7, 1)
    centre = value(published, "budget_variance", "quarter", quarter, "cost_centre", controlling.OVERRUN_CENTRE)
    assert -0.42 < centre < -0.3
    for other in ("1010", "2020"):
        assert abs(value(published, "budget_variance", "quarter", quarter, "cost_centre", other)) < 0.03, other
    account = controlling.ACCOUNTS[controlling.OVERRUN_ACCOUNT][0]
    assert value(published, "budget_variance", "quarter", quarter, "account", account) < -0.34
    assert abs(value(published, "budget_variance", "quarter", BEFORE)) < 0.03, "before, the whole keeps to its budget"


def test_invoices_paid_twice_are_found(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("select document, first_payable_id from marts.fct_duplicate_payments").fetchall()
    assert len(rows) == COUNT_TYPED_TWICE
    assert all(document.isdigit() and f"NF{document}" in first for document, first in rows)
    counted = published.execute("select sum(numerator) from metrics.kpi_duplicate_payments").fetchall()[0][0]
    assert counted == COUNT_TYPED_TWICE


def test_the_corrected_august_is_not_right_the_first_time(published: duckdb.DuckDBPyConnection) -> None:
    august = value(published, "first_time_right_invoices", "month", date(2026, 8, 1), "business_unit", "MTZ")
    july = value(published, "first_time_right_invoices", "month", date(2026, 7, 1), "business_unit", "MTZ")
    assert august < 0.9 < july


def test_reconciliation_leaves_what_nobody_can_tell(published: duckdb.DuckDBPyConnection) -> None:
    rules = dict(
        published.execute("select match_rule, count(*) from marts.fct_bank_transactions group by match_rule").fetchall()
    )
    assert set(rules) == {"own_transfer", "exact", "amount_and_name", "several", "batch", "ledger", "unmatched"}
    assert rules["unmatched"] < 0.01 * sum(rules.values())
    unmatched = dict(
        published.execute(
            "select category, count(*) from marts.fct_bank_transactions where not is_reconciled group by category"
        ).fetchall()
    )
    assert set(unmatched) == {"customers", "bank_fees"}, "money of third parties, and fees that nobody has posted"
    assert unmatched["customers"] >= len(THIRD_PARTIES) * 5


def test_own_transfers_are_in_no_cash_flow(published: duckdb.DuckDBPyConnection) -> None:
    moved, net = published.execute(
        "select count(*), sum(amount_brl) from marts.fct_bank_transactions where category = 'own_transfer'"
    ).fetchall()[0]
    assert moved > 150
    assert net == 0
    assert "own_transfer" not in {
        member
        for (member,) in published.execute("select distinct category from metrics.kpi_operating_cash_flow").fetchall()
    }


def test_reviews_lapse_and_a_double_supplier_is_cleaned_up(published: duckdb.DuckDBPyConnection) -> None:
    quality = [
        value(published, "supplier_data_quality", "month", start) for start in (date(2026, 1, 1), date(2026, 10, 1))
    ]
    assert quality[0] - quality[1] > 0.2
    double = [
        value(published, "duplicate_suppliers", "month", start, column="numerator")
        for start in (date(2026, 9, 1), date(2026, 10, 1))
    ]
    assert double[0] - double[1] == 1, "F0120, the second registration of F0007"


def test_one_category_waits_for_a_committee(published: duckdb.DuckDBPyConnection) -> None:
    slow = value(published, "purchase_cycle_time", "year", date(2026, 1, 1), "category", SLOW_CATEGORY)
    usual = value(published, "purchase_cycle_time", "year", date(2026, 1, 1), "category", "Mercadorias")
    assert slow - usual >= 8
    orphans = published.execute(
        "select count(*) from marts.fct_purchase_requests "
        "where is_received and not is_invoiced and received_date < date '2026-11-13'"
    ).fetchall()[0][0]
    assert orphans == 0, "what was received leads to an invoice among the payables, within days"


def test_bad_rows_are_quarantined_and_nothing_else(published: duckdb.DuckDBPyConnection) -> None:
    tables = ("receivables", "customers", "closings", "budget", "accounts", "purchase_requests", "cost_centres")
    found = {
        name.split(".")[-1]: count
        for name, count in published.execute(
            "select table_name, count(distinct (file_id, line)) from meta.quarantine group by all"
        ).fetchall()
    }
    planted = {"receivables": 3, "purchase_requests": 1, "closings": 1}
    assert {name: found[name] for name in tables if name in found} == planted

"""The dbt project on a small raw store: it builds whole, and a build of the past repeats what was built in the past."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import load_contracts
from ingestion.raw import open_raw
from tests.models.conftest import BuildModels

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FIRST = datetime(2026, 3, 31, 12)
SECOND = datetime(2026, 4, 30, 12)
COMPARED = (
    "marts.fct_payables", "marts.fct_journal_entries", "marts.fct_journal_lines", "marts.dim_suppliers",
    "metrics.kpi_days_to_pay", "metrics.kpi_paid_late", "metrics.kpi_paid_within_30_value", "metrics.kpi_amount_paid",
    "metrics.kpi_journal_error_rate", "metrics.kpi_journal_error_value_rate",
    "marts.fct_supplier_invoices", "marts.fct_supplier_checks",
    "metrics.kpi_first_time_right_invoices", "metrics.kpi_days_payable_outstanding", "metrics.kpi_manual_entries",
    "metrics.kpi_supplier_data_quality", "metrics.kpi_duplicate_suppliers",
)  # fmt: skip


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, known_at: datetime, rows: list[dict[str, object]]
) -> None:
    """Write contract rows as raw keeps them, known from a moment; lines are numbered by what the table holds."""
    for row in rows:
        line = connection.execute(f"select count(*) + 1 from {table}").fetchall()[0][0]
        full = {
            "company": "01", "business_unit": "SUL", **row, "_file_id": 1, "_line": line, "_batch_id": "b",
            "_valid_from": known_at,
        }  # fmt: skip
        marks = ", ".join("?" for _ in full)
        connection.execute(f"insert into {table} ({', '.join(full)}) values ({marks})", list(full.values()))


def close(connection: duckdb.DuckDBPyConnection, table: str, condition: str, known_at: datetime) -> None:
    connection.execute(f"update {table} set _valid_to = ? where {condition} and _valid_to is null", [known_at])


def payable(document: str, received: str, due: str, paid: str | None, amount: int, status: str) -> dict[str, object]:
    return {
        "supplier_id": "S1", "document": document, "instalment": 1, "issue_date": received, "receipt_date": received,
        "due_date": due, "paid_date": paid, "amount_brl": amount, "paid_amount_brl": amount if paid else None,
        "category": "Frete", "disputed": False, "status": status,
    }  # fmt: skip


def entry(entry_id: str, day: str, amount: int, reverses: str | None = None, reason: str | None = None):
    """Two lines, account 1 against account 2, the other way round for a correction."""
    for line, account in ((1, "1"), (2, "2")):
        is_debit = (line == 1) == (reverses is None)
        yield {
            "entry_id": entry_id, "line_number": line, "posting_date": day, "period": day[:7], "account": account,
            "debit_brl": amount if is_debit else 0, "credit_brl": 0 if is_debit else amount, "source": "manual",
            "module": "Contas a pagar", "preparer": "ana", "entry_kind": "normal", "reverses_entry_id": reverses,
            "correction_reason": reason,
        }  # fmt: skip


def table_rows(path: Path, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(f"select * from {table} order by all").fetchall()


def one(path: Path, query: str) -> tuple[object, ...]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()[0]


@pytest.fixture(scope="module")
def builds(build_models: BuildModels, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Built on what was known on 31 March; then corrections arrive; built as of 31 March again, and as of 30 April."""
    folder = tmp_path_factory.mktemp("dbt")
    contracts = load_contracts(ROOT)
    raw = open_raw(folder / "raw.duckdb", contracts)
    suppliers = [
        {"supplier_id": "S1", "name": "Transportes Sul Ltda", "tax_id": "11.222.333/0001-81", "active": True},
        {"supplier_id": "S2", "name": "João da Silva", "tax_id": "529.982.247-25", "active": True},
    ]
    insert(raw, "erp.suppliers", FIRST, suppliers)
    insert(raw, "erp.payables", FIRST, [
        payable("in_time", "2026-02-02", "2026-03-02", "2026-03-02", 100, "paid"),
        payable("carnival", "2026-01-14", "2026-02-14", "2026-02-18", 200, "paid"),
        payable("unpaid", "2026-02-02", "2026-03-10", None, 300, "open"),
        payable("not_due", "2026-03-20", "2026-04-20", None, 400, "open"),
    ])  # fmt: skip
    lines = [*entry("E1", "2026-01-15", 1000), *entry("E2", "2026-01-15", 250)]
    insert(raw, "erp.journal_lines", FIRST, lines)
    raw.close()
    first = build_models(folder, "first", FIRST)

    raw = open_raw(folder / "raw.duckdb", contracts)
    close(raw, "erp.payables", "document in ('unpaid', 'not_due')", SECOND)
    insert(raw, "erp.payables", SECOND, [
        payable("unpaid", "2026-02-02", "2026-03-10", "2026-04-08", 300, "paid"),
        payable("not_due", "2026-03-20", "2026-04-20", None, 400, "cancelled"),
    ])  # fmt: skip
    insert(raw, "erp.journal_lines", SECOND, [*entry("E3", "2026-04-02", 250, "E2", "Conta errada")])
    raw.close()
    only = ("--resource-type", "model", "--resource-type", "seed")
    narrow = (
        *only,
        "--select",
        "+path:models/metrics/payables",
        "+path:models/metrics/accounting",
        "+path:models/metrics/procurement",
        "+fct_supplier_checks",
        "+fct_journal_lines",
    )
    again = build_models(folder, "again", FIRST, *narrow)
    later = build_models(folder, "later", SECOND, *narrow)
    return {"first": first, "again": again, "later": later}


@pytest.mark.parametrize("table", COMPARED)
def test_build_of_the_past_repeats_the_past(builds: dict[str, Path], table: str) -> None:
    before = table_rows(builds["first"], table)
    assert before
    assert table_rows(builds["again"], table) == before


def test_late_counts_the_unpaid_and_the_banking_day(builds: dict[str, Path]) -> None:
    query = "select sum(numerator), sum(denominator) from metrics.kpi_paid_late"
    # Carnival moved the due date to the day it was paid; only the unpaid one is late, the one of April not yet due.
    assert one(builds["first"], query) == (1, 3)
    # Paid at last, it stays late at its due date; the cancelled one is gone.
    assert one(builds["later"], query) == (1, 3)
    assert one(builds["later"], "select count(*) from marts.fct_payables where is_measured") == (3,)


def test_days_to_pay_at_risk_and_finished(builds: dict[str, Path]) -> None:
    query = "select exit_age, is_finished from metrics.kpi_days_to_pay order by exit_age"
    with duckdb.connect(str(builds["first"]), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [(11, False), (28, True), (35, True), (57, False)]
    with duckdb.connect(str(builds["later"]), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [(28, True), (35, True), (65, True)]


def test_correction_restates_the_origin_period(builds: dict[str, Path]) -> None:
    query = (
        "select date_day::varchar, numerator, denominator from metrics.kpi_journal_error_value_rate order by date_day"
    )
    with duckdb.connect(str(builds["first"]), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [("2026-01-15", 0, 1250)]
    with duckdb.connect(str(builds["later"]), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [("2026-01-15", 250, 1250), ("2026-04-02", 0, 250)]


def test_persons_are_masked_and_companies_are_not(builds: dict[str, Path]) -> None:
    names = table_rows(builds["first"], "(select supplier_name, tax_id from marts.dim_suppliers)")
    assert ("Transportes Sul Ltda", "11.222.333/0001-81") in names
    assert not any("João" in str(value) or "529" in str(value) for row in names for value in row)
    assert one(builds["first"], "select count(*) from marts.fct_journal_entries where preparer = 'ana'") == (0,)

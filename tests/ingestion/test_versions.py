"""What is known when: same file twice, corrections, full exports, late knowledge, and that nothing gets lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.raw import open_raw
from ingestion.reports import FileReport, TableReport
from tests.ingestion.conftest import HEADER, payable

Load = Callable[..., FileReport]
JANUARY, FEBRUARY, MARCH = (datetime(2026, month, 1) for month in (1, 2, 3))
SUPPLIERS = "Empresa;Unidade;Fornecedor;Nome"


def known(store: duckdb.DuckDBPyConnection, at: datetime) -> list[tuple[object, ...]]:
    return store.execute(
        "select document, amount_brl from erp.payables where _valid_from <= ? and (_valid_to is null or _valid_to > ?) "
        "order by document",
        [at, at],
    ).fetchall()


def counts(table: TableReport) -> tuple[int, int, int, int, int, int]:
    return (table.rows_read, table.rows_loaded, table.rows_versioned, table.rows_unchanged, table.rows_closed,
            table.rows_quarantined)  # fmt: skip


def test_the_same_file_twice_changes_nothing(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    lines = [payable(), payable(document="NF-2"), payable(document="NF-3", due="x")]
    load(lines)
    before = store.execute("select * from erp.payables order by _line").fetchall()
    quarantined = store.execute("select count(*) from load.quarantine").fetchall()
    again = load(lines, name="payables_copy.csv")
    assert again.state == "unchanged"
    # What is in quarantine is not in the table, however often its file is loaded.
    assert counts(again.tables[0]) == (3, 0, 0, 2, 0, 1)
    assert (again.tables[0].control_read, again.tables[0].control_unchanged) == (Decimal("3630.00"), Decimal("2420.00"))
    assert [problem.line for problem in again.quarantine] == [4]
    assert store.execute("select * from erp.payables order by _line").fetchall() == before
    assert store.execute("select count(*) from load.quarantine").fetchall() == quarantined
    assert store.execute("select state from load.files order by file_id").fetchall() == [("loaded",), ("unchanged",)]


def test_a_corrected_export_versions_what_changed_only(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    load([payable(document="a"), payable(document="b")], knowledge_at=JANUARY)
    second = load([payable(document="a", amount="1,00"), payable(document="b"), payable(document="c")],
                  name="payables_b.csv", knowledge_at=FEBRUARY)  # fmt: skip
    assert counts(second.tables[0]) == (3, 2, 1, 1, 0, 0)
    assert known(store, JANUARY) == [("a", Decimal("1210.00")), ("b", Decimal("1210.00"))]
    assert known(store, FEBRUARY) == [("a", Decimal("1.00")), ("b", Decimal("1210.00")), ("c", Decimal("1210.00"))]
    assert store.execute("select count(*) from erp.payables").fetchall() == [(4,)]


def test_a_full_export_closes_what_it_no_longer_has(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    def suppliers(lines: list[str], month: datetime) -> FileReport:
        return load(lines, name=f"fornecedores_{month:%m}.csv", header=header, knowledge_at=month)

    contract_headers = store.execute("describe erp.suppliers").fetchall()
    assert contract_headers
    header, rows = _supplier_lines()
    suppliers([rows("01", "a"), rows("01", "b"), rows("02", "z")], JANUARY)
    second = suppliers([rows("01", "a"), rows("01", "c")], FEBRUARY)
    assert counts(second.tables[0]) == (2, 1, 0, 1, 1, 0)
    current = "select company, supplier_id from erp.suppliers where _valid_to is null order by all"
    # The other company's export is another file: its rows stay.
    assert store.execute(current).fetchall() == [("01", "a"), ("01", "c"), ("02", "z")]
    quarantined = suppliers([rows("01", "a"), rows("01", "c", name="")], MARCH)
    # A row in quarantine is not a row that is missing.
    assert counts(quarantined.tables[0]) == (2, 0, 0, 1, 0, 1)
    unknown = suppliers([rows("01", "c"), rows("01", "")], datetime(2026, 4, 1))
    assert counts(unknown.tables[0]) == (2, 0, 0, 1, 0, 1)
    assert "No row was closed as missing" in unknown.message
    assert store.execute(current).fetchall() == [("01", "a"), ("01", "c"), ("02", "z")]


def test_a_full_export_that_comes_back_after_another_counts_again(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    header, row = _supplier_lines()

    def suppliers(lines: list[str], at: datetime) -> FileReport:
        return load(lines, name="fornecedores.csv", header=header, knowledge_at=at)

    first, second = [row("01", "a"), row("01", "b")], [row("01", "a", name="Outro")]
    current = "select supplier_id from erp.suppliers where _valid_to is null order by all"
    suppliers(first, JANUARY)
    suppliers(second, FEBRUARY)
    # As known in January it says nothing new; as known in March it says that all is as it was.
    assert suppliers(first, JANUARY).state == "unchanged"
    assert store.execute(current).fetchall() == [("a",)]
    again = suppliers(first, MARCH)
    assert again.state == "loaded"
    assert counts(again.tables[0]) == (2, 2, 1, 0, 0, 0)
    assert store.execute(current).fetchall() == [("a",), ("b",)]
    assert suppliers(first, MARCH).state == "unchanged"


def test_what_was_not_read_is_told_and_a_thousand_names_are_not(load: Load) -> None:
    extra = [f"c{number}" for number in range(1000)]
    report = load([";".join([payable(), *extra])], header=";".join([HEADER, *extra]))
    assert report.state == "loaded"
    assert report.notes == (
        "Not in the contract, and not loaded: " + ", ".join(f'"c{number}"' for number in range(12)) + " and 988 more.",
    )
    assert report.notes[0] in report.message


def _supplier_lines() -> tuple[str, Callable[..., str]]:
    from ingestion.contracts import load_contracts

    contract = load_contracts(Path(__file__).resolve().parents[2])["erp.suppliers"]
    needed = [column for column in contract.columns if column.required and column.default is None]
    examples = {"date": "01/01/2026", "integer": "1", "money": "1,00", "number": "1", "boolean": "sim",
                "timestamp": "01/01/2026 10:00:00", "text": "x"}  # fmt: skip

    def line(company: str, supplier: str, name: str = "Nome") -> str:
        given_values = {"company": company, "supplier_id": supplier}
        last = next(column for column in reversed(needed) if column.type == "text" and column.name not in given_values)
        given_values[last.name] = name if not last.allowed else next(iter(last.allowed)) if name else ""
        return ";".join(
            given_values.get(column.name, next(iter(column.allowed), examples[column.type])) for column in needed
        )

    return ";".join(column.header("pt_BR") for column in needed), line


def test_knowledge_that_comes_too_late_is_refused_and_changes_nothing(
    load: Load, store: duckdb.DuckDBPyConnection
) -> None:
    load([payable(document="a")], knowledge_at=FEBRUARY)
    before = store.execute("select * from erp.payables").fetchall()
    late = load([payable(document="a", amount="1,00")], name="payables_old.csv", knowledge_at=JANUARY)
    assert late.state == "rejected"
    assert "known at 2026-01-01 00:00:00 UTC" in late.message
    assert "without --as-of" in late.remedy
    assert store.execute("select * from erp.payables").fetchall() == before
    # Other rows of that time are no trouble, and times with a zone are brought to UTC.
    other = load([payable(document="b")], name="payables_c.csv", knowledge_at=JANUARY.replace(tzinfo=UTC))
    assert other.state == "loaded"
    assert [row[0] for row in known(store, JANUARY)] == ["b"]


def test_the_same_key_twice_in_one_file(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    report = load([payable(amount="1,00"), payable(amount="2,00"), payable(amount="2,00"), payable(document="b")])
    assert counts(report.tables[0]) == (4, 2, 0, 1, 0, 1)
    assert report.quarantine[0].line == 2
    assert "same key again in line 4 with other values" in report.quarantine[0].message
    assert store.execute("select amount_brl, _line from erp.payables order by _line").fetchall() == [
        (Decimal("2.00"), 4), (Decimal("1210.00"), 5),
    ]  # fmt: skip


def test_a_contract_that_changed_lets_the_same_file_be_loaded_again(
    store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path
) -> None:
    from dataclasses import replace

    path = tmp_path / "payables.csv"
    path.write_text("\n".join([HEADER, payable(), payable(document="b", status="Suspenso")]), encoding="utf-8")
    assert load_file(store, path, contracts, batch_id="1").tables[0].rows_quarantined == 1
    contract = contracts["erp.payables"]
    status = replace(contract.column("status"), allowed={**contract.column("status").allowed, "on_hold": ("Suspenso",)})
    columns = tuple(status if column.name == "status" else column for column in contract.columns)
    mended = contracts | {"erp.payables": replace(contract, columns=columns)}
    assert counts(load_file(store, path, mended, batch_id="2").tables[0]) == (2, 1, 0, 1, 0, 0)


LINES = st.lists(
    st.builds(
        payable,
        document=st.sampled_from(["a", "b", "c", "d", ""]),
        amount=st.sampled_from(["1,00", "2,50", "1.000,01", "-3,00", "x", "", "1.0"]),
        due=st.sampled_from(["03/07/2026", "31/02/2026"]),
        category=st.sampled_from(["Frete", "", '"duas\nlinhas"', '"a;b"', 'x"y', "sobra;", '"aberta']),
    )
    | st.sampled_from(["", "só um campo", ";" * 14]),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(LINES, min_size=1, max_size=3))
def test_read_is_loaded_and_unchanged_and_quarantined(
    files: list[list[str]], contracts: dict[str, Contract], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("conservation")
    connection = open_raw(folder / "raw.duckdb", {"erp.payables": contracts["erp.payables"]})
    for number, lines in enumerate(files):
        path = folder / f"payables_{number}.csv"
        path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        report = load_file(connection, path, {"erp.payables": contracts["erp.payables"]}, batch_id="b")
        assert report.state in ("loaded", "unchanged")
        table = report.tables[0]
        assert table.rows_read == table.rows_loaded + table.rows_unchanged + table.rows_quarantined
        assert table.control_read == (
            (table.control_loaded or 0) + (table.control_unchanged or 0) + (table.control_quarantined or 0)
        )
    current = connection.execute(
        "select count(*), count(distinct document) from erp.payables where _valid_to is null"
    ).fetchall()
    assert current[0][0] == current[0][1]
    overlap = connection.execute(
        "select count(*) from erp.payables where _valid_to is not null and _valid_to < _valid_from"
    ).fetchall()
    assert overlap == [(0,)]
    connection.close()


def test_a_large_corrected_export_is_compared_row_by_row(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    """More rows than DuckDB keeps in one group, twice: a table made in the same transaction would show none of them."""
    rows = 150_000
    lines = [payable(document=str(number)) for number in range(rows)]
    load(lines, knowledge_at=JANUARY)
    for number in range(0, rows, 100):
        lines[number] = payable(document=str(number), amount="1,00")
    second = load([*lines, payable(document="new")], name="payables_b.csv", knowledge_at=FEBRUARY)
    assert counts(second.tables[0]) == (rows + 1, rows // 100 + 1, rows // 100, rows - rows // 100, 0, 0)
    found = store.execute(
        "select count(*) filter (_valid_to is null), count(*) filter (_valid_to is not null), "
        "sum(amount_brl) filter (_valid_to is null) from erp.payables where _line > 0"
    ).fetchall()
    assert found == [(rows + 1, rows // 100, Decimal("1210.00") * (rows - rows // 100 + 1) + rows // 100)]

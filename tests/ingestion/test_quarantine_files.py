"""Quarantined rows go out in the layout of their file, harmless, and come back when they are mended."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
import xlsxwriter

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.quarantine_files import ADDED_HEADERS, quarantined, write_quarantine_files
from ingestion.reports import FileReport
from tests.ingestion.conftest import HEADER, payable

Load = Callable[..., FileReport]
BAD = payable(document="NF-2", due="32/07/2026", centre="=cmd|' /C calc'!A0", category="@Serviços", amount="-12,50")


def waiting(store: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    (path,) = write_quarantine_files(store, [each for each in quarantined(store) if each.rows > each.resolved], folder)
    return path


def mended(path: Path, *changes: tuple[str, str], without_reasons: bool = False) -> Path:
    """Change the file as a person would; the columns at its end may be thrown away."""
    text = path.read_text(encoding="utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    if without_reasons:
        rows = [row[: -len(ADDED_HEADERS)] for row in csv.reader(text.splitlines(), delimiter=";")]
        text = "\n".join(";".join(row) for row in rows) + "\n"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_rows_keep_their_layout_and_get_the_reasons_beside(load: Load, store, tmp_path: Path) -> None:
    load([payable(), BAD, payable(document="NF-3").rpartition(";")[0]])
    path = waiting(store, tmp_path / "quarantine")
    assert path.name == "1_payables_2026_07.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, first, second = csv.reader(file, delimiter=";")
    assert header == [*HEADER.split(";"), *ADDED_HEADERS]
    assert first[:6] == ["01", "MTZ", "F1", "NF-2", "1", "01/06/2026"]
    # An amount below zero is no formula; what a spreadsheet would run is harmless.
    assert (first[9], first[11], first[12]) == ("-12,50", "'=cmd|' /C calc'!A0", "'@Serviços")
    assert first[15:17] == ["1", "3"]
    assert first[17] == 'Vencimento "32/07/2026" is not a date (dd/mm/aaaa)'
    assert second[:2] == ["01", "MTZ"]
    assert second[-2] == "has 14 fields where the header has 15"


@pytest.mark.parametrize("without_reasons", [False, True])
def test_a_mended_file_loads_and_resolves(load: Load, store, contracts, tmp_path: Path, without_reasons: bool) -> None:
    load([payable(), payable(document="NF-2", due="32/07/2026", amount="-12,50")])
    path = mended(
        waiting(store, tmp_path / "quarantine"), ("32/07/2026", "31/07/2026"), without_reasons=without_reasons
    )
    report = load_file(store, path, contracts, batch_id="mended")
    assert (report.state, report.notes) == ("loaded", ())
    assert (report.tables[0].rows_loaded, report.tables[0].control_loaded) == (1, Decimal("-12.50"))
    assert [(each.rows, each.resolved) for each in quarantined(store)] == [(1, 1)]


@pytest.mark.parametrize("name", ["1_payables_2026_07.csv", "contas a pagar, corrigido.csv"])
@pytest.mark.parametrize("without_reasons", [False, True])
def test_texts_come_back_as_they_were(
    load: Load, store, contracts, tmp_path: Path, without_reasons: bool, name: str
) -> None:
    load([payable(), BAD])
    path = mended(
        waiting(store, tmp_path / "quarantine"), ("32/07/2026", "31/07/2026"), without_reasons=without_reasons
    )
    path = path.rename(path.with_name(name))
    assert load_file(store, path, contracts, batch_id="mended").state == "loaded"
    found = store.execute(
        "select cost_centre, category, amount_brl from erp.payables where document = 'NF-2'"
    ).fetchall()
    assert found == [("=cmd|' /C calc'!A0", "@Serviços", Decimal("-12.50"))]


def test_a_mended_file_may_be_saved_as_a_workbook(load: Load, store, contracts, tmp_path: Path) -> None:
    load([payable(), BAD])
    text = waiting(store, tmp_path / "quarantine").read_text(encoding="utf-8-sig").replace("32/07/2026", "31/07/2026")
    path = tmp_path / "contas_a_pagar_corrigido.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(csv.reader(text.splitlines(), delimiter=";")):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)
    assert load_file(store, path, contracts, batch_id="mended").state == "loaded"
    found = store.execute("select cost_centre, category from erp.payables where document = 'NF-2'").fetchall()
    assert found == [("=cmd|' /C calc'!A0", "@Serviços")]
    assert [(each.rows, each.resolved) for each in quarantined(store)] == [(1, 1)]


def test_a_row_with_an_error_cell_goes_out_with_its_other_values(store, contracts, tmp_path: Path) -> None:
    export = tmp_path / "payables.xlsx"
    with xlsxwriter.Workbook(export) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((HEADER.split(";"), payable().split(";"))):
            sheet.write_row(place, 0, row)
        sheet.write_formula(1, HEADER.split(";").index("Valor"), "=1/0", None, "#DIV/0!")
    assert load_file(store, export, contracts, batch_id="one").tables[0].rows_quarantined == 1
    path = waiting(store, tmp_path / "quarantine")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file, delimiter=";")
    assert row[header.index("Documento")] == "NF-1"
    assert row[header.index("Vencimento")] == "03/07/2026"
    row[header.index("Valor")] = "10,50"
    path.write_text(f"{';'.join(header)}\n{';'.join(row)}\n", encoding="utf-8")
    assert load_file(store, path, contracts, batch_id="two").tables[0].control_loaded == Decimal("10.50")


def test_a_row_of_a_statement_goes_out_as_the_load_reads_it(store, contracts, tmp_path: Path) -> None:
    export = tmp_path / "extrato.ofx"
    export.write_text(
        "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>341<ACCTID>1234<ACCTTYPE>CHECKING"
        "</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260703<TRNAMT>-1234.56<FITID>7<MEMO>LICENSE"
        "</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
        encoding="utf-8",
    )
    assert load_file(store, export, contracts, batch_id="one").tables[0].rows_quarantined == 1
    text = waiting(store, tmp_path / "quarantine").read_text(encoding="utf-8-sig")
    assert "03/07/2026;-1234,56;" in text


@pytest.mark.parametrize("category", ["'=soma", "''-x", "'quoted", "'"])
@pytest.mark.parametrize("without_reasons", [False, True])
def test_apostrophes_of_the_export_itself_stay(
    load: Load, store, contracts, tmp_path: Path, without_reasons: bool, category: str
) -> None:
    load([payable(), payable(document="NF-2", due="32/07/2026", category=category)])
    path = mended(
        waiting(store, tmp_path / "quarantine"), ("32/07/2026", "31/07/2026"), without_reasons=without_reasons
    )
    assert load_file(store, path, contracts, batch_id="mended").state == "loaded"
    assert store.execute("select category from erp.payables where document = 'NF-2'").fetchall() == [(category,)]


def test_an_export_with_apostrophes_is_no_mended_file(load: Load, store) -> None:
    load([payable(), BAD])
    load([payable(document="NF-9", category="'=soma", centre="'@x")], name="payables_2026_08.csv")
    found = store.execute("select category, cost_centre from erp.payables where document = 'NF-9'").fetchall()
    assert found == [("'=soma", "'@x")]


def test_what_is_bad_still_waits_again_and_can_be_mended_again(load: Load, store, contracts, tmp_path: Path) -> None:
    load([payable(), BAD])
    path = mended(waiting(store, tmp_path / "quarantine"), ("32/07/2026", "33/07/2026"))
    assert load_file(store, path, contracts, batch_id="mended").tables[0].rows_quarantined == 1
    found = [each for each in quarantined(store) if each.file_id == 2]
    (again,) = write_quarantine_files(store, found, tmp_path / "quarantine")
    report = load_file(store, mended(again, ("33/07/2026", "31/07/2026")), contracts, batch_id="again")
    assert (report.state, report.tables[0].rows_loaded) == ("loaded", 1)
    assert all(each.rows == each.resolved for each in quarantined(store)), "its key resolves it wherever it waits"


def test_a_row_without_a_key_is_resolved_by_its_line(load: Load, store, contracts, tmp_path: Path) -> None:
    load([payable(), payable(document="")])
    path = mended(waiting(store, tmp_path / "quarantine"), (";F1;;", ";F1;NF-9;"))
    assert load_file(store, path, contracts, batch_id="mended").tables[0].rows_loaded == 1
    assert [(each.rows, each.resolved) for each in quarantined(store)] == [(1, 1)]


def test_the_next_export_resolves_too_and_the_same_one_does_not(load: Load, store) -> None:
    lines = [payable(), payable(document="NF-2", due="x")]
    load(lines)
    again = load(lines, name="payables_again.csv")
    assert (again.state, again.tables[0].rows_quarantined) == ("unchanged", 1)
    assert [each.resolved for each in quarantined(store)] == [0]
    load([payable(), payable(document="NF-2")], name="payables_next.csv")
    assert [each.resolved for each in quarantined(store)] == [1]


def test_rows_of_a_workbook_come_out_as_a_csv_that_loads(
    store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path
) -> None:
    path = tmp_path / "payables_2026_07.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(";"))
        for row, line in enumerate((payable(), payable(document="NF-2", due="32/07/2026", category='a;"b"')), start=1):
            sheet.write_row(row, 0, line.replace('a;"b"', "AB").split(";"))
            sheet.write_number(row, 9, 1210.5)
        sheet.write_string(2, 12, 'a;"b"')
    assert load_file(store, path, contracts, batch_id="b").tables[0].rows_quarantined == 1
    out = mended(waiting(store, tmp_path / "quarantine"), ("32/07/2026", "31/07/2026"))
    assert out.name == "1_payables_2026_07.csv"
    report = load_file(store, out, contracts, batch_id="mended")
    assert (report.state, report.tables[0].rows_loaded) == ("loaded", 1), report.message
    found = store.execute("select amount_brl, category from erp.payables where document = 'NF-2'").fetchall()
    assert found == [(Decimal("1210.50"), 'a;"b"')]


def test_rows_of_parquet_come_out_in_the_dialect_of_the_contract(
    store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path
) -> None:
    names = HEADER.split(";")
    lines = [payable().split(";"), payable(document="NF-2", status="??").split(";")]
    path = tmp_path / "payables_2026_07.parquet"
    frame = pl.DataFrame(lines, schema=names, orient="row").with_columns(
        pl.lit(Decimal("1234.56")).alias("Valor"), pl.col("Vencimento").str.to_date("%d/%m/%Y")
    )
    frame.write_parquet(path)
    report = load_file(store, path, contracts, batch_id="b")
    if report.state == "rejected":
        pytest.fail(report.message)
    assert report.tables[0].rows_quarantined >= 1
    text = waiting(store, tmp_path / "quarantine").read_text(encoding="utf-8-sig")
    assert ";1234,56;" in text
    assert ";03/07/2026;" in text

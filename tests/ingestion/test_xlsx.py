"""Workbooks: cells as text, numbers and dates in the contract's dialect, and everything that is no workbook."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from ingestion.contracts import Contract, load_contracts
from ingestion.load import load_file
from ingestion.mapping import Mapping
from ingestion.raw import open_raw
from ingestion.readers import RejectedFile, TextTable
from ingestion.readers.xlsx import XlsxReader, header_rows

ROOT = Path(__file__).parents[2]
HEADERS = (
    "Empresa", "Unidade", "Fornecedor", "Documento", "Parcela", "Emissão", "Recebimento", "Vencimento", "Pagamento",
    "Valor", "Situação",
)  # fmt: skip


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return load_contracts(ROOT)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def write(path: Path, rows: list[tuple[object, ...]], headers: tuple[str, ...] = HEADERS, above: int = 0) -> Path:
    """A workbook of payables; dates are real date cells, numbers real number cells."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Títulos")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for line in range(above):
            sheet.write_string(line, 0, "Relatório de títulos")
        for column, header in enumerate(headers):
            sheet.write_string(above, column, header)
        for row, values in enumerate(rows, above + 1):
            for column, value in enumerate(values):
                if isinstance(value, dt.date):
                    sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), day)
                elif isinstance(value, str) and value.startswith("#"):
                    sheet.write_formula(row, column, "=1/0", None, value)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write_number(row, column, value)
    return path


def payable(**changes: object) -> tuple[object, ...]:
    row: dict[str, object] = {
        "company": "01", "unit": "MTZ", "supplier": 11845, "document": "0000611365", "instalment": 1,
        "issued": dt.date(2026, 7, 1), "received": dt.date(2026, 7, 2), "due": "31/07/2026", "paid": None,
        "amount": 1234.56, "status": "Aberto",
    }  # fmt: skip
    return tuple({**row, **changes}.values())


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contracts: dict[str, Contract], mapping: Mapping | None = None
) -> tuple[TextTable, list[dict[str, object]]]:
    (table,) = XlsxReader().read(connection, path, contracts, contracts["erp.payables"], mapping)
    cursor = connection.execute(f"select * from {table.relation} order by _line")
    names = [each[0] for each in cursor.description or ()]
    return table, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_cells_become_the_text_that_the_contract_expects(tmp_path, connection, contracts) -> None:
    path = write(tmp_path / "payables.xlsx", [payable(), payable(document=11845, amount="1.234,56", supplier="007")])
    table, rows = read(connection, path, contracts)
    assert table.rows_read == 2
    assert table.dialect == contracts["erp.payables"].dialect
    first, second = rows
    assert first["supplier_id"] == "11845"
    assert first["document"] == "0000611365"
    assert first["instalment"] == "1"
    assert (first["issue_date"], first["due_date"], first["paid_date"]) == ("01/07/2026", "31/07/2026", None)
    assert first["amount_brl"] == "1234,56"
    assert (second["document"], second["supplier_id"], second["amount_brl"]) == ("11845", "007", "1.234,56")
    assert [row["_line"] for row in rows] == [2, 3]
    assert first["_problem"] is None


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1 + 0.2, "0,3"), (1_234_567.1, "1234567,1"), (1e15, "1000000000000000"), (-0.005, "-0,005"), (33, "33"),
     (1.1 * 3, "3,3"), (4.35 * 100, "435"), (-1e-7, "-0,0000001")],
)  # fmt: skip
def test_numbers_have_no_binary_noise_and_the_decimal_mark(tmp_path, connection, contracts, number, text) -> None:
    _, rows = read(connection, write(tmp_path / "payables.xlsx", [payable(amount=number)]), contracts)
    assert rows[0]["amount_brl"] == text


def test_a_text_that_looks_like_a_number_stays_as_typed(tmp_path, connection, contracts) -> None:
    """`1234.56` typed as text is no Brazilian amount: the parser, not the reader, says so."""
    _, rows = read(
        connection, write(tmp_path / "payables.xlsx", [payable(amount="1234.56", paid="2026-07-01")]), contracts
    )
    assert (rows[0]["amount_brl"], rows[0]["paid_date"]) == ("1234.56", "2026-07-01")


def test_a_number_where_a_date_belongs_is_not_turned_into_one(tmp_path, connection, contracts) -> None:
    _, rows = read(connection, write(tmp_path / "payables.xlsx", [payable(due=46204)]), contracts)
    assert rows[0]["due_date"] == "46204"


def test_error_cells_are_problems_and_not_blanks(tmp_path, connection, contracts) -> None:
    path = write(tmp_path / "payables.xlsx", [payable(), payable(amount="#DIV/0!"), payable()])
    table, rows = read(connection, path, contracts)
    assert [row["_problem"] for row in rows] == [None, 'amount_brl: the cell shows "#DIV/0!"', None]
    assert table.rows_read == 3


def test_blank_rows_are_no_rows_and_lines_are_the_sheets(tmp_path, connection, contracts) -> None:
    path = write(tmp_path / "payables.xlsx", [payable(), (), (), payable(instalment=2)])
    table, rows = read(connection, path, contracts)
    assert table.rows_read == 2
    assert [row["_line"] for row in rows] == [2, 5]


def test_blank_rows_above_the_header_need_no_mapping(tmp_path, connection, contracts) -> None:
    path = tmp_path / "payables.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(3, 2, HEADERS)
        sheet.write_row(4, 2, ["01", "MTZ", "7", "1", 1, "01/07/2026", "01/07/2026", "01/07/2026", None, 5, "Pago"])
    _, rows = read(connection, path, contracts)
    assert [(row["_line"], row["amount_brl"]) for row in rows] == [(5, "5")]


def test_a_header_further_down_is_named_by_a_mapping(tmp_path, connection, contracts) -> None:
    path = write(tmp_path / "titulos.xlsx", [payable()], above=3)
    mapping = Mapping(
        "erp.payables", skip_rows=3, sheet="Títulos", constants={"business_unit": "SUL"},
        value_maps={"status": {"ABERTO": "open"}}, copies={"paid_date": "due_date"},
        lookups={}, dialect={"decimal": "."},
    )  # fmt: skip
    table, rows = read(connection, path, contracts, mapping)
    assert (rows[0]["business_unit"], rows[0]["status"], rows[0]["paid_date"]) == ("SUL", "open", "31/07/2026")
    assert rows[0]["_line"] == 5
    assert rows[0]["amount_brl"] == "1234.56"
    assert table.dialect.decimal == "."
    assert header_rows(path, contracts["erp.payables"].dialect, "Títulos", 4)[3][:2] == ["Empresa", "Unidade"]


def test_the_sheet_whose_headers_fit_is_read_and_the_others_are_told(tmp_path, connection, contracts) -> None:
    path = tmp_path / "payables.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Capa").write_string(0, 0, "Distribuidora")
        book.add_worksheet("Dados").write_row(0, 0, HEADERS)
        book.add_worksheet("Vazia")
    table, rows = read(connection, path, contracts)
    assert rows == []
    assert table.rows_read == 0
    assert table.notes == ('Sheet "Dados" was read; not read: "Capa", "Vazia".',)


def test_a_missing_header_is_named(tmp_path, connection, contracts) -> None:
    path = write(tmp_path / "payables.xlsx", [], headers=tuple(h for h in HEADERS if h != "Vencimento"))
    with pytest.raises(RejectedFile, match="Vencimento"):
        read(connection, path, contracts)


def test_an_unknown_sheet_is_refused(tmp_path, connection, contracts) -> None:
    with pytest.raises(RejectedFile, match='no sheet "Plan9"; it has Títulos'):
        read(connection, write(tmp_path / "p.xlsx", []), contracts, Mapping("erp.payables", sheet="Plan9"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"<html><body>Sess\xc3\xa3o expirada</body></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password-protected"),
        (b"Empresa;Unidade\n01;MTZ\n", "is not a workbook"),
        (b"PK\x03\x04" + b"\0" * 100, "is not a workbook"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, connection, contracts, content, message) -> None:
    path = tmp_path / "payables.xlsx"
    path.write_bytes(content)
    with pytest.raises(RejectedFile, match=message):
        read(connection, path, contracts)


def test_a_workbook_without_cells_is_refused(tmp_path, connection, contracts) -> None:
    path = tmp_path / "payables.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()
    with pytest.raises(RejectedFile, match="workbook is empty"):
        read(connection, path, contracts)


def test_a_damaged_workbook_is_refused(tmp_path, connection, contracts) -> None:
    good = write(tmp_path / "good.xlsx", [payable()])
    path = tmp_path / "payables.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            target.writestr(part.filename, b"<broken" if "sheet1" in part.filename else source.read(part))
    with pytest.raises(RejectedFile):
        read(connection, path, contracts)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, connection, contracts) -> None:
    path = tmp_path / "payables.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b" " * (40 * 1024 * 1024))
    assert path.stat().st_size < 100_000
    with pytest.raises(RejectedFile, match="dangerous"):
        read(connection, path, contracts)


def test_a_workbook_is_loaded_typed_and_its_bad_rows_are_told(tmp_path, contracts) -> None:
    rows = [
        payable(), payable(instalment=2, amount="#DIV/0!"), payable(instalment=3, due=46204),
        payable(instalment=4, amount=0.1 + 0.2), payable(instalment=1.5),
    ]  # fmt: skip
    path = write(tmp_path / "contas_a_pagar.xlsx", rows)
    store = open_raw(tmp_path / "raw.duckdb", contracts)
    report = load_file(store, path, contracts, batch_id="test")
    assert report.state == "loaded", report.message
    assert (report.tables[0].rows_loaded, report.tables[0].rows_quarantined) == (2, 3)
    assert [problem.message for problem in report.quarantine] == [
        'contas_a_pagar.xlsx, line 3: amount_brl: the cell shows "#DIV/0!". Row quarantined.',
        'contas_a_pagar.xlsx, line 4: Vencimento "46204" is not a date (dd/mm/aaaa). Row quarantined.',
        'contas_a_pagar.xlsx, line 6: Parcela "1,5" is not a whole number (123). Row quarantined.',
    ]
    assert store.execute(
        "select document, supplier_id, amount_brl, issue_date, _line from erp.payables"
    ).fetchall() == [
        ("0000611365", "11845", Decimal("1234.56"), dt.date(2026, 7, 1), 2),
        ("0000611365", "11845", Decimal("0.30"), dt.date(2026, 7, 1), 5),
    ]
    assert load_file(store, path, contracts, batch_id="again").state == "unchanged"


def test_a_rejected_workbook_is_recorded_and_changes_nothing(tmp_path, contracts) -> None:
    path = tmp_path / "contas_a_pagar.xlsx"
    path.write_bytes(b"<html>")
    store = open_raw(tmp_path / "raw.duckdb", contracts)
    report = load_file(store, path, contracts, batch_id="test")
    assert (report.state, report.tables) == ("rejected", ())
    assert store.execute("select state, reader from load.files").fetchall() == [("rejected", "xlsx")]

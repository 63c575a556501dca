"""One table in every format: the same rows, whatever the file; headers below titles; sheets; JSON and its numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.mapping import Mapping
from ingestion.raw import open_raw
from ingestion.reports import FileReport
from tests.ingestion.ods_files import sheet, write_ods

HEADERS = ("Empresa", "Unidade", "Fornecedor", "Documento", "Parcela", "Emissão", "Recebimento", "Vencimento",
           "Pagamento", "Valor", "Situação")  # fmt: skip
SUPPLIERS = ("Empresa", "Fornecedor", "Razão Social", "CNPJ/CPF")
READ = (
    "select company, business_unit, supplier_id, document, instalment, issue_date, receipt_date, due_date, paid_date, "
    "amount_brl, status from erp.payables order by document, instalment"
)


@pytest.fixture
def few(contracts: dict[str, Contract]) -> dict[str, Contract]:
    return {name: contracts[name] for name in ("erp.payables", "erp.suppliers", "surveys.nps_responses")}


@pytest.fixture
def store(tmp_path: Path, few: dict[str, Contract]) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_raw(tmp_path / "raw.duckdb", few)
    yield connection
    connection.close()


@pytest.fixture
def load(store, few, tmp_path) -> Callable[..., FileReport]:
    def write_and_load(content: str | bytes | Path, name: str = "payables.json", **arguments: object) -> FileReport:
        path = content if isinstance(content, Path) else tmp_path / name
        if not isinstance(content, Path):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_file(store, path, few, batch_id="batch", **arguments)

    return write_and_load


def payable(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "Empresa": "01", "Unidade": "MTZ", "Fornecedor": "0011845", "Documento": "0000611365", "Parcela": 1,
        "Emissão": dt.date(2026, 7, 1), "Recebimento": dt.date(2026, 7, 2), "Vencimento": dt.date(2026, 7, 31),
        "Pagamento": None, "Valor": Decimal("1234.56"), "Situação": "Aberto",
    }  # fmt: skip
    return {**row, **changes}


# ---- the same rows in every format ----------------------------------------------------------------------------------


def as_csv(rows: list[dict[str, object]], path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(HEADERS)
    for row in rows:
        writer.writerow(
            f"{value:%d/%m/%Y}" if isinstance(value, dt.date)
            else str(value).replace(".", ",") if isinstance(value, Decimal)
            else "" if value is None else value
            for value in row.values()
        )  # fmt: skip
    path.write_text(text.getvalue(), encoding="utf-8")


def _json_text(row: dict[str, object]) -> str:
    # Decimals as JSON writes numbers: their own digits, which json.dumps would pass through a float.
    fields = (
        f"{json.dumps(name, ensure_ascii=False)}: "
        + (str(value) if isinstance(value, Decimal) else json.dumps(value, default=dt.date.isoformat))
        for name, value in row.items()
    )
    return "{" + ", ".join(fields) + "}"


def as_json(rows: list[dict[str, object]], path: Path) -> None:
    path.write_text("[" + ",\n".join(map(_json_text, rows)) + "]", encoding="utf-8")


def as_ndjson(rows: list[dict[str, object]], path: Path) -> None:
    path.write_text("".join(f"{_json_text(row)}\n" for row in rows), encoding="utf-8")


def as_parquet(rows: list[dict[str, object]], path: Path) -> None:
    schema = dict.fromkeys(HEADERS, pl.String) | {
        "Parcela": pl.Int32, "Emissão": pl.Date, "Recebimento": pl.Date, "Vencimento": pl.Date, "Pagamento": pl.Date,
        "Valor": pl.Decimal(18, 2),
    }  # fmt: skip
    pl.DataFrame(rows, schema=schema).write_parquet(path)


def as_ods(rows: list[dict[str, object]], path: Path) -> None:
    write_ods(path, sheet("Títulos", [HEADERS, *(tuple(row.values()) for row in rows)]))


def as_xlsx(rows: list[dict[str, object]], path: Path) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy", "strings_to_numbers": False}) as book:
        page = book.add_worksheet("Títulos")
        for line, row in enumerate([dict(zip(HEADERS, HEADERS, strict=True)), *rows]):
            for place, value in enumerate(row.values()):
                if isinstance(value, dt.date):
                    page.write_datetime(line, place, dt.datetime.combine(value, dt.time()))
                elif isinstance(value, str):
                    page.write_string(line, place, value)
                elif value is not None:
                    page.write_number(line, place, float(value) if isinstance(value, Decimal) else value)


WRITERS = {"csv": as_csv, "json": as_json, "ndjson": as_ndjson, "parquet": as_parquet, "ods": as_ods, "xlsx": as_xlsx}
# What XML can hold, and no space at the ends: a CSV's fields are trimmed too.
texts = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
)
days = st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 31))
row_values = st.fixed_dictionaries(
    {
        "Empresa": st.just("01"), "Unidade": st.sampled_from(["MTZ", "SUL"]),
        "Fornecedor": st.one_of(texts, st.from_regex(r"0{0,3}[0-9]{1,6}", fullmatch=True)), "Documento": texts,
        "Parcela": st.integers(1, 999), "Emissão": days, "Recebimento": days, "Vencimento": days,
        "Pagamento": st.none() | days, "Valor": st.decimals(0, 9_999_999_999, places=2),
        "Situação": st.sampled_from(["Aberto", "Pago"]),
    }
)  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(row_values, min_size=1, max_size=6, unique_by=lambda row: (row["Documento"], row["Parcela"])))
def test_every_format_gives_the_rows_of_the_csv(written, load, store, tmp_path) -> None:
    rows = [{header: row[header] for header in HEADERS} for row in written]
    # Serials before March 1900 mean other days in Excel, and # starts an error in the workbooks of these tests.
    rows = [{**row, **{name: f"x{row[name]}" for name in ("Fornecedor", "Documento") if row[name].startswith("#")}}
            for row in rows]  # fmt: skip
    found = {}
    for suffix, write in WRITERS.items():
        store.execute("delete from erp.payables")
        store.execute("delete from load.files")
        path = tmp_path / f"payables.{suffix}"
        write(rows, path)
        report = load(path)
        assert (report.state, report.tables[0].rows_read) == ("loaded", len(rows)), (suffix, report.message)
        found[suffix] = (store.execute(READ).fetchall(), report.tables[0].control_loaded)
    for suffix, result in found.items():
        assert result == found["csv"], suffix


# ---- headers below titles -------------------------------------------------------------------------------------------

LINE = "01;MTZ;0011845;0000611365;1;01/07/2026;02/07/2026;31/07/2026;;1.234,56;Aberto"


@pytest.mark.parametrize(
    "above",
    [["sep=;"], ["Relatório de títulos a pagar", "", "Emitido em 01/08/2026;Usuário: ANA"], ['Razão "Social'],
     ["Empresa: 01", "Valor em reais"]],
)  # fmt: skip
def test_titles_above_a_csvs_header_are_passed_over_and_told(above, load, store) -> None:
    report = load("\n".join([*above, ";".join(HEADERS), LINE, ""]), "payables.csv")
    assert report.state == "loaded", report.message
    assert f"The header is on line {len(above) + 1}" in report.message
    assert store.execute("select amount_brl, _line from erp.payables").fetchall() == [
        (Decimal("1234.56"), len(above) + 2)
    ]


def test_a_header_below_the_twentieth_line_is_not_looked_for(load) -> None:
    report = load("\n".join([*["x"] * 20, ";".join(HEADERS), LINE]), "payables.csv")
    assert report.state == "rejected"


def test_a_missing_column_is_named_even_under_a_title(load) -> None:
    headers = ";".join(header for header in HEADERS if header != "Vencimento")
    report = load(f"Títulos\n{headers}\n{LINE}\n", "payables.csv")
    assert report.state == "rejected"
    assert '"Vencimento" is missing' in report.message


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_titles_and_blank_rows_above_a_sheets_header(suffix, load, store, tmp_path) -> None:
    path = tmp_path / f"payables.{suffix}"
    rows = [("Distribuidora Aurora",), (), ("Títulos", None, "julho"), HEADERS, tuple(payable().values())]
    _write_sheets(path, {"Dados": rows})
    report = load(path)
    assert report.state == "loaded", report.message
    assert "the header is in row 4" in report.message
    assert store.execute("select supplier_id, _line from erp.payables").fetchall() == [("0011845", 5)]


# ---- sheets ---------------------------------------------------------------------------------------------------------


def _write_sheets(path: Path, sheets: dict[str, list[tuple[object, ...]]]) -> None:
    if path.suffix == ".ods":
        write_ods(path, "".join(sheet(name, rows) for name, rows in sheets.items()))
        return
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, dt.date):
                        page.write_datetime(line, place, dt.datetime.combine(value, dt.time()))
                    elif isinstance(value, str) and value.startswith("#"):
                        page.write_formula(line, place, "=1/0", None, value)
                    elif isinstance(value, str):
                        page.write_string(line, place, value)
                    elif value is not None:
                        page.write_number(line, place, float(value))


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_every_sheet_that_fits_is_loaded(suffix, load, store, tmp_path) -> None:
    path = tmp_path / f"payables.{suffix}"
    july, august = payable(), payable(Documento="2", Valor=Decimal("0.10"))
    _write_sheets(path, {
        "Julho": [HEADERS, tuple(july.values())], "Capa": [("Distribuidora",)],
        "Agosto": [HEADERS, tuple(august.values())],
    })  # fmt: skip
    report = load(path)
    assert report.state == "loaded", report.message
    assert 'Sheets "Julho", "Agosto" were read; not read: "Capa"' in report.message
    assert [row[3] for row in store.execute(READ).fetchall()] == ["0000611365", "2"]
    assert report.tables[0].control_loaded == Decimal("1234.66")


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_a_bad_row_of_several_sheets_says_in_its_raw_line_whose_it_is(suffix, load, store, tmp_path) -> None:
    path = tmp_path / f"payables.{suffix}"
    bad = payable(Documento="2", Vencimento="31/02/2026")
    _write_sheets(path, {"Julho": [HEADERS, tuple(payable().values())], "Agosto": [HEADERS, tuple(bad.values())]})
    assert load(path).tables[0].rows_quarantined == 1
    ((raw,),) = store.execute("select raw_line from load.quarantine").fetchall()
    assert raw.startswith("Agosto: 01;MTZ")


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_sheets_of_two_tables_are_two_tables(suffix, load, few, store, tmp_path) -> None:
    path = tmp_path / f"erp.{suffix}"
    needed = [column for column in few["erp.suppliers"].columns if column.required]
    headers = tuple(column.header("pt_BR") for column in few["erp.suppliers"].columns)
    values = {"date": dt.date(2026, 1, 2), "money": 1, "integer": 1}
    supplier = tuple(
        values.get(column.type, next(iter(column.allowed), "11222333000181"))
        if column in needed else None
        for column in few["erp.suppliers"].columns
    )  # fmt: skip
    _write_sheets(path, {"Títulos": [HEADERS, tuple(payable().values())], "Fornecedores": [headers, supplier]})
    report = load(path)
    assert report.state == "loaded", report.message
    assert {table.table for table in report.tables} == {"erp.payables", "erp.suppliers"}
    assert [table.rows_read for table in report.tables] == [1, 1]


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_error_cells_are_quarantined(suffix, load, tmp_path) -> None:
    path = tmp_path / f"payables.{suffix}"
    good, bad = payable(), payable(Documento="2", Valor="#N/A")
    _write_sheets(path, {"Dados": [(), HEADERS, tuple(good.values()), tuple(bad.values())]})
    report = load(path)
    assert (report.tables[0].rows_loaded, report.tables[0].rows_quarantined) == (1, 1)
    assert report.quarantine[0].reason == 'amount_brl: the cell shows "#N/A"'
    assert report.quarantine[0].line == 4


def test_formulas_give_the_values_that_were_saved_with_them(load, store, tmp_path) -> None:
    path = tmp_path / "payables.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADERS)
        for place, value in enumerate(payable().values()):
            if isinstance(value, dt.date):
                page.write_datetime(1, place, dt.datetime.combine(value, dt.time()))
            else:
                page.write(1, place, None if value is None else str(value))
        page.write_formula(1, HEADERS.index("Valor"), "=1+1.5", None, 2.5)
        page.write_formula(1, HEADERS.index("Fornecedor"), '="F"&1', None, "F1")
    assert load(path).tables[0].rows_loaded == 1
    assert store.execute("select amount_brl, supplier_id from erp.payables").fetchall() == [(Decimal("2.50"), "F1")]


# ---- JSON -----------------------------------------------------------------------------------------------------------


def json_row(**changes: object) -> str:
    return _json_text(payable(**changes))


def test_numbers_keep_every_digit(load, store) -> None:
    lines = [json_row(Documento=str(place), Valor=Decimal(text)) for place, text in
             enumerate(["0.1", "1234567890123456.78", "0.30", "100"])]  # fmt: skip
    report = load("\n".join([*lines, json_row(Documento="e").replace("1234.56", "1.5e3")]), "payables.ndjson")
    assert report.tables[0].rows_loaded == 4, report.message
    found = [row[9] for row in store.execute(READ).fetchall()]
    assert found == [Decimal(text) for text in ("0.10", "0.30", "100.00", "1500.00")]
    # More digits than a float holds, and more than an amount may have.
    assert [problem.value for problem in report.quarantine] == ["1234567890123456,78"]


def test_a_number_in_a_text_column_keeps_its_text(load, store) -> None:
    report = load("[" + json_row(Fornecedor=11845, Documento=Decimal("1.50")) + "]")
    assert report.tables[0].rows_loaded == 1, report.message
    assert store.execute("select supplier_id, document from erp.payables").fetchall() == [("11845", "1.50")]


def test_a_broken_line_is_quarantined_and_a_broken_document_rejected(load) -> None:
    lines = [json_row(), '{"Empresa": "01", ', "", "[1, 2]", json_row(Documento="2"), '{"a": 1, "a": 2}']
    report = load("\n".join(lines), "payables.ndjson")
    assert (report.state, report.tables[0].rows_loaded, report.tables[0].rows_quarantined) == ("loaded", 2, 3)
    assert [problem.line for problem in report.quarantine] == [2, 4, 6]
    report = load("[" + json_row() + ",\n{]", "other_payables.json", table="erp.payables")
    assert report.state == "rejected"
    assert "line 2, column 2" in report.message


def test_nested_objects_have_dotted_names(load, store) -> None:
    row = payable()
    supplier = row.pop("Fornecedor")
    text = _json_text(row)[:-1] + f', "fornecedor": {{"código": "{supplier}", "uf": "SP"}}}}'
    mapping = Mapping("erp.payables", columns={"fornecedor.código": "supplier_id"}, ignored=("fornecedor.uf",))
    report = load(f'{{"página": 1, "dados": {{"itens": [{text}]}}}}', mapping=mapping)
    assert report.state == "loaded", report.message
    assert 'The list "dados.itens" was read' in report.message
    assert store.execute("select supplier_id from erp.payables").fetchall() == [("0011845",)]


def test_null_blank_and_absent_are_all_no_value(load, store) -> None:
    rows = [payable(Documento="1"), payable(Documento="2", Pagamento=""), payable(Documento="3")]
    del rows[2]["Pagamento"]
    assert load("\n".join(map(_json_text, rows)), "payables.jsonl").tables[0].rows_loaded == 3
    assert [row[8] for row in store.execute(READ).fetchall()] == [None, None, None]


def test_a_moment_with_a_zone_becomes_the_local_one(store, few, load) -> None:
    columns = {column.name: column.type for column in few["surveys.nps_responses"].columns}
    moment = next(name for name, kind in columns.items() if kind == "timestamp")
    rows = []
    for number, text in enumerate(["2026-07-01T02:30:00Z", "2026-06-30T23:30:00-03:00", "30/06/2026 23:30:00"]):
        row: dict[str, object] = {}
        for column in few["surveys.nps_responses"].columns:
            values = {"timestamp": text, "date": "2026-06-30", "integer": 9, "money": 1}
            if column.required or column.name == moment:
                row[column.name] = values.get(column.type, next(iter(column.allowed), str(number)))
        row |= {name: str(number) for name in few["surveys.nps_responses"].key if columns[name] == "text"}
        rows.append(row)
    report = load("\n".join(map(json.dumps, rows)), "nps.ndjson", table="surveys.nps_responses")
    assert report.tables[0].rows_loaded == 3, report.message
    found = store.execute(f"select distinct {moment} from surveys.nps_responses").fetchall()
    assert found == [(dt.datetime(2026, 7, 1, 2, 30),)]


def test_an_empty_list_is_no_rows(load) -> None:
    report = load("[]")
    assert (report.state, report.tables[0].rows_read) == ("loaded", 0)


@pytest.mark.parametrize(
    ("content", "says"),
    [('{"a": [], "b": []}', 'several lists: "a", "b"'), ('{"a": 1}', "no list of objects"), ("17", "no list"),
     ("nem JSON", "line 1, column 1"), ('[{"x": 1}]', "none of the headers")],
)  # fmt: skip
def test_json_that_is_no_table_says_why(content, says, load) -> None:
    report = load(content)
    assert report.state == "rejected"
    assert says in report.message


# ---- Parquet --------------------------------------------------------------------------------------------------------


def test_parquet_types_become_the_contracts_values(load, store, tmp_path) -> None:
    path = tmp_path / "payables.parquet"
    frame = pl.DataFrame([payable(Parcela=place) for place in (1, 2)]).with_columns(
        Valor=pl.Series([0.1 + 0.2, 9e11]), Fornecedor=pl.Series([11845.0, 7.0]),
        Recebimento=pl.Series([dt.datetime(2026, 7, 2, 1, tzinfo=dt.UTC)] * 2),
        Documento=pl.Series([b"A1", b"A1"]),
    )  # fmt: skip
    frame.write_parquet(path)
    report = load(path)
    assert report.tables[0].rows_loaded == 2, (report.message, report.quarantine)
    found = store.execute("select supplier_id, receipt_date, amount_brl, document, _line from erp.payables").fetchall()
    day = dt.date(2026, 7, 1)  # local: three hours behind UTC
    assert sorted(found) == [("11845", day, Decimal("0.30"), "A1", 1), ("7", day, Decimal(9 * 10**11), "A1", 2)]


def test_nan_is_no_value_and_a_strange_name_is_one_file(load, tmp_path) -> None:
    frame = pl.DataFrame([payable(), payable(Documento="2")]).with_columns(Valor=pl.Series([float("nan"), 1.0]))
    frame.write_parquet(tmp_path / "payables[1]*.parquet")
    frame.write_parquet(tmp_path / "payables12.parquet")
    report = load(tmp_path / "payables[1]*.parquet")
    assert (report.tables[0].rows_read, report.tables[0].rows_quarantined) == (2, 1)
    assert report.quarantine[0].reason == "Valor is empty, and it is required"

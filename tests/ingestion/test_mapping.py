"""Mapping files: read, checked with file and line, laid over a relation, and chosen by name and headers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from ingestion.contracts import Contract, Dialect, load_contracts
from ingestion.load import load_file
from ingestion.mapping import Lookup, Mapping, MappingError, load_mapping
from ingestion.mapping_choice import choose_mapping
from ingestion.raw import open_raw
from ingestion.readers import RejectedFile
from ingestion.readers.mapped import lay_mapping

ROOT = Path(__file__).parents[2]
CONTRACTS = load_contracts(ROOT)


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return CONTRACTS


def write(folder: Path, text: str, name: str = "titulos.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def documented_example() -> str:
    """The example of data/mappings/README.md, so that the documentation cannot lie."""
    readme = (ROOT / "data" / "mappings" / "README.md").read_text(encoding="utf-8")
    return readme.split("```yaml\n")[1].split("```")[0]


def test_the_documented_example_works(tmp_path, contracts) -> None:
    mapping = load_mapping(write(tmp_path, documented_example()), contracts)
    assert mapping.table == "erp.payables"
    assert mapping.columns["Nº do título"] == "document"
    assert (mapping.skip_rows, mapping.sheet) == (3, "Títulos")
    assert mapping.constants == {"company": "01", "instalment": "1"}
    assert mapping.copies == {"receipt_date": "issue_date"}
    assert mapping.lookups == {"business_unit": Lookup("cost_centre", {"0101": "MTZ", "0102": "SUL"}, "MTZ")}
    assert mapping.value_maps == {"status": {"B": "paid", "A": "open", "*": "open"}}
    assert mapping.ignored == ("Observação",)
    assert mapping.matches("TITULOS_2026.CSV")
    assert not mapping.matches("payables.csv")
    dialect = mapping.dialect_over(contracts["erp.payables"].dialect)
    assert dialect == Dialect(",", '"', ("cp1252",), ".", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")


def test_the_second_example_works(tmp_path, contracts) -> None:
    readme = (ROOT / "data" / "mappings" / "README.md").read_text(encoding="utf-8")
    mapping = load_mapping(write(tmp_path, readme.split("```yaml\n")[3].split("```")[0]), contracts)
    assert mapping.lookups["business_unit"].values["0000999999999"] == "SUL"
    assert mapping.currencies == ("BRL",)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("table: erp.payable\n", 1, 'did you mean "erp.payables"'),
        ("match: ['*.csv']\n", 1, '"table" must be a text'),
        ("table: erp.payables\nheaders: {}\n", 2, 'unknown key "headers"'),
        ("table: erp.payables\ncolumns:\n  Valor: amount\n", 3, 'no column "amount" \\(did you mean "amount_brl"'),
        ("table: erp.payables\ncolumns:\n  Valor: amount_brl\n  Total: amount_brl\n", 4, "filled twice"),
        ("table: erp.payables\ncolumns:\n  Emissão: issue_date\n  EMISSAO: due_date\n", 4, "are the same"),
        ("table: erp.payables\nconstants:\n  company: 01\n", 3, "in quotation marks"),
        ("table: erp.payables\ncolumns: {Filial: company}\nconstants:\n  company: '01'\n", 4, "filled twice"),
        ("table: erp.payables\nconstants:\n  firm: '01'\n", 3, 'no column "firm"'),
        ("table: erp.payables\ncopies:\n  due_date: duedate\n", 2, 'no column "duedate"'),
        ("table: erp.payables\nlookups:\n  company:\n    values: {'1': a}\n", 3, '"from" must be a text'),
        ("table: erp.payables\nvalues:\n  state: {A: open}\n", 3, 'no column "state"'),
        ("table: erp.payables\nvalues:\n  status: {A: [open]}\n", 3, "must be followed by one text"),
        ("table: erp.payables\nheader_line: 0\n", 2, "whole number from 1"),
        ("table: erp.payables\nmatch: titulos.csv\n", 2, "must be a list of texts"),
        ("table: erp.payables\ndialect:\n  decimal: ';'\n", 3, "decimal must be"),
        ("table: erp.payables\ndialect:\n  delimiter: ';;'\n", 3, "one character"),
        ("table: erp.payables\ndialect:\n  encoding: latin1\n", 3, 'unknown key "encoding"'),
        ("table: erp.payables\ndialect:\n  encodings: [latin1]\n", 3, 'encoding "latin1"'),
        ("table: erp.payables\ndialect:\n  date_format: '%d/%m/%Y'\n", 3, "may use only"),
        ("table: erp.payables\ncolumns: [a\n", 3, "not valid YAML"),
        ("- table: erp.payables\n", 1, "must be a mapping"),
        ("", 1, "must be a mapping"),
    ],
)
def test_mistakes_name_file_line_and_remedy(tmp_path, contracts, text, line, message) -> None:
    with pytest.raises(MappingError, match=message) as error:
        load_mapping(write(tmp_path, text), contracts)
    assert f"titulos.yml, line {line}:" in str(error.value)


def test_a_mapping_file_that_is_not_there_is_told(tmp_path, contracts) -> None:
    with pytest.raises(MappingError, match="no such mapping file"):
        load_mapping(tmp_path / "none.yml", contracts)


def test_laying_a_mapping_over_a_relation(contracts) -> None:
    connection = duckdb.connect()
    connection.execute(
        """create temp table lines as select * from (values
            (1, 'B ', '0101', 'x''y', '5'), (2, 'Ação', '0102', null, '6'), (3, null, '9', 'z', '7')
        ) as given(_line, status, cost_centre, document, issue_date)"""
    )
    mapping = Mapping(
        "erp.payables",
        constants={"company": "O'Hara", "occurrence": "not of this contract"},
        copies={"receipt_date": "issue_date", "due_date": "absent"},
        lookups={"business_unit": Lookup("cost_centre", {"0101": "MTZ", "0102": "SUL"})},
        value_maps={"status": {"b": "paid", "ACAO": "open"}, "receipt_date": {"*": "8"}, "category": {"a": "b"}},
    )
    view = lay_mapping(connection, "lines", contracts["erp.payables"], mapping)
    found = connection.execute(f"select * from {view} order by _line")
    names = [each[0] for each in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert [row["status"] for row in rows] == ["paid", "open", None]
    assert [row["business_unit"] for row in rows] == ["MTZ", "SUL", None]
    assert [row["receipt_date"] for row in rows] == ["8", "8", "8"]
    assert [row["document"] for row in rows] == ["x'y", None, "z"]
    assert {row["company"] for row in rows} == {"O'Hara"}
    assert not {"due_date", "occurrence", "category"} & set(names)
    assert lay_mapping(connection, "lines", contracts["erp.payables"], None) == "lines"


SUPPLIERS = "table: erp.suppliers\nmatch: ['forn*.csv', 'forn*.xlsx']\ndialect: {delimiter: ','}\n"
FILE = "Código do forn,Razão,Ativo?\n7,ACME,sim\n"


def choose(folder: Path, file_name: str = "FORN_2026.csv", content: str = FILE) -> Mapping | None:
    path = folder / file_name
    path.write_bytes(content.encode("cp1252"))
    return choose_mapping(folder, path, CONTRACTS)


def test_the_mapping_that_explains_the_most_headers_is_chosen(tmp_path) -> None:
    write(tmp_path, SUPPLIERS + "columns: {Código do forn: supplier_id}\n", "one.yml")
    write(tmp_path, SUPPLIERS + "columns: {codigo do FORN: supplier_id, Razao: name}\n", "two.yml")
    write(tmp_path, SUPPLIERS + "columns: {Código do forn: supplier_id, Razão: name, UF: state}\n", "three.yml")
    chosen = choose(tmp_path)
    assert chosen is not None
    assert chosen.path == tmp_path / "two.yml"


def test_two_mappings_that_fit_alike_are_not_guessed_between(tmp_path) -> None:
    for name in ("one.yml", "two.yml"):
        write(tmp_path, SUPPLIERS + "columns: {Código do forn: supplier_id}\n", name)
    with pytest.raises(RejectedFile, match=r"one.yml and two.yml") as error:
        choose(tmp_path)
    assert "--map" in error.value.remedy


def test_a_mapping_for_the_name_without_its_headers_is_told(tmp_path) -> None:
    write(tmp_path, SUPPLIERS + "columns: {Cód: supplier_id, Razão: name}\n")
    with pytest.raises(RejectedFile, match=r'titulos.yml fits the name, but the file has no header "Cód"'):
        choose(tmp_path)
    assert choose(tmp_path, "fornecedores.csv") is None, "a name that a contract knows is left to the contract"


def test_other_names_and_no_folder_choose_nothing(tmp_path) -> None:
    write(tmp_path, SUPPLIERS + "columns: {Código do forn: supplier_id}\n")
    assert choose(tmp_path, "titulos.csv") is None
    assert choose_mapping(None, tmp_path / "x.csv", CONTRACTS) is None
    assert choose_mapping(tmp_path / "absent", tmp_path / "x.csv", CONTRACTS) is None


def test_a_workbook_is_chosen_for_by_its_headers_too(tmp_path) -> None:
    text = SUPPLIERS + "sheet: Base\nheader_line: 3\ncolumns: {Código do forn: supplier_id}\n"
    write(tmp_path, text)
    path = tmp_path / "forn.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Capa")
        book.add_worksheet("Base").write_row(2, 0, ["Código do forn", "Nome"])
    chosen = choose_mapping(tmp_path, path, CONTRACTS)
    assert chosen is not None
    assert chosen.sheet == "Base"


def test_a_broken_mapping_in_the_folder_is_told(tmp_path) -> None:
    write(tmp_path, "table: erp.nothing\n")
    with pytest.raises(MappingError, match=r"titulos.yml, line 1"):
        choose(tmp_path)


FOREIGN = """Relatório de títulos,,,
emitido em 2026-07-31,,,
Filial,Cód. forn.,Nº do título,Dt emissão,Valor,Vlr original,Situação,Observação
0101,11845,0000611365,2026-07-01,9.99,"1,234.56",B,x
0102,7,8,2026-07-02,9.99,10,A,y
0103,7,9,2026-13-02,9.99,10,?,z
"""
FOREIGN_MAPPING = """
table: erp.payables
match: ["titulos*"]
header_line: 3
dialect: {delimiter: ",", decimal: ".", date_format: yyyy-mm-dd}
columns:
  "COD. FORN.": supplier_id
  "Nº do título": document
  "dt  emissao": issue_date
  "Vlr original": amount_brl
  "Filial": cost_centre
constants: {company: "01", instalment: "1"}
copies: {receipt_date: issue_date, due_date: issue_date}
lookups:
  business_unit: {from: cost_centre, values: {"0101": MTZ}, otherwise: SUL}
values:
  status: {B: paid, A: open}
ignore: [Valor, Observação]
"""


def test_a_foreign_export_is_loaded_without_any_code(tmp_path) -> None:
    (tmp_path / "mappings").mkdir()
    write(tmp_path / "mappings", FOREIGN_MAPPING)
    path = tmp_path / "titulos_2026_07.csv"
    path.write_bytes(FOREIGN.encode("cp1252"))
    store = open_raw(tmp_path / "raw.duckdb", CONTRACTS)
    report = load_file(store, path, CONTRACTS, batch_id="test", mappings_dir=tmp_path / "mappings")
    assert report.state == "loaded", report.message
    assert store.execute(
        "select company, business_unit, supplier_id, document, due_date, amount_brl, status, _line from erp.payables"
    ).fetchall() == [
        ("01", "MTZ", "11845", "0000611365", dt.date(2026, 7, 1), Decimal("1234.56"), "paid", 4),
        ("01", "SUL", "7", "8", dt.date(2026, 7, 2), Decimal("10.00"), "open", 5),
    ]
    assert {problem.column_name for problem in report.quarantine} == {
        "issue_date",
        "receipt_date",
        "due_date",
        "status",
    }
    assert {problem.line for problem in report.quarantine} == {6}


def test_the_same_foreign_export_as_a_workbook_gives_the_same_rows(tmp_path) -> None:
    (tmp_path / "mappings").mkdir()
    write(tmp_path / "mappings", FOREIGN_MAPPING)
    path = tmp_path / "titulos.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_string(0, 0, "Relatório de títulos")
        headers = FOREIGN.splitlines()[2].split(",")
        sheet.write_row(2, 0, headers)
        sheet.write_row(3, 0, ["0101", 11845, "0000611365", None, 9.99, 1234.56, "B", "x"])
        sheet.write_datetime(3, 3, dt.date(2026, 7, 1), day)
    store = open_raw(tmp_path / "raw.duckdb", CONTRACTS)
    report = load_file(store, path, CONTRACTS, batch_id="test", mappings_dir=tmp_path / "mappings")
    assert report.state == "loaded", report.message
    assert store.execute(
        "select company, business_unit, supplier_id, document, due_date, amount_brl, status, _line from erp.payables"
    ).fetchall() == [("01", "MTZ", "11845", "0000611365", dt.date(2026, 7, 1), Decimal("1234.56"), "paid", 4)]


def test_a_mistake_in_a_mapping_rejects_the_file_with_the_mappings_line(tmp_path) -> None:
    mapping = write(tmp_path, "table: erp.payables\ncolumns:\n  Valor: amount\n")
    path = tmp_path / "titulos.csv"
    path.write_text("Valor;X\n", encoding="utf-8")
    store = open_raw(tmp_path / "raw.duckdb", CONTRACTS)
    report = load_file(store, path, CONTRACTS, batch_id="test", mapping=mapping)
    assert report.state == "rejected"
    assert "titulos.yml, line 3" in report.message

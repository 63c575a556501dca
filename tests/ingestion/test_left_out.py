"""Rows that a mapping leaves out, columns joined from several: counted, told, closed where they say so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.mapping import MappingError, load_mapping
from ingestion.mapping_rows import DroppedRows, Join
from tests.ingestion.conftest import PROJECT, payable

MAPPING = """
table: erp.payables
match: ["se2*.csv"]
dialect: {date_format: yyyymmdd, decimal: "."}
columns: {E2_FILIAL: business_unit, E2_PARCELA: instalment, E2_EMISSAO: issue_date, E2_VENCREA: due_date,
          E2_BAIXA: paid_date, E2_VALOR: amount_brl, E2_SALDO: status}
joins:
  document: {from: [E2_PREFIXO, E2_NUM]}
  supplier_id: {from: [E2_FORNECE, E2_LOJA], separator: "/"}
copies: {receipt_date: issue_date}
constants: {company: "01"}
values:
  instalment: {"": "1", "B": "2"}
  status: {"0": paid, "*": open}
drop_rows:
  - {column: D_E_L_E_T_, values: ["*"], reason: "deleted in the ERP", closes: true}
  - {column: E2_TIPO, other_than: [NF], reason: "not an invoice"}
"""
HEADER = "E2_FILIAL;E2_PREFIXO;E2_NUM;E2_PARCELA;E2_TIPO;E2_FORNECE;E2_LOJA;E2_EMISSAO;E2_VENCREA;E2_BAIXA;E2_VALOR;E2_SALDO;D_E_L_E_T_"


def title(number: str, amount: str = "100.00", part: str = "", kind: str = "NF", deleted: str = "") -> str:
    return f"MTZ;;{number};{part};{kind};F1;01;20260601;20260701;;{amount};{amount};{deleted}"


@pytest.fixture
def load_titles(load, tmp_path, contracts):
    path = tmp_path / "se2.yml"
    path.write_text(MAPPING, encoding="utf-8")
    mapping = load_mapping(path, contracts)
    return lambda lines, name: load(lines, name=name, header=HEADER, mapping=mapping)


def test_rows_left_out_are_counted_summed_and_told(store, load_titles) -> None:
    report = load_titles(
        [title("1"), title("2", "10.00", deleted="*"), title("3", "7.50", kind="PA"), title("4", "5.25", "B"),
         title("5", "oops"), title("6", "1.00", kind="TX")], "se2_a.csv",
    )  # fmt: skip
    (table,) = report.tables
    assert (table.rows_read, table.rows_loaded, table.rows_quarantined, table.rows_left_out) == (6, 2, 1, 3)
    assert (table.control_read, table.control_loaded, table.control_left_out) == tuple(
        map(Decimal, ("123.75", "105.25", "18.50"))
    )
    assert "Left out by the mapping: 2 not an invoice; 1 deleted in the ERP." in report.notes
    assert "3 left out" in report.message
    found = store.execute("select document, supplier_id, instalment, _line from erp.payables order by 4").fetchall()
    assert found == [("1", "F1/01", 1, 2), ("4", "F1/01", 2, 5)]
    assert store.execute("select rows_left_out, control_left_out from load.tables").fetchall() == [(3, Decimal("18.5"))]
    again = load_titles(
        [title("1"), title("2", "10.00", deleted="*"), title("3", "7.50", kind="PA"), title("4", "5.25", "B"),
         title("5", "oops"), title("6", "1.00", kind="TX")], "se2_a.csv",
    )  # fmt: skip
    assert again.state == "unchanged"
    (table,) = again.tables
    assert (table.rows_unchanged, table.rows_quarantined, table.rows_left_out) == (2, 1, 3)
    assert table.control_left_out == Decimal("18.5")


def test_a_row_that_was_deleted_closes_what_was_known(store, load_titles) -> None:
    load_titles([title("1"), title("2"), title("3"), title("4")], "se2_a.csv")
    report = load_titles(
        [title("1", deleted="*"), title("2", deleted="*"), title("2", "90.00"), title("3", kind="PA")], "se2_b.csv"
    )
    (table,) = report.tables
    assert (table.rows_read, table.rows_loaded, table.rows_left_out, table.rows_closed) == (4, 1, 3, 1)
    current = "select document, amount_brl from erp.payables where _valid_to is null order by document"
    # 2 was entered again; 3 is an advance payment of the same number, which says nothing of the invoice.
    assert store.execute(current).fetchall() == [("2", Decimal(90)), ("3", Decimal(100)), ("4", Decimal(100))]


def test_a_missing_header_of_the_conditions_rejects_the_file(load, tmp_path, contracts) -> None:
    path = tmp_path / "se2.yml"
    path.write_text(MAPPING, encoding="utf-8")
    lines = [title("1").rpartition(";")[0]]
    report = load(lines, name="se2_a.csv", header=HEADER.rpartition(";")[0], mapping=load_mapping(path, contracts))
    assert report.state == "rejected"
    assert '"D_E_L_E_T_"' in report.message


def test_conditions_and_joins_are_read(tmp_path: Path, contracts) -> None:
    path = tmp_path / "se2.yml"
    path.write_text(MAPPING, encoding="utf-8")
    mapping = load_mapping(path, contracts)
    assert mapping.joins["document"] == Join(("E2_PREFIXO", "E2_NUM"), "-")
    assert mapping.drop_rows[0] == DroppedRows("D_E_L_E_T_", ("*",), "deleted in the ERP", closes=True)
    assert mapping.drop_rows[1] == DroppedRows("E2_TIPO", ("NF",), "not an invoice", "other_than")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("drop_rows: {column: A}", "must be a list"),
        ("drop_rows: [{column: A, reason: x}]", "one of values, other_than"),
        ("drop_rows: [{column: A, values: [1], reason: x}]", "list of texts"),
        ('drop_rows: [{column: A, values: ["1"]}]', '"reason" must be a text'),
        ('drop_rows: [{column: A, values: ["1"], reason: x, closes: maybe}]', "true or false"),
        ("joins: {document: {from: A}}", "list of texts"),
        ("joins: {nothing: {from: [A, B]}}", 'no column "nothing"'),
        ("joins: {document: {from: [A, B]}}\nconstants: {document: x}", "filled twice"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, contracts, text: str, message: str) -> None:
    path = tmp_path / "wrong.yml"
    path.write_text(f"table: erp.payables\n{text}\n", encoding="utf-8")
    with pytest.raises(MappingError, match=r"wrong\.yml, line") as found:
        load_mapping(path, contracts)
    assert message in str(found.value)


def test_signs_are_turned_and_rows_left_out_by_their_start(load, store, tmp_path, contracts) -> None:
    path = tmp_path / "cash.yml"
    path.write_text(
        "table: erp.payables\nnegate: [amount_brl]\ncolumns: {Valor: amount_brl}\n"
        'drop_rows: [{column: Valor, starting_with: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], reason: "a receipt"}]\n',
        encoding="utf-8",
    )
    lines = [
        payable(amount="-1.210,00"),
        payable(document="NF-2", amount="10,00"),
        payable(document="NF-3", amount="- 5,00"),
    ]
    report = load(lines, mapping=load_mapping(path, contracts))
    (table,) = report.tables
    assert (table.rows_loaded, table.rows_left_out) == (2, 1)
    found = store.execute("select document, amount_brl from erp.payables order by 1").fetchall()
    assert found == [("NF-1", Decimal(1210)), ("NF-3", Decimal(5))]


def test_the_documented_example_works(tmp_path: Path, contracts) -> None:
    readme = (PROJECT / "data" / "mappings" / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "se2.yml"
    path.write_text(readme.split("```yaml\n")[2].split("```")[0], encoding="utf-8")
    mapping = load_mapping(path, contracts)
    assert mapping.negated == ("amount_brl",)
    assert [drop.closes for drop in mapping.drop_rows] == [True, False]
    assert mapping.joins["supplier_id"].separator == "/"

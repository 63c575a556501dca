"""Proposals for every kind of table, and mappings that are read back as they were written, whatever the file holds."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.contracts import Contract, fold
from ingestion.mapping import MappingError, load_mapping
from ingestion.proposal import Choices, propose
from ingestion.proposal_preview import preview
from ingestion.proposal_writing import mapping_text, write_mapping
from ingestion.readers import RejectedFile

ROWS = {
    "Nº do título": ["77", "78", "79"],
    "Cód. forn.": ["F1", "F2", "F3"],
    "Parc.": [1, 1, 2],
    "Dt. emissão": [dt.date(2026, 6, 13), dt.date(2026, 6, 14), dt.date(2026, 6, 15)],
    "Entrada": [dt.date(2026, 6, 15), dt.date(2026, 6, 16), dt.date(2026, 6, 17)],
    "Dt. venc.": [dt.date(2026, 7, 13), dt.date(2026, 7, 14), dt.date(2026, 7, 15)],
    "Vlr. original": [1210.5, 99.0, 7.25],
    "Sit.": ["Aberto", "Pago", "Aberto"],
}
EXPECTED = {
    "Nº do título": "document", "Cód. forn.": "supplier_id", "Parc.": "instalment", "Dt. emissão": "issue_date",
    "Entrada": "receipt_date", "Dt. venc.": "due_date", "Vlr. original": "amount_brl", "Sit.": "status",
}  # fmt: skip
SAID = Choices(table="erp.payables", constants={"company": "01", "business_unit": "MTZ"})


def write_workbook(path: Path) -> None:
    """Title rows above the table, and two other sheets."""
    workbook = xlsxwriter.Workbook(str(path))
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    workbook.add_worksheet("Capa").write_string(0, 0, "Relatório gerado em 01/07/2026")
    sheet = workbook.add_worksheet("Títulos")
    sheet.merge_range(0, 0, 0, 7, "Distribuidora – contas a pagar")
    for column, (header, values) in enumerate(ROWS.items()):
        sheet.write_string(2, column, header)
        for row, value in enumerate(values, 3):
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), day)
            else:
                sheet.write(row, column, value)
    other = workbook.add_worksheet("Parâmetros")
    other.write_row(0, 0, ["Chave", "Conteúdo"])
    other.write_row(1, 0, ["versão", "3"])
    workbook.close()


def write_json(path: Path) -> None:
    records = [dict(zip(ROWS, row, strict=True)) for row in zip(*ROWS.values(), strict=True)]
    path.write_text(json.dumps({"pagina": 1, "titulos": records}, default=str, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "json", "csv"])
def test_every_kind_of_table_is_proposed_and_loads(tmp_path: Path, contracts: dict[str, Contract], suffix: str) -> None:
    path = tmp_path / f"titulos.{suffix}"
    match suffix:
        case "xlsx":
            write_workbook(path)
        case "parquet":
            pl.DataFrame(ROWS).write_parquet(path)
        case "json":
            write_json(path)
        case _:
            pl.DataFrame(ROWS).write_csv(path, separator=";")
    unasked = propose(path, contracts)
    assert unasked.contract.name == "erp.payables"
    proposal = propose(path, contracts, SAID)
    assert dict(proposal.mapping.columns) == EXPECTED
    assert not proposal.questions, "dates and numbers of the file's own ask nothing"
    assert not proposal.missing
    if suffix == "xlsx":
        assert (proposal.shape.sheet, proposal.shape.header_line) == ("Títulos", 3)
    trial = preview(path, contracts, proposal.mapping)
    assert trial.report.state == "loaded", trial.report.message
    (table,) = trial.report.tables
    assert (table.rows_read, table.rows_loaded) == (3, 3)
    assert str(table.control_loaded) == "1316.75"


def test_what_is_no_table_says_so(tmp_path: Path, contracts: dict[str, Contract]) -> None:
    empty, numbers, page = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"
    empty.write_text("")
    numbers.write_text("1;2;3\n4;5;6\n")
    page.write_text("<!doctype html><html></html>")
    for path, message in (
        (empty, "empty"),
        (numbers, "no line of headers"),
        (page, "web page"),
        (tmp_path / "d.csv", "no such"),
    ):
        with pytest.raises(RejectedFile, match=message):
            propose(path, contracts)


def test_a_header_that_stands_twice_is_told_by_the_preview(tmp_path: Path, contracts: dict[str, Contract]) -> None:
    path = tmp_path / "titulos.csv"
    path.write_text(
        "Documento;Fornecedor;Parcela;Emissão;Vencimento;Valor;Valor\n1;F;1;13/06/2026;13/07/2026;1,00;2,00\n",
        encoding="utf-8",
    )
    proposal = propose(path, contracts, SAID)
    trial = preview(path, contracts, proposal.mapping)
    assert trial.report.state == "rejected"
    assert '"Valor" stands twice' in trial.report.message


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=25).map(str.strip).filter(bool)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(names, min_size=3, max_size=8, unique_by=fold), names, names)
def test_a_mapping_is_read_back_as_it_was_written(
    tmp_path: Path, contracts: dict[str, Contract], headers: list[str], constant: str, file_name: str
) -> None:
    """Quotes, colons, line ends, formulas, signs of other scripts: headers are data and never become YAML."""
    path = tmp_path / "titulos.csv"
    path.write_text("Documento;Emissão;Valor\n1;13/06/2026;1,00\n", encoding="utf-8")
    proposal = propose(path, contracts, SAID)
    columns = dict(zip(headers, ("document", "issue_date", "amount_brl"), strict=False))
    mapping = replace(
        proposal.mapping,
        columns=columns,
        constants={"company": constant, "business_unit": "MTZ"},
        match=(file_name,),
        value_maps={"status": dict.fromkeys(headers, "open")},
        ignored=tuple(headers[3:]),
    )
    changed = replace(proposal, mapping=mapping, unmapped=tuple(headers), unknown_words={"status": tuple(headers)})
    target = write_mapping(changed, tmp_path / "mapping.yml", contracts, force=True)
    assert replace(load_mapping(target, contracts), path=None) == mapping
    assert mapping_text(changed) == target.read_text(encoding="utf-8")


def test_yaml_that_cannot_be_read_is_told_without_a_traceback(tmp_path: Path, contracts: dict[str, Contract]) -> None:
    path = tmp_path / "broken.yml"
    path.write_text("table: erp.payables\nconstants: {company: '\x80'}\n", encoding="utf-8")
    with pytest.raises(MappingError, match=r"broken\.yml.*not valid YAML"):
        load_mapping(path, contracts)

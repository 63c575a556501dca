"""Amounts in another currency never come in as reais."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.quarantine_files import quarantined, write_quarantine_files
from ingestion.reports import FileReport
from tests.ingestion.conftest import HEADER, PAYABLE, payable

Load = Callable[..., FileReport]
ROWS = {"NF-1": "BRL", "NF-2": "USD", "NF-3": "R$", "NF-4": "", "NF-5": "Real", "NF-6": "€"}


def loaded(store: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in store.execute("select document from erp.payables order by 1").fetchall()]


def in_csv(_: Path) -> tuple[str, bytes]:
    lines = [payable(document=name) + f";{currency}" for name, currency in ROWS.items()]
    return "payables.csv", "\n".join([f"{HEADER};Moeda", *lines, ""]).encode()


def in_json(_: Path) -> tuple[str, bytes]:
    names = HEADER.split(";")
    rows = [dict(zip(names, payable(document=name).split(";"), strict=True)) | {"currency": currency}
            for name, currency in ROWS.items()]  # fmt: skip
    return "payables.json", json.dumps(rows).encode()


def in_workbook(folder: Path) -> tuple[str, bytes]:
    path = folder / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        rows = [[*HEADER.split(";"), "Cód. Moeda"]]
        rows += [[*payable(document=name).split(";"), currency] for name, currency in ROWS.items()]
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return "payables.xlsx", path.read_bytes()


@pytest.mark.parametrize("written", [in_csv, in_json, in_workbook])
def test_rows_in_another_currency_go_to_quarantine(
    store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path, written
) -> None:
    name, content = written(tmp_path)
    path = tmp_path / name
    path.write_bytes(content)
    report = load_file(store, path, contracts, batch_id="one")
    assert loaded(store) == ["NF-1", "NF-3", "NF-4", "NF-5"]
    assert report.tables[0].rows_quarantined == 2
    problem = report.quarantine[0]
    assert "the amount is in USD, and amounts here are in BRL" in problem.message
    assert "list it under currencies in a mapping" in problem.remedy


@pytest.mark.parametrize("said", ["currencies: [BRL, USD, '€']", 'ignore: ["Moeda"]'])
def test_a_mapping_may_accept_them(load: Load, store: duckdb.DuckDBPyConnection, tmp_path: Path, said: str) -> None:
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(f"table: erp.payables\nmatch: ['payables*']\n{said}\n", encoding="utf-8")
    assert load(in_csv(tmp_path)[1], name="payables.csv", mapping=mapping).state == "loaded"
    assert len(loaded(store)) == len(ROWS)


def test_a_file_without_currency_is_read_as_before(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    report = load([payable()])
    assert report.notes == ()
    amount = Decimal(PAYABLE["amount"].replace(".", "").replace(",", "."))
    assert store.execute("select amount_brl from erp.payables").fetchall() == [(amount,)]


def test_a_currency_in_one_of_several_tables_of_a_workbook_counts_too(store, contracts, tmp_path: Path) -> None:
    path = tmp_path / "financeiro.xlsx"
    with xlsxwriter.Workbook(path) as book:
        payables = [
            [*HEADER.split(";"), "Moeda"],
            *([*payable(document=name).split(";"), said] for name, said in ROWS.items()),
        ]
        companies = [
            [column.header("pt_BR") for column in contracts["organisation.companies"].columns],
            ["01", "Aurora Ltda"],
        ]
        for name, rows in (("Títulos", payables), ("Empresas", companies)):
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    report = load_file(store, path, contracts, batch_id="one")
    told = {table.table: (table.rows_loaded, table.rows_quarantined) for table in report.tables}
    assert told == {"erp.payables": (4, 2), "organisation.companies": (1, 0)}, report.message
    assert loaded(store) == ["NF-1", "NF-3", "NF-4", "NF-5"]


@pytest.mark.parametrize("written", [in_csv, in_workbook])
def test_quarantined_rows_keep_their_currency(store, contracts, tmp_path: Path, written) -> None:
    """A file of quarantined rows that nobody has mended brings no dollar in as a real."""
    name, content = written(tmp_path)
    (tmp_path / name).write_bytes(content)
    load_file(store, tmp_path / name, contracts, batch_id="one")
    (waiting,) = write_quarantine_files(store, quarantined(store), tmp_path / "quarantine")
    assert load_file(store, waiting, contracts, batch_id="two").tables[0].rows_quarantined == 2
    mended = waiting.read_text(encoding="utf-8-sig").replace("USD", "BRL").replace("€", "BRL")
    waiting.write_text(mended, encoding="utf-8-sig")
    assert load_file(store, waiting, contracts, batch_id="three").tables[0].rows_loaded == 2
    assert len(loaded(store)) == len(ROWS)

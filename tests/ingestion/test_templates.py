"""Templates: the contract's headers, in either language, in files that the project itself accepts."""

from __future__ import annotations

from pathlib import Path

import duckdb
import fastexcel
import pytest

from ingestion.contracts import Contract, ContractError
from ingestion.load import load_file
from ingestion.templates import write_template


@pytest.mark.parametrize("language", ["pt_BR", "en"])
def test_every_template_is_accepted_as_an_export_without_rows(
    store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path, language: str
) -> None:
    for contract in contracts.values():
        text, workbook = write_template(contract, language, tmp_path)
        assert text.read_bytes().startswith(b"\xef\xbb\xbf")
        report = load_file(store, text, contracts, table=contract.name, batch_id="template")
        assert (report.state, report.tables[0].rows_read) == ("loaded", 0), report.message
        sheet = fastexcel.read_excel(workbook).load_sheet(0, header_row=None, dtypes="string").to_polars()
        assert list(sheet.row(0)) == [column.header(language) for column in contract.columns]


def test_the_same_contract_gives_the_same_bytes(contracts: dict[str, Contract], tmp_path: Path) -> None:
    once = [path.read_bytes() for path in write_template(contracts["erp.payables"], "pt_BR", tmp_path / "a")]
    again = [path.read_bytes() for path in write_template(contracts["erp.payables"], "pt_BR", tmp_path / "b")]
    assert once == again


def test_another_language_is_refused(contracts: dict[str, Contract], tmp_path: Path) -> None:
    with pytest.raises(ContractError, match='language "fr"'):
        write_template(contracts["erp.payables"], "fr", tmp_path)

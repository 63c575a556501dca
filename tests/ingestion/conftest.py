"""Fixtures of ingestion: the project's contracts, a raw store in a temporary folder, payables exports to load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import Contract, load_contracts
from ingestion.load import load_file
from ingestion.raw import open_raw
from ingestion.reports import FileReport

PROJECT = Path(__file__).resolve().parents[2]
HEADER = (
    "Empresa;Unidade;Fornecedor;Documento;Parcela;Emissão;Recebimento;Vencimento;Pagamento;Valor;Valor Pago;"
    "Centro de Custo;Categoria;Contestado;Situação"
)
PAYABLE = {
    "company": "01", "unit": "MTZ", "supplier": "F1", "document": "NF-1", "instalment": "1", "issued": "01/06/2026",
    "received": "03/06/2026", "due": "03/07/2026", "paid": "", "amount": "1.210,00", "paid_amount": "", "centre": "CC1",
    "category": "Serviços", "disputed": "não", "status": "Aberto",
}  # fmt: skip


def payable(**changes: str) -> str:
    """One line of a payables export, good unless `changes` say otherwise."""
    return ";".join((PAYABLE | changes).values())


@pytest.fixture(scope="session")
def contracts() -> dict[str, Contract]:
    return load_contracts(PROJECT)


@pytest.fixture
def store(tmp_path: Path, contracts: dict[str, Contract]) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_raw(tmp_path / "raw.duckdb", contracts)
    yield connection
    connection.close()


@pytest.fixture
def load(store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path) -> Callable[..., FileReport]:
    """`load(lines, name=…, **arguments of load_file)` writes an export and loads it."""

    def write_and_load(
        lines: list[str] | bytes, name: str = "payables_2026_07.csv", header: str = HEADER, **arguments: object
    ) -> FileReport:
        path = tmp_path / name
        content = lines if isinstance(lines, bytes) else "\n".join([header, *lines, ""]).encode()
        path.write_bytes(content)
        return load_file(store, path, contracts, batch_id="batch", **arguments)  # type: ignore[arg-type]

    return write_and_load

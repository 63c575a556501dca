"""The bank's collection returns agree with the receivables that they settle and with the lines of the statement."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingestion.contracts import load_contracts
from ingestion.mapping import load_mapping
from ingestion.readers.cnab import RETURNS, CnabReader
from pipeline.sample.bank import bank_truth
from pipeline.sample.collection import COLLECTION_FROM, COLLECTION_UNIT
from pipeline.sample.company import AS_OF
from pipeline.sample.finance_files import named_payables
from pipeline.sample.receivables import settled_until

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"


@pytest.fixture(scope="module")
def returned() -> pl.DataFrame:
    """Every title of every return of the sample, amounts in cents."""
    contracts = load_contracts(ROOT)
    mapping = load_mapping(SAMPLE / "mappings" / "retorno_cobranca.yml", contracts)
    frames = []
    for path in sorted(SAMPLE.glob("*/*.ret")):
        with duckdb.connect() as connection:
            (table,) = CnabReader().read(connection, path, contracts, contracts[RETURNS], mapping)
            frames.append(connection.sql(f'from "{table.relation}"').pl())
    cents = [pl.col(name).str.replace(",", "").cast(pl.Int64) for name in ("face_brl", "paid_brl", "net_brl")]
    return pl.concat(frames).with_columns(*cents, pl.col("credit_date").str.to_date("%d/%m/%Y"))


def test_returns_hold_every_boleto_of_the_unit_once(returned) -> None:
    boletos = settled_until(AS_OF).filter(
        pl.col("business_unit") == COLLECTION_UNIT, pl.col("means") == "boleto",
        pl.col("settled_date") >= COLLECTION_FROM,
    )  # fmt: skip
    assert boletos.height > 50
    expected = boletos.select(pl.format("{}/{}", "document", "instalment"), "amount_brl", "settled_amount_brl")
    found = returned.select("document", "face_brl", "paid_brl")
    assert sorted(found.rows()) == sorted(expected.rows())
    assert set(returned["business_unit"]) == {"NE"}
    assert returned["our_number"].n_unique() == returned.height


def test_what_is_credited_a_day_is_the_banks_line_of_that_day(returned) -> None:
    lines = bank_truth(named_payables()).filter(
        pl.col("business_unit") == COLLECTION_UNIT, pl.col("memo").str.starts_with("COBRANÇA LIQUIDAÇÃO"),
        pl.col("posted_date") >= COLLECTION_FROM,
    )  # fmt: skip
    credited = returned.group_by("credit_date").agg(pl.col("net_brl").sum()).sort("credit_date")
    assert credited.rows() == lines.select("posted_date", "amount_brl").sort("posted_date").rows()

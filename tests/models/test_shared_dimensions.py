"""Units and companies: a code that any export names is in its dimension, so every contract must be in their lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.contracts import load_contracts

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("model", "column"), [("dim_business_units", "business_unit"), ("dim_companies", "company")])
def test_every_export_is_asked_for_its_codes(model: str, column: str) -> None:
    text = (ROOT / "models" / "marts" / f"{model}.sql").read_text(encoding="utf-8")
    having = [
        contract
        for contract in load_contracts(ROOT).values()
        if any(known.name == column for known in contract.columns)
    ]
    assert len(having) > 30
    assert [contract.name for contract in having if f"('{contract.source}', '{contract.table}')" not in text] == []

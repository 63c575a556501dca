from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from dashboard.exports import csv_bytes, neutralised

TABLE = pl.DataFrame(
    {
        "name": ["=1+1", "+55 11", "-x", "@sum", "\tx", "plain", "a=b", None],
        "amount": [Decimal("-1.50")] * 8,
        "day": [date(2026, 11, 20)] * 8,
    }
)


def test_formulas_are_neutralised() -> None:
    names = neutralised(TABLE)["name"].to_list()
    assert names == ["'=1+1", "'+55 11", "'-x", "'@sum", "'\tx", "plain", "a=b", None]


def test_numbers_stay_numbers() -> None:
    assert neutralised(TABLE)["amount"].to_list() == TABLE["amount"].to_list()


def test_brazilian_and_english_dialects() -> None:
    brazilian = csv_bytes(TABLE, "pt_BR").decode("utf-8-sig").splitlines()
    assert brazilian[0] == "name;amount;day"
    assert brazilian[6] == "plain;-1,50;2026-11-20"
    english = csv_bytes(TABLE, "en").decode("utf-8-sig").splitlines()
    assert english[6] == "plain,-1.50,2026-11-20"
    assert csv_bytes(TABLE, "en").startswith(b"\xef\xbb\xbf")

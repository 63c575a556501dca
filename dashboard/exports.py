"""Tables as files for people's spreadsheets."""

from __future__ import annotations

import re

import polars as pl

from dashboard.formats import local_times

# A cell that begins so is taken for a formula by spreadsheet programs (OWASP, "CSV injection").
FORMULA_STARTS = r"^[=+\-@\t\r]"


def neutralised(table: pl.DataFrame) -> pl.DataFrame:
    """Text cells that a spreadsheet would run as a formula, made harmless with a leading apostrophe."""
    text = pl.col(pl.String)
    return table.with_columns(pl.when(text.str.contains(FORMULA_STARTS)).then("'" + text).otherwise(text).name.keep())


def harmless(text: str) -> str:
    """One text, made harmless as `neutralised` does it."""
    return "'" + text if re.match(FORMULA_STARTS, text) else text


def csv_bytes(table: pl.DataFrame, language: str) -> bytes:
    """The table as CSV: semicolon and decimal comma for Brazilian spreadsheets, comma and point for others.

    Begins with a byte-order mark, by which spreadsheet programs know UTF-8. Dates are ISO, which every program reads; times of
    day are those of the company's time zone, as on the page.
    """
    is_brazilian = language == "pt_BR"
    text = neutralised(local_times(table)).write_csv(separator=";" if is_brazilian else ",", decimal_comma=is_brazilian)
    return text.encode("utf-8-sig")

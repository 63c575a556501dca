"""Tables as files for people's spreadsheets."""

from __future__ import annotations

import io
import json
import re

import polars as pl
import xlsxwriter
from polars import selectors

from dashboard.formats import local_times

# A cell that begins so is taken for a formula by spreadsheet programs (OWASP, "CSV injection").
FORMULA_STARTS = r"^[=+\-@\t\r]"


def neutralised(table: pl.DataFrame) -> pl.DataFrame:
    """Text cells that a spreadsheet would run as a formula, made harmless with a leading apostrophe."""
    text = pl.col(pl.String)
    table = table.rename(lambda name: f"'{name}" if re.match(FORMULA_STARTS, name) else name)
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
    text = neutralised(flat(local_times(table))).write_csv(
        separator=";" if is_brazilian else ",", decimal_comma=is_brazilian
    )
    return text.encode("utf-8-sig")


def xlsx_bytes(table: pl.DataFrame) -> bytes:
    """The table as an Excel workbook. Texts are cells of text: never formulas, never links."""
    target = io.BytesIO()
    harmless = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {**harmless, "in_memory": True, "nan_inf_to_errors": True}) as workbook:
        neutralised(flat(local_times(table))).write_excel(workbook, autofit=table.height < 2_000)
    return target.getvalue()


def parquet_bytes(table: pl.DataFrame) -> bytes:
    """The table as Parquet, for programs: types and values are as they are, nothing is a formula there."""
    target = io.BytesIO()
    table.write_parquet(target)
    return target.getvalue()


def flat(table: pl.DataFrame) -> pl.DataFrame:
    """The table without nested and binary columns, which no spreadsheet has: lists and structs as text."""
    changed = []
    for name, kind in table.schema.items():
        if kind.is_nested() or kind == pl.Object:
            changed.append(pl.Series(name, [None if value is None else _text(value) for value in table[name]]))
        elif kind == pl.Binary:
            changed.append(pl.col(name).bin.encode("hex"))
    return table.with_columns(changed).with_columns(selectors.duration().cast(pl.String))


def _text(value: object) -> str:
    plain = value.to_list() if isinstance(value, pl.Series) else value
    return json.dumps(plain, ensure_ascii=False, default=str)

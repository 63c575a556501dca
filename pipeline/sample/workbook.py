"""An export as a workbook: real dates and numbers in the cells, codes as text, the same bytes every time."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import polars as pl
import xlsxwriter

from pipeline.sample.exports import MONEY, headers

_CREATED = datetime(2026, 11, 16, 18, 0, tzinfo=UTC).replace(tzinfo=None)


def workbook(table: str, rows: pl.DataFrame) -> bytes:
    """The rows in one sheet under Portuguese headers; money (cents) as numbers with two decimals."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    book.set_properties({"title": "Fluxos de projetos", "author": "Controladoria", "created": _CREATED})
    sheet = book.add_worksheet("Fluxos")
    sheet.write_row(0, 0, headers(table, rows.columns, "portuguese"))
    in_reais = rows.with_columns(pl.col(f"^.*{MONEY}$") / 100)
    for position, name in enumerate(rows.columns):
        sheet.write_column(1, position, in_reais[name].to_list())
    book.close()
    return buffer.getvalue()

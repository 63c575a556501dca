"""Typed rows to the text of an export: headers, Brazilian numbers and dates, separators, encodings."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import polars as pl

from pipeline.sample.headers import ENGLISH, OTHER_PORTUGUESE, PORTUGUESE

MONEY = "_brl"
_THOUSANDS = str.maketrans({",": ".", ".": ","})


@dataclass(frozen=True)
class Style:
    """How one file is written."""

    encoding: str = "utf-8"  # utf-8, utf-8-sig or cp1252
    language: str = "portuguese"  # portuguese, other_portuguese or english
    thousands: bool = True  # 1.234,56 or 1234,56


def headers(table: str, columns: list[str], language: str) -> list[str]:
    """The file's header of each column, in the language of its style."""
    names = dict(PORTUGUESE[table])
    if language == "other_portuguese":
        names |= OTHER_PORTUGUESE.get(table, {})
    if language == "english":
        names = dict(ENGLISH[table])
    return [names[column] for column in columns]


def money_text(cents: int | None, *, thousands: bool) -> str:
    """1.234,56 (or 1234,56) from cents; a blank from nothing."""
    if cents is None:
        return ""
    if thousands:
        return f"{cents / 100:,.2f}".translate(_THOUSANDS)
    return f"{cents / 100:.2f}".replace(".", ",")


def number_text(value: float | None) -> str:
    """A decimal comma, and no zeros at the end; a blank from nothing."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")


def as_text(rows: pl.DataFrame, style: Style) -> pl.DataFrame:
    """Every column as the file writes it: money in cents becomes 1.234,56, dates dd/mm/yyyy, truth S or N."""
    expressions = []
    for name, kind in rows.schema.items():
        column = pl.col(name)
        if name.endswith(MONEY):
            texts = [money_text(cents, thousands=style.thousands) for cents in rows[name].to_list()]
            expressions.append(pl.Series(name, texts, dtype=pl.String))
        elif kind == pl.Date:
            expressions.append(column.dt.strftime("%d/%m/%Y").fill_null(""))
        elif isinstance(kind, pl.Datetime):
            expressions.append(column.dt.strftime("%d/%m/%Y %H:%M:%S").fill_null(""))
        elif kind == pl.Boolean:
            expressions.append(pl.when(column).then(pl.lit("S")).otherwise(pl.lit("N")).alias(name))
        elif kind.is_float():
            expressions.append(pl.Series(name, [number_text(v) for v in rows[name].to_list()], dtype=pl.String))
        else:
            expressions.append(column.cast(pl.String).fill_null(""))
    return rows.with_columns(expressions)


def as_lines(text: pl.DataFrame) -> list[str]:
    """The data lines (without header) of an export, fields quoted only where they must be."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerows(text.iter_rows())
    return buffer.getvalue().split("\n")[:-1]


def as_bytes(table: str, columns: list[str], lines: list[str], style: Style) -> bytes:
    """Header and lines in the style's encoding, with the line ends of Windows."""
    first = ";".join(headers(table, columns, style.language))
    return "".join(f"{line}\r\n" for line in (first, *lines)).encode(style.encoding)

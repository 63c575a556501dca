"""A table of results as people and programs want it: table, json, csv or parquet."""

from __future__ import annotations

import io
import json
import math
import sys
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from pipeline.failures import ExitCode, Failure

ROWS_SHOWN = 200
# Texts that spreadsheet programs take for a formula (OWASP, "CSV injection"): CSV is what people open in them.
FORMULA_STARTS = r"^[=+\-@\t\r]"


class Format(StrEnum):
    """The formats of `--format`."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def write_result(frame: pl.DataFrame, chosen: Format, output: Path | None) -> None:
    """Write a frame to a file, or to standard output. JSON is a list of objects; its dates are ISO text."""
    content = rendered(frame, chosen, whole=output is not None)
    if output is not None:
        output.write_bytes(content)
        return
    if chosen is Format.PARQUET and sys.stdout.isatty():
        raise Failure("Parquet is not for a terminal.", "Add --output FILE, or redirect to a file.", ExitCode.USAGE)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def rendered(frame: pl.DataFrame, chosen: Format, *, whole: bool) -> bytes:
    """The frame as bytes of a format; `whole` shows every row of a table."""
    if chosen is Format.JSON:
        records = [{name: plain(value) for name, value in record.items()} for record in frame.iter_rows(named=True)]
        return (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode()
    if chosen is Format.TABLE:
        return as_table(frame, None if whole else ROWS_SHOWN).encode()
    buffer = io.BytesIO()
    if chosen is Format.CSV:
        without_formulas(flat_frame(frame)).write_csv(buffer)
    else:
        frame.write_parquet(buffer)
    return buffer.getvalue()


def flat_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with lists and structures as text: CSV knows only single values."""
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    return frame.with_columns(
        pl.col(name).map_elements(lambda value: str(plain(value.to_list() if hasattr(value, "to_list") else value)),
                                  return_dtype=pl.String)
        for name in nested
    )  # fmt: skip


def without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before texts that a spreadsheet would run; JSON and Parquet keep them as they are."""
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text.str.contains(FORMULA_STARTS)).then("'" + text).otherwise(text).name.keep())


def plain(value: Any) -> Any:
    """A value as JSON knows it: no NaN, no decimals, dates as ISO text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def as_table(frame: pl.DataFrame, limit: int | None) -> str:
    """The frame as an aligned table, as wide as it needs when not on a terminal."""
    shown = frame if limit is None else frame.head(limit)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, kind in frame.schema.items():
        table.add_column(name, justify="right" if kind.is_numeric() else "left", no_wrap=True)
    for record in shown.iter_rows():
        table.add_row(*(cell(value) for value in record))
    terminal = sys.stdout.isatty()
    stream = io.StringIO()
    console = Console(
        file=stream, width=None if terminal else 10_000, force_terminal=terminal, highlight=False, markup=False
    )
    console.print(table)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    if shown.height < frame.height:
        lines.append(f"… {frame.height - shown.height:,} more rows (use --format csv, or --output FILE)")
    elif not frame.height:
        lines.append("(no rows)")
    return "\n".join(lines) + "\n"


def cell(value: Any) -> str:
    """One value in a table: empty when missing, four significant decimals at most."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)

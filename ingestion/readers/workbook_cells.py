"""The cells of a sheet → text columns of a contract, numbers and dates in the contract's dialect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import fastexcel
import polars as pl

from ingestion.headers import HeaderMatch
from ingestion.readers import RejectedFile
from ingestion.values import strptime_form

if TYPE_CHECKING:
    from ingestion.contracts import Contract, Dialect

NUMBERS = ("integer", "number", "money", "precise")
DATES = ("date", "timestamp")
SIGNIFICANT_DIGITS = 15  # what spreadsheet programs show; the rest is binary noise (0.1 + 0.2)
RAW_CHARACTERS = 2000
ERROR_REMEDY = "Correct the formula in the workbook and load it again."


@dataclass(frozen=True)
class ErrorCell:
    """A cell that shows an error: sheet row from 1, position from the first used column, and text (`#DIV/0!`)."""

    row: int
    position: int
    text: str


@dataclass(frozen=True)
class Sheet:
    """A sheet that fits a contract: its text, its header's row (from 0) and what its headers are."""

    name: str
    contract: Contract
    text: pl.DataFrame
    header: int
    match: HeaderMatch


def first_line(error: Exception) -> str:
    """The first line of an error's text."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def sheet_rows(workbook: fastexcel.ExcelReader, sheet: str, count: int | None, **options: object) -> pl.DataFrame:
    """Rows of a sheet from its very first one, all as text unless `dtypes` says otherwise."""
    arguments = {"header_row": None, "skip_rows": 0, "n_rows": count, "dtypes": "string", **options}
    try:
        frame = workbook.load_sheet(sheet, **arguments).to_polars()  # type: ignore[arg-type]
    except fastexcel.FastExcelError as error:
        raise RejectedFile(
            f'sheet "{sheet}" cannot be read: {first_line(error)}', "Save the workbook again."
        ) from error
    return frame


def sheet_frame(
    workbook: fastexcel.ExcelReader,
    sheet: Sheet,
    dialect: Dialect,
    errors: Sequence[ErrorCell],
    *,
    has_plain_days: bool,
) -> pl.DataFrame:
    """Contract columns as text, `_line` (sheet row from 1), `_raw_line` and `_problem` (cells that show an error).

    `has_plain_days`: the workbook's library gives days without a time as text (2026-07-31) and as no moment.
    """
    columns = {position: column for position, column in enumerate(sheet.match.columns) if column is not None}
    names = sheet.text.columns
    types = {position: sheet.contract.column(name).type for position, name in columns.items()}
    # A text cell reads neither as a boolean nor as a moment, so that one more reading tells the kinds of cells apart.
    kinds = {position: "boolean" if kind in NUMBERS else "datetime" for position, kind in types.items()
             if kind in (*NUMBERS, *DATES)}  # fmt: skip
    typed = sorted(kinds)
    told = (
        sheet_rows(workbook, sheet.name, None, use_columns=typed, dtypes={place: kinds[place] for place in typed})
        if typed
        else pl.DataFrame()
    )
    expressions: list[pl.Expr] = []
    for position, name in columns.items():
        cell = pl.col(names[position])
        reading = pl.col(f"told_{position}")
        if types[position] in NUMBERS:
            cell = pl.when(reading.is_not_null()).then(_number(cell, dialect.decimal)).otherwise(cell)
        elif types[position] in DATES:
            pattern = strptime_form(dialect.date_format if types[position] == "date" else dialect.timestamp_format)
            # A number reads as a moment too; only a date cell is written with a day in it.
            is_date = reading.is_not_null() & cell.str.contains(r"^\d{4}-\d{2}-\d{2}")
            moment = pl.when(is_date).then(reading)
            if has_plain_days:
                moment = moment.otherwise(cell.str.to_datetime("%Y-%m-%d", strict=False, exact=True))
            cell = pl.coalesce(moment.dt.strftime(pattern), cell)
        else:
            cell = cell.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
        expressions.append(cell.alias(name))
    return (
        sheet.text.with_columns(told.to_series(place).alias(f"told_{at}") for place, at in enumerate(typed))
        .with_row_index("_row")
        .slice(sheet.header + 1)
        .filter(pl.any_horizontal(pl.col(names).is_not_null()))
        .with_columns(pl.col("_row").cast(pl.Int64) + 1)
        .join(_problems(errors, columns), left_on="_row", right_on="_line", how="left", maintain_order="left")
        .select(
            *expressions,
            pl.col("_row").alias("_line"),
            pl.concat_str(pl.col(names).fill_null(""), separator=";").str.head(RAW_CHARACTERS).alias("_raw_line"),
            pl.col("_problem"),
            pl.when(pl.col("_problem").is_not_null()).then(pl.lit(ERROR_REMEDY)).alias("_remedy"),
        )
    )


def _number(cell: pl.Expr, decimal: str) -> pl.Expr:
    """A number as the dialect writes it, without the binary noise after its fifteenth digit."""
    digits = cell.str.replace_all(r"[^0-9]", "").str.strip_chars_start("0").str.len_chars()
    clean = (
        pl.when((digits > SIGNIFICANT_DIGITS) & cell.str.contains(".", literal=True))
        .then(cell.cast(pl.Float64, strict=False).round_sig_figs(SIGNIFICANT_DIGITS).cast(pl.String))
        .otherwise(cell)
        .str.replace(r"\.0$", "")
    )
    return clean.str.replace(".", decimal, literal=True)


def _problems(errors: Sequence[ErrorCell], columns: dict[int, str]) -> pl.DataFrame:
    cells = [
        {"_line": error.row, "_problem": f'{columns[error.position]}: the cell shows "{error.text}"'}
        for error in errors
        if error.position in columns
    ]
    frame = pl.DataFrame(cells, schema={"_line": pl.Int64, "_problem": pl.String})
    return frame.group_by("_line", maintain_order=True).agg(pl.col("_problem").str.join("; "))

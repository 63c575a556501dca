"""Workbooks → text, as the contract's parser expects it.

Every cell is read as text, so that account 11845 stays `11845` and `0000611365` keeps its zeros. Cells that Excel
holds as numbers or dates are written in the contract's dialect; text cells stay as they were typed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import fastexcel
import polars as pl

from ingestion.headers import HeaderMatch, headers_in_words, match_headers
from ingestion.readers import RejectedFile, TextTable
from ingestion.readers.mapped import lay_mapping
from ingestion.readers.xlsx_package import check_package, error_cells

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract, Dialect
    from ingestion.mapping import Mapping

ENCODING = "xlsx"
NUMBERS = ("integer", "number", "money", "precise")
DATES = ("date", "timestamp")
SIGNIFICANT_DIGITS = 15  # what Excel shows; the rest is binary noise (0.1 + 0.2)
RAW_CHARACTERS = 2000
ERROR_REMEDY = "Correct the formula in the workbook and load it again."


class XlsxReader:
    """Reads one sheet of a workbook: the mapping's, or else the first whose headers fit the contract."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """One text table. Raises RejectedFile for what is no workbook, is dangerous, empty, or lacks headers."""
        if contract is None and mapping is not None:
            contract = contracts[mapping.table]
        if contract is None:
            raise RejectedFile(f"{path.name}: no contract or mapping names this file.", "Name the table with --as.")
        workbook = _open(path)
        sheet, text, start, match, remarks = _find_sheet(workbook, path, contract, mapping)
        columns = {position: column for position, column in enumerate(match.columns) if column is not None}
        dialect = mapping.dialect_over(contract.dialect) if mapping is not None else contract.dialect
        frame = _frame(workbook, path, sheet, text, start, columns, contract, dialect)
        relation = f"text_xlsx_{contract.table}"
        connection.register("text_xlsx_rows", frame)
        connection.execute(f"create or replace temp table {relation} as select * from text_xlsx_rows")  # noqa: S608
        connection.unregister("text_xlsx_rows")
        return [
            TextTable(
                table=contract.name,
                relation=lay_mapping(connection, relation, contract, mapping),
                rows_read=frame.height,
                encoding=ENCODING,
                dialect=dialect,
                notes=remarks,
                headers=match.written,
            )
        ]


def header_rows(path: Path, dialect: Dialect, sheet: str | None, count: int) -> list[list[str]]:
    """The first rows of a sheet, of all sheets where none is named. Empty if there is no such sheet."""
    workbook = _open(path)
    if sheet is not None and sheet not in workbook.sheet_names:
        return []
    return [
        [text or "" for text in row]
        for name in ([sheet] if sheet is not None else workbook.sheet_names)
        for row in _rows(workbook, name, count).rows()
    ]


def _open(path: Path) -> fastexcel.ExcelReader:
    check_package(path)
    try:
        workbook = fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise RejectedFile(
            f"{path.name} cannot be opened as a workbook: {_first(error)}", "Save it as .xlsx again."
        ) from error
    if not workbook.sheet_names:
        raise RejectedFile(f"{path.name} has no sheet.", "Export the file again.")
    return workbook


def _first(error: Exception) -> str:
    return str(error).splitlines()[0]


def _rows(workbook: fastexcel.ExcelReader, sheet: str, count: int | None, **options: object) -> pl.DataFrame:
    """Rows of a sheet from its very first one, all as text unless `dtypes` says otherwise."""
    arguments = {"header_row": None, "skip_rows": 0, "n_rows": count, "dtypes": "string", **options}
    try:
        frame = workbook.load_sheet(sheet, **arguments).to_polars()  # type: ignore[arg-type]
    except fastexcel.FastExcelError as error:
        raise RejectedFile(f'sheet "{sheet}" cannot be read: {_first(error)}', "Save the workbook again.") from error
    return frame


def _find_sheet(
    workbook: fastexcel.ExcelReader, path: Path, contract: Contract, mapping: Mapping | None
) -> tuple[str, pl.DataFrame, int, HeaderMatch, tuple[str, ...]]:
    """Sheet, its text, header row (from 0), what its headers are, and remarks. Raises RejectedFile where none fits."""
    wanted = mapping.sheet if mapping is not None else None
    if wanted is not None and wanted not in workbook.sheet_names:
        raise RejectedFile(
            f'{path.name} has no sheet "{wanted}"; it has {", ".join(workbook.sheet_names)}.',
            "Correct the sheet in the mapping.",
        )
    sheets = [wanted] if wanted is not None else workbook.sheet_names
    refused: list[RejectedFile] = []
    for sheet in sheets:
        rows = _rows(workbook, sheet, None)  # whole: the sheet is unpacked anyhow, however few rows are asked for
        start = mapping.skip_rows if mapping is not None and mapping.skip_rows else _first_row(rows)
        if start is None or rows.height <= start:
            continue
        headers = [text or "" for text in rows.row(start)]
        try:
            matched = match_headers(contract, headers, mapping, path)
        except RejectedFile as error:
            where = f"Sheet {sheet}, row {start + 1}."
            refused.append(RejectedFile(f"{error.message} {where}", error.remedy))
            continue
        unused = [header for header in matched.ignored if header]
        remarks = [f"Not in the contract, and not loaded: {headers_in_words(unused)}."] if unused else []
        others = [name for name in workbook.sheet_names if name != sheet]
        if others:
            remarks.append(f'Sheet "{sheet}" was read; not read: {headers_in_words(others)}.')
        return sheet, rows, start, matched, tuple(remarks)
    if refused:
        raise refused[0]
    raise RejectedFile(f"{path.name}: the workbook is empty.", "Export the file again, with its header line.")


def _first_row(rows: pl.DataFrame) -> int | None:
    filled = rows.with_row_index("row").filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    return int(filled["row"][0]) if filled.height else None


def _frame(
    workbook: fastexcel.ExcelReader,
    path: Path,
    sheet: str,
    text: pl.DataFrame,
    start: int,
    columns: dict[int, str],
    contract: Contract,
    dialect: Dialect,
) -> pl.DataFrame:
    """Contract columns as text, `_line` (sheet row from 1), `_raw_line` and `_problem` (cells that show an error)."""
    names = text.columns
    typed = [position for position, name in columns.items() if contract.column(name).type in (*NUMBERS, *DATES)]
    # A cell that reads as boolean is a number (or true/false), one that reads as a moment but not as boolean a date:
    # texts read as neither, so the three readings tell the kinds of cells apart.
    kinds = {
        kind: _rows(workbook, sheet, None, dtypes=kind, use_columns=typed) if typed else pl.DataFrame()
        for kind in ("boolean", "datetime")
    }
    expressions: list[pl.Expr] = []
    readings: list[pl.Series] = []
    for position, name in columns.items():
        cell = pl.col(names[position])
        if position in typed:
            place = sorted(typed).index(position)
            readings.append(kinds["boolean"].to_series(place).alias(f"is_number_{position}"))
            readings.append(kinds["datetime"].to_series(place).alias(f"moment_{position}"))
            number, moment = pl.col(f"is_number_{position}"), pl.col(f"moment_{position}")
            type_name = contract.column(name).type
            if type_name in NUMBERS:
                cell = pl.when(number.is_not_null()).then(_number(cell, dialect.decimal)).otherwise(cell)
            else:
                pattern = _moment_format(dialect.date_format if type_name == "date" else dialect.timestamp_format)
                is_date = moment.is_not_null() & number.is_null()
                cell = pl.when(is_date).then(moment.dt.strftime(pattern)).otherwise(cell)
        else:
            cell = cell.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
        expressions.append(cell.alias(name))
    problems = _problems(path, sheet, columns)
    return (
        text.with_columns(readings)
        .with_row_index("_row")
        .slice(start + 1)
        .filter(pl.any_horizontal(pl.col(names).is_not_null()))
        .with_columns(pl.col("_row").cast(pl.Int64) + 1)
        .join(problems, left_on="_row", right_on="_line", how="left", maintain_order="left")
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


def _moment_format(pattern: str) -> str:
    """A dialect's format (dd/mm/yyyy hh:mm:ss) as strftime's. `mm` after `hh` are minutes."""
    day, hours, time = pattern.partition("hh")
    for part, code in (("dd", "%d"), ("mm", "%m"), ("yyyy", "%Y"), ("yy", "%y")):
        day = day.replace(part, code)
    return day + ("%H" if hours else "") + time.replace("mm", "%M").replace("ss", "%S")


def _problems(path: Path, sheet: str, columns: dict[int, str]) -> pl.DataFrame:
    cells = [
        {"_line": row, "_problem": f'{columns[position]}: the cell shows "{value}"'}
        for row, position, value in error_cells(path, sheet)
        if position in columns
    ]
    frame = pl.DataFrame(cells, schema={"_line": pl.Int64, "_problem": pl.String})
    return frame.group_by("_line", maintain_order=True).agg(pl.col("_problem").str.join("; "))

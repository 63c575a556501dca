"""Workbooks (.xlsx, .ods) → text, as the contract's parser expects it.

Every cell is read as text, so that account 11845 stays `11845` and `0000611365` keeps its zeros. Cells that the
program holds as numbers or dates are written in the contract's dialect; text cells stay as they were typed. Every
sheet that fits is read; sheets of the same table become one.
"""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import fastexcel
import polars as pl

from ingestion.currency import with_currency
from ingestion.headers import fit, header_row, headers_in_words, match_headers
from ingestion.readers import HEADER_ROWS, RejectedFile, TextTable, reader_for
from ingestion.readers.mapped import lay_mapping
from ingestion.readers.workbook_cells import ErrorCell, Sheet, first_line, sheet_frame, sheet_rows

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract
    from ingestion.mapping import Mapping
from ingestion.mended_files import has_added_columns, is_mended, mended_view

LEAST_FIT = 0.5  # a sheet that nobody named is a table only if half of what there could be is there


class WorkbookReader(ABC):
    """Reads the sheets of a workbook that fit: the mapping's, those of the contract, or each by its own headers."""

    encoding: str
    has_plain_days = False

    @abstractmethod
    def check(self, path: Path) -> None:
        """Refuse what is no such workbook or would fill the memory, before it is opened. Raises RejectedFile."""

    @abstractmethod
    def error_cells(self, path: Path, sheet: str) -> list[ErrorCell]:
        """Cells of a sheet that show an error; the workbook's library shows them as empty or as zero."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """A text table a contract. Raises RejectedFile for what is no workbook, is dangerous, or fits nothing."""
        if contract is None and mapping is not None:
            contract = contracts[mapping.table]
        workbook = self.open(path)
        sheets = (
            _named_sheets(workbook, path, contract, mapping)
            if contract is not None
            else _sheets_by_headers(workbook, path, [c for c in contracts.values() if self.encoding in c.readers])
        )
        unread = [name for name in workbook.sheet_names if name not in [sheet.name for sheet in sheets]]
        tables: list[TextTable] = []
        for name in dict.fromkeys(sheet.contract.name for sheet in sheets):
            mine = [sheet for sheet in sheets if sheet.contract.name == name]
            tables.append(self._table(connection, workbook, path, mine, mapping, unread if not tables else []))
        return tables

    def header_rows(self, path: Path, sheet: str | None, count: int) -> list[list[str]]:
        """The first rows of a sheet, of all sheets where none is named. Empty if there is no such sheet."""
        workbook = self.open(path)
        names = workbook.sheet_names if sheet is None else [name for name in workbook.sheet_names if name == sheet]
        return [row for name in names for row in _texts(sheet_rows(workbook, name, count), count)]

    def open(self, path: Path) -> fastexcel.ExcelReader:
        """The workbook, checked. Raises RejectedFile if it cannot be opened."""
        self.check(path)
        try:
            workbook = fastexcel.read_excel(path)
        except fastexcel.FastExcelError as error:
            raise RejectedFile(
                f"{path.name} cannot be opened as a workbook: {first_line(error)}", f"Save it as {path.suffix} again."
            ) from error
        if not workbook.sheet_names:
            raise RejectedFile(f"{path.name} has no sheet.", "Export the file again.")
        return workbook

    def _table(
        self,
        connection: duckdb.DuckDBPyConnection,
        workbook: fastexcel.ExcelReader,
        path: Path,
        sheets: Sequence[Sheet],
        mapping: Mapping | None,
        unread: list[str],
    ) -> TextTable:
        """The text table of all sheets of one contract."""
        contract = sheets[0].contract
        dialect = mapping.dialect_over(contract.dialect) if mapping is not None else contract.dialect
        frames = [
            sheet_frame(
                workbook, sheet, dialect, self.error_cells(path, sheet.name), has_plain_days=self.has_plain_days
            )
            for sheet in sheets
        ]
        if len(frames) > 1:  # lines of several sheets have the same numbers: the raw line says whose it is
            frames = [
                frame.with_columns(pl.concat_str(pl.lit(f"{sheet.name}: "), "_raw_line").alias("_raw_line"))
                for frame, sheet in zip(frames, sheets, strict=True)
            ]
        frame = pl.concat(frames, how="diagonal")
        relation = f"text_{self.encoding}_{contract.table}"
        connection.register("text_sheet_rows", frame)
        connection.execute(f"create or replace temp table {relation} as select * from text_sheet_rows")  # noqa: S608
        connection.unregister("text_sheet_rows")
        added = any(has_added_columns(sheet.match.headers) for sheet in sheets)
        if added or is_mended(connection, contract, relation, frame.height, path.name):
            relation = mended_view(connection, relation)  # quarantined rows, saved as a workbook
        return TextTable(
            table=contract.name,
            relation=lay_mapping(connection, relation, contract, mapping),
            rows_read=frame.height,
            encoding=self.encoding,
            dialect=dialect,
            notes=_remarks(sheets, mapping, unread),
            headers={column: header for sheet in sheets for column, header in sheet.match.written.items()},
        )


def _texts(frame: pl.DataFrame, count: int) -> list[list[str]]:
    return [[text or "" for text in row] for row in frame.head(count).rows()]


def _named_sheets(
    workbook: fastexcel.ExcelReader, path: Path, contract: Contract, mapping: Mapping | None
) -> list[Sheet]:
    """The sheets that fit the contract, or the mapping's one. Raises RejectedFile where none fits."""
    wanted = mapping.sheet if mapping is not None else None
    if wanted is not None and wanted not in workbook.sheet_names:
        raise RejectedFile(
            f'{path.name} has no sheet "{wanted}"; it has {", ".join(workbook.sheet_names)}.',
            "Correct the sheet in the mapping.",
        )
    found: list[Sheet] = []
    refused: list[tuple[int, RejectedFile]] = []
    for name in [wanted] if wanted is not None else workbook.sheet_names:
        text = sheet_rows(workbook, name, None)  # whole: the sheet is unpacked anyhow, however few rows are asked for
        rows = _texts(text, max(HEADER_ROWS, mapping.skip_rows + 1 if mapping is not None else 0))
        start = header_row(contract, rows, mapping)
        if start >= len(rows) or not any(map(any, rows)):
            continue
        try:
            found.append(Sheet(name, contract, text, start, match_headers(contract, rows[start], mapping, path)))
        except RejectedFile as error:
            known = sum(1 for header in rows[start] if header)
            refused.append((known, RejectedFile(f"{error.message} Sheet {name}, row {start + 1}.", error.remedy)))
    if not found and refused:
        raise max(refused, key=lambda pair: pair[0])[1]
    if not found:
        raise RejectedFile(f"{path.name}: the workbook is empty.", "Export the file again, with its header line.")
    return found


def _sheets_by_headers(workbook: fastexcel.ExcelReader, path: Path, contracts: Iterable[Contract]) -> list[Sheet]:
    """Every sheet whose headers say clearly which contract it is. Raises RejectedFile where none does."""
    known = list(contracts)
    found: list[Sheet] = []
    for name in workbook.sheet_names:
        text = sheet_rows(workbook, name, None)
        rows = _texts(text, HEADER_ROWS)
        contract = contract_of_sheet(rows, known)
        if contract is not None:
            start = header_row(contract, rows, None)
            read_as = with_currency(contract)
            found.append(Sheet(name, read_as, text, start, match_headers(read_as, rows[start], None, path)))
    if not found:
        raise RejectedFile(
            f"{path.name}: no sheet's headers say which export it is.",
            f"Run `retaguarda map {shlex.quote(path.name)}`, or name the table with --as.",
        )
    return found


def contracts_of_sheets(path: Path, contracts: Iterable[Contract]) -> set[str]:
    """Names of the contracts that the sheets of a workbook clearly are. None are looked for in a single sheet."""
    reader = reader_for(path)
    workbook = reader.open(path) if isinstance(reader, WorkbookReader) else None
    if workbook is None or len(workbook.sheet_names) == 1:
        return set()
    known = list(contracts)
    sheets = [_texts(sheet_rows(workbook, name, HEADER_ROWS), HEADER_ROWS) for name in workbook.sheet_names]
    return {found.name for rows in sheets if (found := contract_of_sheet(rows, known)) is not None}


def contract_of_sheet(rows: list[list[str]], contracts: Iterable[Contract]) -> Contract | None:
    """The contract that a sheet's first rows fit best, and well; None where none does or two fit as well."""
    scored = [(fit(contract, rows[header_row(contract, rows, None)]), contract) for contract in contracts if rows]
    best = max((score for score, _ in scored), default=0.0)
    chosen = [contract for score, contract in scored if score == best]
    return chosen[0] if best >= LEAST_FIT and len(chosen) == 1 else None


def _remarks(sheets: Sequence[Sheet], mapping: Mapping | None, unread: list[str]) -> tuple[str, ...]:
    remarks: list[str] = []
    known = {header.strip().lower() for header in mapping.ignored} if mapping is not None else set()
    unused = dict.fromkeys(header for sheet in sheets for header in sheet.match.ignored if header)
    unused = [header for header in unused if header.lower() not in known]
    if unused:
        remarks.append(f"Not in the contract, and not loaded: {headers_in_words(unused)}.")
    for sheet in sheets:
        above = _texts(sheet.text, sheet.header)
        if any(map(any, above)) and not (mapping is not None and mapping.skip_rows):
            remarks.append(f'Sheet "{sheet.name}": the header is in row {sheet.header + 1}; what is above it was not '
                           "loaded.")  # fmt: skip
    if unread or len(sheets) > 1:
        named = headers_in_words([sheet.name for sheet in sheets])
        read = f"Sheet {named} was read" if len(sheets) == 1 else f"Sheets {named} were read"
        remarks.append(f"{read}; not read: {headers_in_words(unread)}." if unread else f"{read}.")
    return tuple(remarks)

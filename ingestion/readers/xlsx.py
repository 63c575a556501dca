"""Excel workbooks (.xlsx, .xlsm): what is special in them; the reading itself is in workbook.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.readers.workbook import ErrorCell, WorkbookReader
from ingestion.readers.xlsx_package import check_package, error_cells

if TYPE_CHECKING:
    from ingestion.contracts import Dialect


class XlsxReader(WorkbookReader):
    """Reads Excel workbooks."""

    encoding = "xlsx"

    def check(self, path: Path) -> None:
        """Refuse what is no Excel workbook or would fill the memory. Raises RejectedFile."""
        check_package(path)

    def error_cells(self, path: Path, sheet: str) -> list[ErrorCell]:
        """Cells of a sheet that show an error."""
        return [ErrorCell(*cell) for cell in error_cells(path, sheet)]


def header_rows(path: Path, dialect: Dialect, sheet: str | None, count: int) -> list[list[str]]:
    """The first rows of a sheet, of all sheets where none is named. Empty if there is no such sheet."""
    return XlsxReader().header_rows(path, sheet, count)

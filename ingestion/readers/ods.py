"""OpenDocument workbooks (.ods): is it one, is it safe to open, which cells show an error; read by workbook.py."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import lxml.etree as etree

from ingestion.readers import RejectedFile
from ingestion.readers.workbook import WorkbookReader
from ingestion.readers.workbook_cells import ErrorCell, first_line
from ingestion.readers.xlsx_package import DAMAGED, check_zip, refuse_too_many_cells

if TYPE_CHECKING:
    from ingestion.contracts import Dialect

CONTENT = "content.xml"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
SAVE_AGAIN = "Save it as .ods again, or as .xlsx."


@dataclass
class SheetScan:
    """What a pass over a sheet finds: rows and columns up to the last used cell, and cells that show an error."""

    name: str
    rows: int = 0
    columns: int = 0
    first_column: int = 1 << 20
    errors: list[tuple[int, int, str]] = field(default_factory=list)  # row from 1, column from 0, text


class OdsReader(WorkbookReader):
    """Reads OpenDocument workbooks."""

    encoding = "ods"
    has_plain_days = True

    def __init__(self) -> None:
        self._scans: dict[str, SheetScan] = {}

    def check(self, path: Path) -> None:
        """Refuse what is no such workbook, is encrypted, or would fill the memory. Raises RejectedFile."""
        check_zip(path, CONTENT, ".ods")
        try:
            with zipfile.ZipFile(path) as package:
                if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in package.read(
                    "META-INF/manifest.xml"
                ):
                    raise RejectedFile(f"{path.name} is protected by a password.", "Save it without one.")
                with package.open(CONTENT) as content:
                    self._scans = {}
                    for scan in _scan(content):
                        refuse_too_many_cells(path, scan.rows, scan.columns)
                        self._scans[scan.name] = scan
        except (etree.XMLSyntaxError, *DAMAGED) as error:
            raise RejectedFile(f"{path.name} is damaged ({first_line(error)}).", SAVE_AGAIN) from error

    def error_cells(self, path: Path, sheet: str) -> list[ErrorCell]:
        """Cells of a sheet that show an error, found when the workbook was checked."""
        scan = self._scans[sheet]
        return [ErrorCell(row, column - scan.first_column, text) for row, column, text in scan.errors]


def header_rows(path: Path, dialect: Dialect, sheet: str | None, count: int) -> list[list[str]]:
    """The first rows of a sheet, of all sheets where none is named. Empty if there is no such sheet."""
    return OdsReader().header_rows(path, sheet, count)


def _scan(content: IO[bytes]) -> Iterator[SheetScan]:
    """Walk over the rows of every sheet; repeated rows and cells are counted, never unfolded.

    Yields a sheet as soon as its extent is known to be too large as well, so that the walk can end there.
    """
    scan: SheetScan | None = None
    row = 0
    events = etree.iterparse(
        content, events=("start", "end"), tag=(f"{TABLE}table", f"{TABLE}table-row"), resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    for event, element in events:
        if element.tag == f"{TABLE}table":
            if event == "start":
                scan, row = SheetScan(element.get(f"{TABLE}name", "")), 0
            elif scan is not None:
                yield scan
        elif event == "end" and scan is not None:
            repeated = _count(element, "number-rows-repeated")
            if _scan_row(element, scan, row + 1):
                scan.rows = row + repeated
            row += repeated
            element.clear()


def _scan_row(element: etree._Element, scan: SheetScan, row: int) -> bool:
    """Note the used cells of one row; whether there are any."""
    column, is_used = 0, False
    for cell in element:
        repeated = _count(cell, "number-columns-repeated")
        if cell.get(f"{OFFICE}value-type") is not None:
            is_used = True
            scan.first_column = min(scan.first_column, column)
            scan.columns = max(scan.columns, column + repeated)
            if cell.get(f"{CALC}value-type") == "error":
                shown = "".join(text for part in cell.iter(f"{TEXT}p") for text in part.itertext())[:20]
                scan.errors.extend((row, column + place, shown) for place in range(min(repeated, 100)))
        column += repeated
    return is_used


def _count(element: etree._Element, name: str) -> int:
    """How often a row or cell is repeated: at least once, and never more than a sheet could hold."""
    text = element.get(f"{TABLE}{name}", "1")
    return min(max(int(text), 1), 1 << 24) if text.isascii() and text.isdigit() and len(text) < 12 else 1 << 24

"""A workbook as a package: is it one, is it safe to open; and of an .xlsx, which cells show an error."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path

import lxml.etree as etree

from ingestion.readers import RejectedFile

LARGEST_FILE = 256 * 1024 * 1024
LARGEST_CONTENT = 2 * 1024 * 1024 * 1024
LARGEST_RATIO = 200  # real sheets stay below 60; a bomb is above 1,000
RATIO_FROM = 16 * 1024 * 1024  # a small part may compress as well as it likes
MOST_PARTS = 10_000
MOST_CELLS = 50_000_000  # between the first and the last used cell: the library keeps room for each of them
# What the library raises for bytes that are no package, or no longer one; OSError for places that are none.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
    OSError,
)
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CHUNK = 1 << 20
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
RELATION_ID = re.compile(r"\{[^}]*relationships\}id")
ERROR_CELL = re.compile(
    rb'<c\b(?=[^<>]*\bt="e")[^<>]*\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>'
    rb"(?:<f\b[^<>]*/>|<f\b[^<>]*>[^<]*</f>)?<v>([^<]{1,20})</v>"
)
PLACE = re.compile(rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Za-z]{1,3})(\d+)["']""")
USED_CELL = re.compile(rb'<c\b[^<>]*\br="([A-Z]{1,3})\d{1,7}"[^<>]*[^/>]>')


def check_package(path: Path) -> None:
    """Refuse what is no Excel workbook or would fill the memory, before it is opened. Raises RejectedFile."""
    parts = check_zip(path, "xl/workbook.xml", ".xlsx")
    with zipfile.ZipFile(path) as package:
        for part in parts:
            # A sheet may be called anything, so every part is looked at.
            if not part.filename.startswith("xl/media/"):
                _refuse_spread(path, package, part)


def check_zip(path: Path, needed: str, suffix: str) -> list[zipfile.ZipInfo]:
    """The parts of a workbook's package. Raises RejectedFile for what is none or would fill the memory unpacked."""
    size = path.stat().st_size
    if size == 0:
        raise RejectedFile(f"{path.name} is empty.", "Export the file again.")
    if size > LARGEST_FILE:
        raise RejectedFile(
            f"{path.name} has {size / 1048576:,.0f} MiB; a workbook may have {LARGEST_FILE // 1048576} MiB.",
            "Export a shorter period, or export as CSV.",
        )
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(OLD_WORKBOOK):
        raise RejectedFile(
            f"{path.name} is an old (.xls) or password-protected workbook.",
            f"Open it in the spreadsheet program and save it as {suffix} without a password.",
        )
    if start.lstrip()[:1] == b"<":
        raise RejectedFile(
            f"{path.name} is a web page or XML file, not a workbook.",
            f"Open it in the spreadsheet program and save it as {suffix}, or download it again.",
        )
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except DAMAGED as error:
        raise RejectedFile(
            f"{path.name} is not a workbook, or is damaged ({error}).", f"Save it as {suffix} again."
        ) from error
    content = sum(part.file_size for part in parts)
    packed = [part for part in parts if part.file_size > RATIO_FROM]
    if (
        len(parts) > MOST_PARTS
        or content > LARGEST_CONTENT
        or any(part.file_size > LARGEST_RATIO * max(part.compress_size, 1) for part in packed)
    ):
        raise RejectedFile(
            f"{path.name} would unpack to {content / 1048576:,.0f} MiB from {size / 1048576:,.1f} MiB: refused as "
            "dangerous.",
            "Save the sheet in a new workbook, or export as CSV.",
        )
    if not any(part.filename.lstrip("/") == needed for part in parts):
        raise RejectedFile(f"{path.name} is a zip file but no {suffix} workbook.", f"Save it as {suffix} again.")
    return parts


def refuse_too_many_cells(path: Path, rows: int, columns: int) -> None:
    """Raise RejectedFile for a sheet with more room between its used cells than memory."""
    if rows * columns > MOST_CELLS:
        raise RejectedFile(
            f"{path.name}: a sheet spreads over {rows:,} rows and {columns:,} columns; {MOST_CELLS:,} cells are the "
            "most that is read.",
            "Delete what stands far away from the table, or export it as CSV.",
        )


def _refuse_spread(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Two cells far apart make a sheet of thousands of millions of cells, out of a few bytes."""
    rows = columns = 0
    try:
        with package.open(part) as sheet:
            left = b""
            while chunk := sheet.read(CHUNK):
                text = left + chunk
                places = PLACE.findall(text)
                columns = max([columns, *(_column_number(each.upper()) + 1 for each in {at[0] for at in places})])
                rows = max([rows, *(int(at[1][:9]) for at in places)])
                left = text[text.rfind(b"<") :][:CHUNK]
    except DAMAGED as error:
        raise RejectedFile(f"{path.name} is damaged ({error}).", "Save it as .xlsx again.") from error
    refuse_too_many_cells(path, rows, columns)


def error_cells(path: Path, sheet: str) -> list[tuple[int, int, str]]:
    """Cells of a sheet that show an error: row from 1, position from the first used column, and text (`#DIV/0!`).

    The workbook reader returns them as empty, which would hide them. Found by scanning the part, not by parsing it.
    """
    with zipfile.ZipFile(path) as package:
        name = _part_of(package, sheet)
        if name is None:
            return []
        found: list[tuple[int, int, str]] = []
        first = 1 << 20
        with package.open(name) as part:
            left = b""
            while chunk := part.read(CHUNK):
                text = left + chunk
                end = text.rfind(b"</c>") + 4
                if end < 4:
                    left = text[-CHUNK:]
                    continue
                whole, left = text[:end], text[end:]
                if b't="e"' in whole:
                    found += [
                        (int(row), _column_number(column), value.decode("utf-8", "replace"))
                        for column, row, value in ERROR_CELL.findall(whole)
                    ]
        if not found:
            return []
        with package.open(name) as part:
            left = b""
            while chunk := part.read(CHUNK):
                text = left + chunk
                for column in set(USED_CELL.findall(text)):
                    first = min(first, _column_number(column))
                left = text[-200:]
    return [(row, column - first, value) for row, column, value in found]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _part_of(package: zipfile.ZipFile, sheet: str) -> str | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        workbook = etree.fromstring(package.read("xl/workbook.xml"), parser)
        relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), parser)
    except (KeyError, etree.XMLSyntaxError):
        return None
    targets = {relation.get("Id"): relation.get("Target") or "" for relation in relations}
    for element in workbook.iter(f"{MAIN}sheet", f"{STRICT}sheet"):
        if element.get("name") == sheet:
            identifiers = [value for key, value in element.attrib.items() if RELATION_ID.fullmatch(str(key))]
            target = targets.get(identifiers[0], "") if identifiers else ""
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return name if name in package.namelist() else None
    return None

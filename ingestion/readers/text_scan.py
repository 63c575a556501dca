"""One streaming pass over a text file: is it text, in which encoding, how many lines; copied where it must be."""

from __future__ import annotations

import codecs
from pathlib import Path

from ingestion.readers import RejectedFile
from ingestion.readers.scanned_text import ScannedText, TextPart
from ingestion.readers.text_copy import BLOCK_BYTES, SAVE_AS_UTF8, copied
from ingestion.readers.text_counts import LONGEST_LINE_BYTES, TextCounts, refuse_nul

START_BYTES = 4096
_OTHER_KINDS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", "Rename it to .xlsx, or save it as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save it as .xlsx or as CSV (UTF-8)."),
    (b"%PDF", "a PDF document", "Export the data itself, as CSV (UTF-8) or XLSX."),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARK = codecs.BOM_UTF8.decode()


def scan_text(
    path: Path, encodings: tuple[str, ...], quote: str, folder: Path, *, in_parts: bool = False
) -> ScannedText:
    """Check a file's bytes and count its lines; copies in UTF-8 go to `folder`, block by block.

    With `in_parts` a long copy without quotes in its first half is made in two halves, for two readers at once. The
    encoding is told by the byte-order mark, else it is strict UTF-8, else cp1252, as far as `encodings` allow.
    Raises RejectedFile for an empty file, a web page, another kind of file, NUL bytes, or bytes in no such encoding.
    """
    with path.open("rb") as file:
        start = file.read(START_BYTES)
    refuse_other_kinds(path, start)
    marked = start.startswith(codecs.BOM_UTF8)
    counts = TextCounts(quote.encode())
    if _is_utf8(path, counts):
        encoding = "utf-8-sig" if marked else "utf-8"
        if counts.uneven_line_ends or counts.byte_order_marks > marked:
            return copied(path, encoding, quote, folder, in_parts=in_parts)
        return ScannedText.counted([TextPart(path)], encoding, counts)
    if marked or "cp1252" not in encodings:
        raise RejectedFile(
            f"{path.name}: near line {counts.line_ends + 1} there are bytes that are not UTF-8.", SAVE_AS_UTF8
        )
    # DuckDB 2.0 reads Latin-1 itself, but not reliably: with two readers of one file, two of some twenty-five loads of
    # ten million rows got a line with part of another in it.
    return copied(path, "cp1252", quote, folder, in_parts=in_parts)


def refuse_endless_lines(path: Path, scanned: ScannedText) -> None:
    """Raise RejectedFile if a line of a text whose lines are its rows is longer than any row."""
    length, line = scanned.longest_line
    if length > LONGEST_LINE_BYTES:
        raise RejectedFile(
            f"{path.name}, line {line}: the line has {length:,} bytes, and no row is longer than {LONGEST_LINE_BYTES:,}.",
            "Line ends are missing there, or the file is damaged: export it again.",
        )


def refuse_other_kinds(path: Path, start: bytes) -> None:
    """Raise RejectedFile if a file that starts so is empty, a web page, a workbook or anything else but text."""
    text = start[3:] if start.startswith(codecs.BOM_UTF8) else start
    if not text.strip():
        raise RejectedFile(f"{path.name}: the file is empty.", "Export it again; an export without rows has a header.")
    if start.startswith(_UTF16):
        raise RejectedFile(f"{path.name}: the file is in UTF-16, which is not read.", SAVE_AS_UTF8)
    if text.lstrip().startswith(b"<"):
        raise RejectedFile(
            f'{path.name}: the file is a web page (or XML), not a table: it starts with "<".',
            "Open it in a browser: it is often a sign-in or an error page. Then export the data again.",
        )
    for mark, kind, remedy in _OTHER_KINDS:
        if start.startswith(mark):
            raise RejectedFile(f"{path.name}: the file is {kind}, not text.", remedy)
    if start.count(b"\0") * 4 > len(start):
        raise RejectedFile(f"{path.name}: the file holds NUL bytes: it is UTF-16 or not text at all.", SAVE_AS_UTF8)


def _is_utf8(path: Path, counts: TextCounts) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            refuse_nul(path.name, block, counts.line_ends)
            try:
                # A block of ASCII needs no decoding unless the one before ended inside a character.
                if not block.isascii() or decoder.getstate()[0]:
                    counts.byte_order_marks += decoder.decode(block).count(_MARK)
            except UnicodeDecodeError as error:
                counts.line_ends += block[: max(error.start, 0)].count(b"\n")
                return False
            counts.add(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True

"""One streaming pass over a text file: is it text, in which encoding, how many lines; transcoded where it must be."""

from __future__ import annotations

import codecs
import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingestion.readers import RejectedFile
from ingestion.readers.text_counts import LONGEST_LINE_BYTES, LineMarks, TextCounts

BLOCK_BYTES = 1 << 20  # small enough for what is made of a block to stay in the processor's cache
START_BYTES = 4096
LEAST_IN_PARTS = 16 << 20  # bytes
_OTHER_KINDS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", "Rename it to .xlsx, or save it as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save it as .xlsx or as CSV (UTF-8)."),
    (b"%PDF", "a PDF document", "Export the data itself, as CSV (UTF-8) or XLSX."),
)
# Windows-1252 differs from Latin-1 in the bytes 0x80 to 0x9F alone. Text without them is both, and decoding Latin-1 is
# three times as fast.
_LATIN = bytes(byte for byte in range(256) if not 0x80 <= byte < 0xA0)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARK = codecs.BOM_UTF8.decode()
_SAVE_AS_UTF8 = 'Save it again as "CSV UTF-8".'


@dataclass(frozen=True)
class TextPart:
    """A file in UTF-8 with the lines of a text after its first `lines_before`, which take `bytes_before`."""

    path: Path
    lines_before: int = 0
    bytes_before: int = 0


@dataclass(frozen=True)
class ScannedText:
    """A file that is text. `parts` hold it in UTF-8: the file itself, or a copy of it, or the two halves of a copy.

    `lines` counts lines up to the last one that is not blank, the last one with or without a line end. `longest_line` is
    the bytes and the number of the longest one, of those beyond some thousand bytes.
    """

    parts: tuple[TextPart, ...]
    encoding: str
    lines: int
    has_quote: bool
    has_blank_line: bool
    longest_line: tuple[int, int]
    marks: LineMarks = field(repr=False)

    @property
    def start(self) -> Path:
        """The file with the first lines; all of them, if there is one part."""
        return self.parts[0].path

    def whole_lines(self, line: int) -> tuple[int, bytes]:
        """Some of the text's lines, of which `line` (from 1) is one, behind the number of those before them."""
        lines_before, place, end = self.marks.around(line)
        part = [part for part in self.parts if part.bytes_before <= place][-1]
        with part.path.open("rb") as file:
            file.seek(place - part.bytes_before)
            return lines_before, file.read(-1 if end is None else end - place)

    def in_one(self) -> ScannedText:
        """The same text in one part. The others are appended to the first and removed."""
        first, *others = self.parts
        if not others:
            return self
        with first.path.open("ab") as whole:
            for part in others:
                with part.path.open("rb") as file:
                    shutil.copyfileobj(file, whole, BLOCK_BYTES)
                part.path.unlink()
        return replace(self, parts=(first,))


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
            return _copied(path, encoding, quote, folder, in_parts=in_parts)
        return _scanned([TextPart(path)], encoding, counts)
    if marked or "cp1252" not in encodings:
        raise RejectedFile(
            f"{path.name}: near line {counts.line_ends + 1} there are bytes that are not UTF-8.", _SAVE_AS_UTF8
        )
    # DuckDB 2.0 reads Latin-1 itself, but not reliably: with two readers of one file, two of some twenty-five loads of
    # ten million rows got a line with part of another in it.
    return _copied(path, "cp1252", quote, folder, in_parts=in_parts)


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
        raise RejectedFile(f"{path.name}: the file is in UTF-16, which is not read.", _SAVE_AS_UTF8)
    if text.lstrip().startswith(b"<"):
        raise RejectedFile(
            f'{path.name}: the file is a web page (or XML), not a table: it starts with "<".',
            "Open it in a browser: it is often a sign-in or an error page. Then export the data again.",
        )
    for mark, kind, remedy in _OTHER_KINDS:
        if start.startswith(mark):
            raise RejectedFile(f"{path.name}: the file is {kind}, not text.", remedy)
    if start.count(b"\0") * 4 > len(start):
        raise RejectedFile(f"{path.name}: the file holds NUL bytes: it is UTF-16 or not text at all.", _SAVE_AS_UTF8)


def _is_utf8(path: Path, counts: TextCounts) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            if b"\0" in block:
                line = counts.line_ends + block[: block.index(b"\0")].count(b"\n") + 1
                raise RejectedFile(f"{path.name}, line {line}: the file holds a NUL byte.",
                                   "The file is damaged: export it again.")  # fmt: skip
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


class _Copy:
    """A text that is written in UTF-8: in one part, or in two from the first line that ends after `cut_at` bytes read."""

    def __init__(self, target: Path, counts: TextCounts, cut_at: int | None) -> None:
        self.parts = [TextPart(target)]
        self.counts, self.cut_at = counts, cut_at
        self._file = target.open("wb")

    def write(self, even: bytes, bytes_read: int) -> None:
        if self.cut_at is not None and bytes_read >= self.cut_at and not self.counts.has_quote:
            cut = even.rfind(b"\n") + 1
            if cut:
                self._add(even[:cut])
                even = even[cut:]
                self._begin_second()
        self._add(even)

    def close(self) -> None:
        self._file.close()

    def _add(self, even: bytes) -> None:
        if even:
            self._file.write(even)
            self.counts.add(even)

    def _begin_second(self) -> None:
        self._file.close()
        second = self.parts[0].path.with_suffix(".second.utf8")
        self.parts.append(TextPart(second, self.counts.line_ends, self.counts.bytes))
        self._file = second.open("wb")
        self.cut_at = None


def _in_utf8(block: bytes, decoder: codecs.IncrementalDecoder, encoding: str) -> bytes:
    if encoding == "cp1252":
        text = block.decode("latin-1").encode()
        # In UTF-8 all that begins with C2 is from U+0080 to U+00BF: without it, no need to look for the bytes themselves.
        if b"\xc2" not in text or not block.translate(None, _LATIN):
            return text
    # Files that were put together bring their byte-order marks along; they are none of the texts.
    return decoder.decode(block, final=not block).replace(_MARK, "").encode()


class _MixedEncodings:
    """Watches the blocks of a text in Windows-1252 for a byte-order mark, with which a text in UTF-8 begins."""

    def __init__(self, file_name: str) -> None:
        self.file_name, self._edge = file_name, b""

    def refuse(self, block: bytes, line_ends: int) -> None:
        """Raise RejectedFile if a mark stands in the next block, which has `line_ends` line ends before it."""
        seen = self._edge + block if self._edge else block
        self._edge = seen[-2:] if b"\xef" in seen[-2:] else b""
        # Looking for one byte is much faster than for three, and this one is rare.
        if b"\xef" in seen and (place := seen.find(codecs.BOM_UTF8)) >= 0:
            line = line_ends + seen.count(b"\n", 0, place) + 1
            raise RejectedFile(
                f"{self.file_name}, line {line}: two encodings are mixed: a text in UTF-8 begins there, and other lines "
                "are Windows-1252.",
                'Export the file again in one piece, or save it as "CSV UTF-8" after checking its accents.',
            )


def _copied(path: Path, encoding: str, quote: str, folder: Path, *, in_parts: bool) -> ScannedText:
    """The text, copied in UTF-8 with even line ends."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    counts = TextCounts(quote.encode())
    size = path.stat().st_size
    copy = _Copy(folder / f"{path.stem}.utf8", counts, size // 2 if in_parts and size >= LEAST_IN_PARTS else None)
    held = b""
    mixed = _MixedEncodings(path.name) if encoding == "cp1252" else None
    with path.open("rb") as source, contextlib.closing(copy):
        while True:
            block = source.read(BLOCK_BYTES)
            if mixed is not None:
                mixed.refuse(block, counts.line_ends)
            try:
                text = held + _in_utf8(block, decoder, encoding)
            except UnicodeDecodeError as error:
                line = counts.line_ends + block[: error.start].count(b"\n") + 1
                raise RejectedFile(
                    f"{path.name}, line {line}: the byte {error.object[error.start]:#04x} is neither UTF-8 nor "
                    "Windows-1252 text.",
                    _SAVE_AS_UTF8,
                ) from error
            # A return at the end of a block may be the first half of a line end.
            held = b"\r" if block and text.endswith(b"\r") else b""
            text = text.removesuffix(held)
            if b"\r" in text:
                text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            copy.write(text, source.tell())
            if not block:
                break
    return _scanned(copy.parts, encoding, counts)


def _scanned(parts: Sequence[TextPart], encoding: str, counts: TextCounts) -> ScannedText:
    return ScannedText(tuple(parts), encoding, counts.lines, counts.has_quote, counts.has_blank_line,
                       counts.longest_line, counts.marks)  # fmt: skip

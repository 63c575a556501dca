"""One streaming pass over a text file: is it text, in which encoding, how many lines; transcoded where it must be."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from ingestion.readers import RejectedFile

BLOCK_BYTES = 4 << 20
START_BYTES = 4096
_OTHER_KINDS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", "Rename it to .xlsx, or save it as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save it as .xlsx or as CSV (UTF-8)."),
    (b"%PDF", "a PDF document", "Export the data itself, as CSV (UTF-8) or XLSX."),
)
# Windows-1252 differs from Latin-1 in the bytes 0x80 to 0x9F alone. Text without them is both, and decoding Latin-1 is
# many times faster.
_LATIN = bytes(byte for byte in range(256) if not 0x80 <= byte < 0xA0)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAVE_AS_UTF8 = 'Save it again as "CSV UTF-8".'


@dataclass(frozen=True)
class ScannedText:
    """A file that is text. `path` holds the same text in UTF-8: the file itself, or a transcoded copy of it.

    `lines` counts lines up to the last one that is not blank, the last one with or without a line end.
    """

    path: Path
    encoding: str
    lines: int
    has_quote: bool
    has_blank_line: bool


def scan_text(path: Path, encodings: tuple[str, ...], quote: str, folder: Path) -> ScannedText:
    """Check a file's bytes and count its lines; copies in UTF-8 go to `folder`, block by block.

    The encoding is told by the byte-order mark, else it is strict UTF-8, else cp1252, as far as `encodings` allow.
    Raises RejectedFile for an empty file, a web page, another kind of file, NUL bytes, or bytes in no such encoding.
    """
    with path.open("rb") as file:
        start = file.read(START_BYTES)
    refuse_other_kinds(path, start)
    marked = start.startswith(codecs.BOM_UTF8)
    counts = _Counts(quote.encode())
    if _is_utf8(path, counts):
        encoding = "utf-8-sig" if marked else "utf-8"
        if counts.uneven_line_ends:
            return _copy(path, encoding, quote, folder)
        return ScannedText(path, encoding, counts.lines, counts.has_quote, counts.has_blank_line)
    if marked or "cp1252" not in encodings:
        raise RejectedFile(
            f"{path.name}: near line {counts.line_ends + 1} there are bytes that are not UTF-8.", _SAVE_AS_UTF8
        )
    # DuckDB 2.0 reads Latin-1 itself, but not reliably: with two readers of one file, two of some twenty-five loads of
    # ten million rows got a line with part of another in it.
    return _copy(path, "cp1252", quote, folder)


class _Counts:
    """What a pass over the blocks of a file finds out, line ends across blocks included."""

    def __init__(self, quote: bytes) -> None:
        self.quote = quote
        self.line_ends = self.returns = self.return_line_ends = self.blank_end = 0
        self.has_quote = self.any_text = self.has_blank_line = False
        self.last = b""

    def add(self, block: bytes) -> None:
        self.line_ends += block.count(b"\n")
        if b"\r" in block or self.last == b"\r":
            self.returns += block.count(b"\r")
            self.return_line_ends += block.count(b"\r\n") + (self.last == b"\r" and block[:1] == b"\n")
        self.has_quote = self.has_quote or self.quote in block
        stripped = block.rstrip(b"\r\n \t")
        end = block[len(stripped) :].count(b"\n")
        if stripped:
            # Blank lines at the end of the file are none; those at the end of a block may be followed by text.
            # Looking for two bytes from the end costs a third of looking from the start.
            start = stripped.lstrip(b"\r\n \t")
            leading = self.blank_end + stripped[: len(stripped) - len(start)].count(b"\n")
            self.has_blank_line = (
                self.has_blank_line or leading > 1 or (not self.any_text and leading > 0)
                or start.rfind(b"\n\n") >= 0 or (b"\r" in start and b"\n\r\n" in start)
            )  # fmt: skip
            self.any_text, self.blank_end = True, end
        else:
            self.blank_end += end
        self.last = block[-1:]

    @property
    def uneven_line_ends(self) -> bool:
        """Whether carriage returns stand alone or only in some of the line ends."""
        return self.returns > 0 and not self.returns == self.return_line_ends == self.line_ends

    @property
    def lines(self) -> int:
        return self.line_ends - self.blank_end + 1 if self.any_text else 0


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


def _is_utf8(path: Path, counts: _Counts) -> bool:
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
                    decoder.decode(block)
            except UnicodeDecodeError as error:
                counts.line_ends += block[: max(error.start, 0)].count(b"\n")
                return False
            counts.add(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decode(block: bytes, decoder: codecs.IncrementalDecoder, encoding: str) -> str:
    if encoding == "cp1252" and not block.translate(None, _LATIN):
        return block.decode("latin-1")
    return decoder.decode(block, final=not block)


def _copy(path: Path, encoding: str, quote: str, folder: Path) -> ScannedText:
    """Copy the text in UTF-8 with even line ends."""
    target = folder / f"{path.stem}.utf8"
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    counts = _Counts(quote.encode())
    held = ""
    with path.open("rb") as source, target.open("wb") as copy:
        while True:
            block = source.read(BLOCK_BYTES)
            try:
                text = held + _decode(block, decoder, encoding)
            except UnicodeDecodeError as error:
                line = counts.line_ends + block[: error.start].count(b"\n") + 1
                raise RejectedFile(
                    f"{path.name}, line {line}: the byte {error.object[error.start]:#04x} is neither UTF-8 nor "
                    "Windows-1252 text.",
                    _SAVE_AS_UTF8,
                ) from error
            # A return at the end of a block may be the first half of a line end.
            held = "\r" if block and text.endswith("\r") else ""
            text = text[: len(text) - len(held)]
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            even = text.encode("utf-8")
            if even:
                copy.write(even)
                counts.add(even)
            if not block:
                break
    return ScannedText(target, encoding, counts.lines, counts.has_quote, counts.has_blank_line)

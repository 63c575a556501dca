"""A text file's copy in UTF-8 with even line ends, made block by block; long ones in two halves."""

from __future__ import annotations

import codecs
import contextlib
from pathlib import Path

from ingestion.readers import RejectedFile
from ingestion.readers.scanned_text import ScannedText, TextPart
from ingestion.readers.text_counts import TextCounts, refuse_nul

BLOCK_BYTES = 1 << 20  # small enough for what is made of a block to stay in the processor's cache
LEAST_IN_PARTS = 16 << 20  # bytes
SAVE_AS_UTF8 = 'Save it again as "CSV UTF-8".'
# Windows-1252 differs from Latin-1 in the bytes 0x80 to 0x9F alone. Text without them is both, and decoding Latin-1 is
# three times as fast.
_LATIN = bytes(byte for byte in range(256) if not 0x80 <= byte < 0xA0)
_MARK = codecs.BOM_UTF8.decode()


def copied(path: Path, encoding: str, quote: str, folder: Path, *, in_parts: bool) -> ScannedText:
    """The text, copied to `folder` without the byte-order marks within it; `in_parts` as for `scan_text`.

    Raises RejectedFile for NUL bytes, for bytes that the encoding has not, and for two encodings in one file.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    counts = TextCounts(quote.encode())
    size = path.stat().st_size
    copy = _Copy(folder / f"{path.stem}.utf8", counts, size // 2 if in_parts and size >= LEAST_IN_PARTS else None)
    held = b""
    mixed = _MixedEncodings(path.name) if encoding == "cp1252" else None
    with path.open("rb") as source, contextlib.closing(copy):
        while True:
            block = source.read(BLOCK_BYTES)
            refuse_nul(path.name, block, counts.line_ends)
            if mixed is not None:
                mixed.refuse(block, counts.line_ends)
            try:
                text = held + _in_utf8(block, decoder, encoding)
            except UnicodeDecodeError as error:
                line = counts.line_ends + block[: error.start].count(b"\n") + 1
                raise RejectedFile(
                    f"{path.name}, line {line}: the byte {error.object[error.start]:#04x} is neither UTF-8 nor "
                    "Windows-1252 text.",
                    SAVE_AS_UTF8,
                ) from error
            # A return at the end of a block may be the first half of a line end.
            held = b"\r" if block and text.endswith(b"\r") else b""
            text = text.removesuffix(held)
            if b"\r" in text:
                text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            copy.write(text, source.tell())
            if not block:
                break
    return ScannedText.counted(copy.parts, encoding, counts)


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

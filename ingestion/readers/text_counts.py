"""What one pass over a text's bytes finds out: its lines, where they stand, and whether it has quotes or blank lines."""

from __future__ import annotations

from array import array
from bisect import bisect_right

from ingestion.readers import RejectedFile

MARK_BYTES = 64 << 10
LONGEST_LINE_BYTES = 16_000_000


class LineMarks:
    """Where lines begin: of the first line that begins in each some thousand bytes, its place and the lines before."""

    def __init__(self) -> None:
        self._lines, self._places = array("Q", [0]), array("Q", [0])

    def add(self, lines_before: int, place: int) -> None:
        """A line begins `place` bytes from the text's start, behind `lines_before` others. To be called in order."""
        self._lines.append(lines_before)
        self._places.append(place)

    @property
    def last(self) -> tuple[int, int]:
        """The last line told of: the lines before it, and its place."""
        return self._lines[-1], self._places[-1]

    def around(self, line: int) -> tuple[int, int, int | None]:
        """Lines before, place and end (None: the text's) of some whole lines, of which `line` (from 1) is one."""
        mark = bisect_right(self._lines, line - 1) - 1
        end = self._places[mark + 1] if mark + 1 < len(self._places) else None
        return self._lines[mark], self._places[mark], end


class TextCounts:
    """What a pass over the blocks of a file finds out, line ends across blocks included."""

    def __init__(self, quote: bytes) -> None:
        self.quote = quote
        self.marks = LineMarks()
        self.byte_order_marks = 0
        self._longest = (0, 0)
        self.bytes = self.line_ends = self.returns = self.return_line_ends = self.blank_end = 0
        self.has_quote = self.any_text = self.has_blank_line = False
        self.last = b""

    def add(self, block: bytes) -> None:
        """Take the next block of the text, which may end anywhere."""
        self._count_line_ends(block)
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
        """Number of lines up to the last one that is not blank."""
        return self.line_ends - self.blank_end + 1 if self.any_text else 0

    @property
    def longest_line(self) -> tuple[int, int]:
        """Bytes and number of the longest line, of those that are longer than a mark's distance."""
        return max(self._longest, self._up_to(self.bytes))

    def _up_to(self, place: int) -> tuple[int, int]:
        lines_before, begin = self.marks.last
        return place - begin, lines_before + 1

    def _count_line_ends(self, block: bytes) -> None:
        for start in range(0, len(block), MARK_BYTES):
            found = block.count(b"\n", start, start + MARK_BYTES)
            if found:
                # Of all lines that end here only the first may have begun further back.
                self._longest = max(self._longest, self._up_to(self.bytes + block.find(b"\n", start)))
                self.line_ends += found
                self.marks.add(self.line_ends, self.bytes + block.rfind(b"\n", start, start + MARK_BYTES) + 1)
        self.bytes += len(block)


def refuse_nul(file_name: str, block: bytes, line_ends: int) -> None:
    """Raise RejectedFile if a NUL byte stands in the next block of a text, with `line_ends` line ends before it."""
    if b"\0" in block:
        line = line_ends + block.count(b"\n", 0, block.index(b"\0")) + 1
        raise RejectedFile(
            f"{file_name}, line {line}: the file holds a NUL byte.", "The file is damaged: export it again."
        )

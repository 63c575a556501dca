"""A text file that was looked through: where its text lies in UTF-8, and what is known of its lines."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingestion.readers.text_counts import LineMarks, TextCounts


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

    @classmethod
    def counted(cls, parts: Sequence[TextPart], encoding: str, counts: TextCounts) -> ScannedText:
        """The text of which a pass over its parts found out `counts`."""
        return cls(tuple(parts), encoding, counts.lines, counts.has_quote, counts.has_blank_line, counts.longest_line,
                   counts.marks)  # fmt: skip

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
                    shutil.copyfileobj(file, whole)
                part.path.unlink()
        return replace(self, parts=(first,))

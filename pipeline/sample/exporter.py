"""Typed rows to a file of the sample, with its dirt; and which rows an incremental export holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.sample.company import KNOWLEDGE_DATES, random_stream
from pipeline.sample.dirt import with_planted_lines, with_trailing_spaces
from pipeline.sample.exports import Style, as_bytes, as_lines, as_text


@dataclass(frozen=True)
class SampleFile:
    """One file to write: its folder (a knowledge date), name and bytes."""

    day: date
    name: str
    content: bytes


class Exporter:
    """Renders typed rows as one file, drawing the dirt from one stream in the order of the files."""

    def __init__(self, stream: str) -> None:
        """Draw the dirt from the stream of that name: each area has its own."""
        self.stream = random_stream(stream)

    def csv(self, day: date, name: str, table: str, rows: pl.DataFrame, style: Style) -> SampleFile:
        """The rows as a CSV export of a table, in a style, with trailing spaces and planted lines."""
        text = with_trailing_spaces(as_text(rows, style), self.stream)
        lines = with_planted_lines(name, as_lines(text), self.stream)
        return SampleFile(day, name, as_bytes(table, rows.columns, lines, style))


def changes(known: Callable[[date], pl.DataFrame], day: date) -> pl.DataFrame:
    """An incremental export: the rows that are new or different since the export before."""
    position = KNOWLEDGE_DATES.index(day)
    rows = known(day)
    if position == 0:
        return rows
    before = known(KNOWLEDGE_DATES[position - 1])
    return rows.join(before, on=rows.columns, how="anti", nulls_equal=True, maintain_order="left")

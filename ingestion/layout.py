"""How quarantined rows are written so that they can be mended and loaded again: header and lines of their file.

A CSV keeps its own header and lines. Rows of any other kind of file are written under the same headers with the
values that the reader found, in the dialect in which such a CSV would be read.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from ingestion.contracts import Column, Dialect
from ingestion.mapping import Mapping
from ingestion.parsing import Parsing
from ingestion.quoting import name_sql, text_sql
from ingestion.readers import TextTable
from ingestion.values import DECIMALS, strptime_form, value_sql


@dataclass(frozen=True)
class Layout:
    """`header` is all that stands before the first row, its last line the headers; `is_raw`: the raw lines fit it."""

    header: str
    dialect: Dialect
    is_raw: bool
    is_same_dialect: bool

    def line(self, parsing: Parsing) -> str:
        """SQL over `parsing.typed()` of a row's line in this layout; null where its raw line is one already."""
        if self.is_raw:
            return "cast(null as varchar)"
        delimiter, quote = text_sql(self.dialect.delimiter), text_sql(self.dialect.quote)
        fields = []
        for value in (*(self._text(column, parsing) for column in _columns(parsing)), *map(name_sql, parsing.carried)):
            text = f"coalesce({value}, '')"
            needs = f"contains({text}, {delimiter}) or contains({text}, {quote}) or contains({text}, chr(10))"
            doubled = f"replace({text}, {quote}, {text_sql(self.dialect.quote * 2)})"
            fields.append(f"case when {needs} then {quote} || {doubled} || {quote} else {text} end")
        return f"concat_ws({delimiter}, {', '.join(fields)})"

    def _text(self, column: Column, parsing: Parsing) -> str:
        """The column as this dialect writes it; as the reader found it where it cannot be read."""
        text = parsing.found(column)
        if self.is_same_dialect:
            return text
        # A row whose values are not believed has none: they are read here, to be written as this dialect does.
        value = value_sql(column, text, parsing.dialect) if parsing.has_problem_column else f"v_{column.name}"
        if column.type in DECIMALS:
            return f"coalesce(replace(cast({value} as varchar), '.', {text_sql(self.dialect.decimal)}), {text})"
        if column.type == "date":
            return f"coalesce(strftime({value}, {text_sql(strptime_form(self.dialect.date_format))}), {text})"
        if column.type == "timestamp":
            local = f"({value} at time zone 'UTC') at time zone {text_sql(self.dialect.timezone)}"
            return f"coalesce(strftime({local}, {text_sql(strptime_form(self.dialect.timestamp_format))}), {text})"
        return text


def layout_of(parsing: Parsing, text: TextTable, mapping: Mapping | None) -> Layout:
    """The layout of a text table's quarantined rows."""
    dialect = mapping.dialect_over(parsing.contract.dialect) if mapping else parsing.contract.dialect
    if text.header_lines is not None:
        return Layout(text.header_lines, dialect, is_raw=True, is_same_dialect=True)
    written = io.StringIO()
    headers = [parsing.header(column) for column in _columns(parsing)]
    headers += [text.headers[name] for name in parsing.carried]
    csv.writer(written, delimiter=dialect.delimiter, quotechar=dialect.quote, lineterminator="").writerow(headers)
    before = "\n" * (mapping.skip_rows if mapping else 0)
    return Layout(before + written.getvalue(), dialect, is_raw=False, is_same_dialect=text.dialect == dialect)


def _columns(parsing: Parsing) -> list[Column]:
    return [column for column in parsing.contract.columns if column.name in parsing.columns_present]

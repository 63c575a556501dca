"""Values that a format knows as numbers or moments → the text that the contract's parser expects, in SQL."""

from __future__ import annotations

from ingestion.contracts import Column, Dialect
from ingestion.quoting import text_sql
from ingestion.values import strptime_form

NUMBERS = ("integer", "number", "money", "precise")
EXPONENT = "[eE](?:[+]?0*(?:1?[0-9]|20)|-0*[0-9])$"
ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
ISO_MOMENT = ISO_DAY + r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"


def number_text_sql(number: str, column: Column, dialect: Dialect) -> str:
    """SQL of a number's text, `number` being SQL of its digits with a dot: with the dialect's mark in a number column.

    Exponents from -9 to 20 are written out. In a text column it stays as written (11845, 0.10).
    """
    written_out = f"regexp_replace(cast(try_cast({number} as decimal(38, 12)) as varchar), '\\.?0+$', '')"
    plain = f"case when regexp_matches({number}, {text_sql(EXPONENT)}) then coalesce({written_out}, {number}) else {number} end"
    if column.type in NUMBERS and dialect.decimal != ".":
        return f"replace({plain}, '.', {text_sql(dialect.decimal)})"
    return plain


def iso_text_sql(text: str, column: Column, dialect: Dialect) -> str:
    """SQL of a text in which days and moments as ISO 8601 writes them take the dialect's format in a date's column.

    No other format can be mistaken for it. A moment with a zone becomes the local one of the dialect's zone.
    """
    if column.type not in ("date", "timestamp"):
        return text
    pattern = dialect.date_format if column.type == "date" else dialect.timestamp_format
    zoned = f"regexp_full_match({text}, {text_sql(ISO_MOMENT + '(?:Z|[+-][0-9]{2}:?[0-9]{2})')})"
    local = f"try_cast({text} as timestamptz) at time zone {text_sql(dialect.timezone)}"
    plain = f"regexp_full_match({text}, {text_sql(ISO_DAY + '|' + ISO_MOMENT)})"
    return (
        f"case when {plain} then coalesce({moment_text_sql(f'try_cast({text} as timestamp)', pattern)}, {text}) "
        f"when {zoned} then coalesce({moment_text_sql(local, pattern)}, {text}) else {text} end"
    )


def moment_text_sql(moment: str, pattern: str) -> str:
    """SQL of a DATE's or local TIMESTAMP's text in a dialect's format."""
    return f"strftime({moment}, {text_sql(strptime_form(pattern))})"

"""A CNAB file's bytes → its records: standard and bank told, stray ends of file gone, shortened lines filled up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingestion.readers import RejectedFile
from ingestion.readers.text import decode

LARGEST_FILE = 256 * 1024 * 1024
END_OF_FILE = "\x1a"
GET_IT_AGAIN = "Download the return from the bank again; do not open and save it in an editor."


@dataclass(frozen=True)
class CnabFile:
    """`records` has `line` (from 1) and `text`, as wide as the standard (240 or 400 characters)."""

    standard: int
    bank: str
    encoding: str
    records: pl.DataFrame


def read_records(path: Path) -> CnabFile:
    """The records of a return. Raises RejectedFile for what is no CNAB file, a remittance, or lines too long."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise RejectedFile(
            f"{path.name} has {size / 1048576:,.0f} MiB; a CNAB file may have {LARGEST_FILE // 1048576} MiB.",
            "Ask the bank for returns of shorter periods.",
        )
    content = path.read_bytes()
    if not content.strip(b"\r\n\x1a \t"):
        raise RejectedFile(f"{path.name} is empty.", GET_IT_AGAIN)
    text, encoding = decode(content)
    lines = (
        pl.DataFrame({"text": text.replace("\r\n", "\n").replace("\r", "\n").split("\n")})
        .with_row_index("line", offset=1)
        .with_columns(pl.col("line").cast(pl.Int64), pl.col("text").str.replace_all(END_OF_FILE, "", literal=True))
        .filter(pl.col("text").str.strip_chars() != "")
    )
    first = lines["text"][0]
    if re.match(r"0[12](RETORNO|REMESSA)", first):
        standard, bank, is_return = 400, first[76:79], first.startswith("02RETORNO")
    elif re.match(r"\d{3}00000", first):
        standard, bank, is_return = 240, first[:3], first[142:143] != "1"
    else:
        raise RejectedFile(f"{path.name} is no CNAB file: its first line is no header of 240 or 400.", GET_IT_AGAIN)
    if not is_return:
        raise RejectedFile(
            f"{path.name} is a remittance (remessa), which was sent to the bank: it says what was asked, not what "
            "happened.",
            "Load the return (retorno) that the bank gives back.",
        )
    widths = lines.select(pl.col("line"), pl.col("text").str.strip_chars_end(" \t").str.len_chars().alias("width"))
    too_wide = widths.filter(pl.col("width") > standard)
    if too_wide.height:
        line, width = too_wide.row(0)
        raise RejectedFile(
            f"{path.name}, line {line}: {width} characters where CNAB {standard} has {standard}.", GET_IT_AGAIN
        )
    # Programs cut the blanks at the end of lines; the fields there are blank, then.
    return CnabFile(standard, bank, encoding, lines.with_columns(pl.col("text").str.pad_end(standard)))


def between(positions: tuple[int, int]) -> pl.Expr:
    """The text of a field by its first and last position, from 1."""
    first, last = positions
    return pl.col("text").str.slice(first - 1, last - first + 1)


def number(positions: tuple[int, int]) -> pl.Expr:
    """A field of digits as an integer; null where it is blank or holds anything else."""
    return between(positions).str.strip_chars().cast(pl.Int64, strict=False)


def amount_text(positions: tuple[int, int]) -> pl.Expr:
    """An amount in cents as `1234,56`; blank is null, and what is no amount stays as it is, for the parser to tell."""
    digits = between(positions).str.strip_chars()
    cents = digits.cast(pl.Int64, strict=False)
    written = pl.format("{},{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))
    is_amount = digits.str.contains(r"^\d+$")
    return pl.when(digits == "").then(None).when(is_amount).then(written).otherwise(digits)


def date_text(positions: tuple[int, int]) -> pl.Expr:
    """A date of six or eight digits as `dd/mm/yyyy`; blanks and zeros are null, anything else stays as it is."""
    digits = between(positions).str.strip_chars()
    century = pl.when(digits.str.slice(4).cast(pl.Int64, strict=False) < 80).then(pl.lit("20")).otherwise(pl.lit("19"))
    year = pl.when(digits.str.len_chars() == 6).then(pl.concat_str(century, digits.str.slice(4))).otherwise(
        digits.str.slice(4)
    )  # fmt: skip
    written = pl.format("{}/{}/{}", digits.str.slice(0, 2), digits.str.slice(2, 2), year)
    return (
        pl.when(digits.str.contains("^0*$")).then(None)
        .when(digits.str.contains(r"^(\d{6}|\d{8})$")).then(written)
        .otherwise(digits)
    )  # fmt: skip


def plain_text(positions: tuple[int, int]) -> pl.Expr:
    """A text without the blanks around it; null where it is blank."""
    text = between(positions).str.strip_chars()
    return pl.when(text == "").then(None).otherwise(text)

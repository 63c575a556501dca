"""Does a CNAB file agree with itself: records numbered without a gap, trailers' counts and sums, believable fields.

A file read by the wrong bank's table gives amounts a thousand times too high without any error, so what does not add
up refuses the file and says what was expected and what was found.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl

from ingestion.readers import RejectedFile
from ingestion.readers.cnab_layouts import (
    DATES,
    FILE_LOTS,
    FILE_RECORDS,
    LOT_RECORDS,
    LOT_TITLES,
    STATEMENT_TOTALS,
    Layout240,
    Layout400,
)
from ingestion.readers.cnab_lines import GET_IT_AGAIN, number

MOST_UNBELIEVABLE = 0.5
VALID_DATE = r"^(0[1-9]|[12]\d|3[01])/(0[1-9]|1[0-2])/(19|20|21)\d\d$"


def check_file_240(path: Path, records: pl.DataFrame) -> None:
    """Trailer of the file, lots and numbering. `records` has line, text, kind and lot. Raises RejectedFile."""
    trailer = records.tail(1)
    if trailer["kind"][0] != "9":
        raise RejectedFile(f"{path.name} has no trailer at its end: it is cut off.", GET_IT_AGAIN)
    lots, count = trailer.select(number(FILE_LOTS).alias("lots"), number(FILE_RECORDS).alias("records")).row(0)
    _agree(path, "the file's trailer", "records", count, records.height)
    _agree(path, "the file's trailer", "lots", lots, records.filter(pl.col("kind") == "1").height)
    parts = records.filter(pl.col("kind").is_in(["1", "3", "5"])).group_by("lot").agg(
        ((pl.col("kind") == "1").sum() == 1) & ((pl.col("kind") == "5").sum() == 1)
    )  # fmt: skip
    if not parts.filter("kind").height == parts.height:
        raise RejectedFile(
            f"{path.name}: a lot has not one header and one trailer: the file is cut or put together.", GET_IT_AGAIN
        )
    gap = (
        records.filter(pl.col("kind") == "3")
        .with_columns(number((9, 13)).alias("given"), pl.int_range(1, pl.len() + 1).over("lot").alias("counted"))
        .filter(pl.col("given").is_not_null() & (pl.col("given") != 0) & (pl.col("given") != pl.col("counted")))
    )
    if gap.height:
        line, given, counted = gap.select("line", "given", "counted").row(0)
        raise RejectedFile(
            f"{path.name}, line {line}: record {given} of its lot where {counted} was expected: a record is missing "
            "or stands twice.",
            GET_IT_AGAIN,
        )


def check_collection_lots(
    path: Path, records: pl.DataFrame, titles: pl.DataFrame, layout: Layout240
) -> tuple[str, ...]:
    """Counts and sums of the trailers of collection lots; `titles` has lot and cents. Returns remarks."""
    remarks: list[str] = []
    for lot, text in records.filter(pl.col("kind") == "5").select("lot", "text").iter_rows():
        mine = titles.filter(pl.col("lot") == lot)
        if not mine.height:
            continue
        trailer = pl.DataFrame({"text": [text]})
        where = f"the trailer of lot {lot}"
        counted = records.filter((pl.col("lot") == lot) & pl.col("kind").is_in(list(layout.lot_record_types))).height
        _agree(path, where, "records", trailer.select(number(LOT_RECORDS)).item(), counted)
        given = trailer.select(
            pl.sum_horizontal(*(number(count) for count, _ in LOT_TITLES)).alias("titles"),
            pl.sum_horizontal(*(number(value) for _, value in LOT_TITLES)).alias("cents"),
        ).row(0)
        cents = int(mine["cents"].sum())
        if layout.has_lot_sum:
            _agree(path, where, "titles", given[0], mine.height)
            _agree(path, where, "as sum of the titles", given[1], cents, is_money=True)
        elif given[1] and given[1] != cents:
            remarks.append(
                f"The trailer of lot {lot} says {_money(given[1])}, its titles sum up to {_money(cents)}: in "
                f"{layout.name}'s files the two need not be the same."
            )
    return tuple(remarks)


def check_statement_lot(path: Path, lot: str, trailer: pl.DataFrame, movements: pl.DataFrame) -> None:
    """Count and sums of a statement's trailer; `movements` has cents and sign (D or C). Raises RejectedFile."""
    where = f"the trailer of lot {lot}"
    given = trailer.select(number(at).alias(name) for name, at in STATEMENT_TOTALS.items()).row(0, named=True)
    _agree(path, where, "records", given["records"], movements.height + 2)
    for name, sign in (("debits", "D"), ("credits", "C")):
        total = int(movements.filter(pl.col("sign") == sign)["cents"].sum())
        _agree(path, where, f"as sum of {name}", given[name], total, is_money=True)


def check_file_400(path: Path, records: pl.DataFrame, titles: pl.DataFrame, layout: Layout400) -> None:
    """Numbering, trailer, count and sum of a CNAB 400 file; `titles` has cents. Raises RejectedFile."""
    trailer = records.tail(1)
    if not trailer["text"][0].startswith("9"):
        raise RejectedFile(f"{path.name} has no trailer at its end: it is cut off.", GET_IT_AGAIN)
    numbered = records.with_columns(number((395, 400)).alias("given"), pl.int_range(1, pl.len() + 1).alias("counted"))
    gap = numbered.filter(pl.col("given").is_not_null() & (pl.col("given") != pl.col("counted")))
    if gap.height:
        line, given, counted = gap.select("line", "given", "counted").row(0)
        raise RejectedFile(
            f"{path.name}, line {line}: record {given} where {counted} was expected: a record is missing or stands "
            "twice.",
            GET_IT_AGAIN,
        )
    if layout.count is not None and layout.sum_face is not None:
        _agree(path, "the trailer", "titles", trailer.select(number(layout.count)).item(), titles.height)
        _agree(path, "the trailer", "as sum of the titles", trailer.select(number(layout.sum_face)).item(),
               int(titles["cents"].sum()), is_money=True)  # fmt: skip


def refuse_unbelievable(path: Path, bank: str, name: str, titles: pl.DataFrame) -> None:
    """Raise RejectedFile if most titles have a date that is none or an amount that is no number.

    `titles` has the dates as dd/mm/yyyy and `cents`, null where the field holds no number.
    """
    wrong = pl.any_horizontal(
        pl.col("cents").is_null(), *(~pl.col(date).str.contains(VALID_DATE).fill_null(value=True) for date in DATES)
    )
    found = titles.filter(wrong)
    if titles.height and found.height > MOST_UNBELIEVABLE * titles.height:
        line = found["_line"][0]
        raise RejectedFile(
            f"{path.name}, line {line}: {found.height} of {titles.height} titles have no valid due date or amount "
            f"where bank {bank} ({name}) writes them.",
            f"Is it really a file of {name}? If the bank has changed its layout, load the return as CSV.",
        )


def _agree(path: Path, where: str, what: str, expected: int | None, found: int, *, is_money: bool = False) -> None:
    """Refuse a difference. Banks that do not fill a total in leave it blank or zero."""
    if not expected or expected == found:
        return
    shown = _money if is_money else str
    raise RejectedFile(
        f"{path.name}: {where} says {shown(expected)} {what}, the file has {shown(found)}.", GET_IT_AGAIN
    )


def _money(cents: int) -> str:
    return f"{Decimal(cents) / 100:,.2f}"

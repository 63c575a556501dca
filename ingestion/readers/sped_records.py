"""A SPED file as numbered records: `|`-separated lines from |0000| to |9999|, their counts checked against the file's.

The file counts itself: 9900 says how many records of each kind it has, 9999 how many lines. A file whose counts do not
hold was cut or edited, and nothing of it is loaded.
"""

# ruff: noqa: S608 — names of records and columns are those of these modules.

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion.readers import RejectedFile
from ingestion.readers.text import decode

if TYPE_CHECKING:
    import duckdb

LARGEST_FILE = 256 * 1024 * 1024
LINES = "text_sped_lines"
EXPORT_AGAIN = "Export the file again, whole, from the program that wrote it; it must not be edited by hand."
SIGNATURE = "SBRCAAEPDR"  # the signed file goes on with the signature, which is no text
COUNTS_SHOWN = 3


@dataclass(frozen=True)
class SpedFile:
    """What 0000 says. `kind` is ecd, icms_ipi or contributions; dates as ddmmyyyy."""

    kind: str
    period_start: str
    period_end: str
    tax_id: str
    encoding: str


def field(number: int) -> str:
    """SQL of a field by its number in the published layout (1 is the record's name); blank is null."""
    return f"nullif(trim(fields[{number + 1}]), '')"


def read_records(connection: duckdb.DuckDBPyConnection, path: Path) -> SpedFile:
    """Put the lines into the temporary table `text_sped_lines` (line, text, record, fields, is_broken).

    Raises RejectedFile for a file that is too large, empty, no SPED file, cut, or whose counts do not hold.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise RejectedFile(
            f"{path.name} has {size / 1048576:,.0f} MiB; a SPED file may have {LARGEST_FILE // 1048576} MiB.",
            "Export one month a file.",
        )
    text, encoding = decode(path.read_bytes())
    if not text.lstrip().startswith("|0000|"):
        raise RejectedFile(
            f"{path.name} is not a SPED file: it does not begin with |0000|.",
            "Export the bookkeeping (ECD, EFD ICMS/IPI, EFD-Contribuições) as text.",
        )
    frame = (
        pl.DataFrame({"text": [text]})
        .select(pl.col("text").str.split("\n").explode().str.strip_chars("\r\n\x1a\x00 "))
        .with_row_index("line", offset=1)
    )
    connection.register("text_sped_frame", frame)
    connection.execute(
        f"create or replace temp table {LINES} as select cast(line as bigint) as line, text, "
        "string_split(text, '|') as fields, nullif(split_part(text, '|', 2), '') as record, "
        "not (starts_with(text, '|') and ends_with(text, '|') and length(text) > 2) as is_broken "
        "from text_sped_frame where text <> ''"
    )
    connection.unregister("text_sped_frame")
    found = _opening(connection, path, encoding)
    _check_end(connection, path)
    _check_counts(connection, path)
    return found


def _opening(connection: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> SpedFile:
    (fields,) = connection.execute(f"select fields from {LINES} order by line limit 1").fetchall()[0]
    fields = [*fields, *[""] * 12]
    if fields[2] == "LECD":
        found = SpedFile("ecd", fields[3], fields[4], fields[6], encoding)
    elif fields[2].startswith("LEC"):
        raise RejectedFile(
            f"{path.name} is an income tax bookkeeping (ECF), which is not read.", "Export the ECD instead."
        )
    elif _is_date(fields[4]) and _is_date(fields[5]):
        found = SpedFile("icms_ipi", fields[4], fields[5], fields[7] or fields[8], encoding)
    elif _is_date(fields[6]) and _is_date(fields[7]):
        found = SpedFile("contributions", fields[6], fields[7], fields[9], encoding)
    else:
        raise RejectedFile(
            f"{path.name}: 0000 is neither that of an ECD nor of an EFD ICMS/IPI nor of an EFD-Contribuições.",
            "Export one of these three.",
        )
    if not (_is_date(found.period_start) and _is_date(found.period_end) and found.tax_id):
        raise RejectedFile(f"{path.name}: 0000 names no period or no CNPJ.", EXPORT_AGAIN)
    return found


def _is_date(text: str) -> bool:
    return len(text) == 8 and text.isdigit()


def _check_end(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    last = connection.execute(f"select min(line) from {LINES} where record = '9999'").fetchall()[0][0]
    if last is None:
        raise RejectedFile(f"{path.name} has no record 9999: the file was cut.", EXPORT_AGAIN)
    after = connection.execute(f"select line, text from {LINES} where line > {last} order by line").fetchall()
    if after and not str(after[0][1]).startswith(SIGNATURE):
        raise RejectedFile(f"{path.name}, line {after[0][0]}: there are lines after record 9999.", EXPORT_AGAIN)
    connection.execute(f"delete from {LINES} where line > {last}")


def _check_counts(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    # A line that a text broke in two is one record all the same: only what begins with | counts.
    counted = f"select record, count(*) as found from {LINES} where starts_with(text, '|') group by record"
    says = f"try_cast({field(3)} as bigint)"
    wrong = connection.execute(
        f"with counted as ({counted}), promised as (select {field(2)} as record, sum({says}) as promised "
        f"from {LINES} where record = '9900' group by all) "
        "select coalesce(counted.record, promised.record) as record, coalesce(promised, 0), coalesce(found, 0) "
        "from counted full join promised on promised.record = counted.record "
        "where coalesce(promised, 0) <> coalesce(found, 0) order by record"
    ).fetchall()
    lines, total = connection.execute(
        f"select count(*) filter (where starts_with(text, '|')), "
        f"max(case when record = '9999' then try_cast({field(2)} as bigint) end) from {LINES}"
    ).fetchall()[0]
    if lines != total:
        wrong.append(("9999", total or 0, lines))
    if not wrong:
        return
    shown = "; ".join(
        f"{'9999 says' if record == '9999' else '9900 says'} {promised:,} "
        f"{'lines' if record == '9999' else f'records {record}'}, and there are {found:,}"
        for record, promised, found in wrong[-COUNTS_SHOWN:]
    )
    more = "" if len(wrong) <= COUNTS_SHOWN else f" (and {len(wrong) - COUNTS_SHOWN} more)"
    raise RejectedFile(f"{path.name} does not hold what it counts: {shown}{more}.", EXPORT_AGAIN)

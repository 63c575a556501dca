"""Files that write dates or amounts in another order than the contract expects, and are half readable all the same.

12/31/2026 cannot be read as dd/mm/yyyy and is quarantined; 01/02/2026 can, and would come in as another day. So can
1.234 where a point is meant as the decimal mark. What cannot be read tells how the rest is meant: a file in which more
values speak for the other order than for the expected one is refused whole.
"""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import duckdb

from ingestion.contracts import Column, Dialect
from ingestion.parsing import Parsing
from ingestion.quoting import name_sql, text_sql
from ingestion.readers import RejectedFile
from ingestion.values import DECIMALS, value_sql
from ingestion.version_book import Load

LEAST = 2  # one value may be a slip of the hand
SMALLEST_GROUPED = 1_000
GROUP = 3  # digits between two thousands marks


@dataclass(frozen=True)
class _Other:
    """Another way of writing a column: `speaks` are rows that speak against it, `misread` those it would change.

    Both look at the good values (called as the column) or, `by_text`, at t_<column> and v_<column> of what can be read.
    """

    dialect: Dialect
    setting: str
    speaks: str
    misread: str
    by_text: bool = False


def refuse_other_dialect(connection: duckdb.DuckDBPyConnection, parsing: Parsing, load: Load, stage: str) -> None:
    """Refuse a file whose quarantined values say that its dates or amounts are in the other order.

    Raises RejectedFile, naming the column, two of its values and the setting of a mapping.
    """
    contract = parsing.contract
    for column in contract.columns:
        other = _other(column, parsing.dialect)
        if other is None:
            continue
        meant, examples = connection.execute(
            f"select count(*), list(value order by line)[:2] from load.quarantine where file_id = {load.file_id} "
            f"and source = {text_sql(contract.source)} and table_name = {text_sql(contract.table)} "
            f"and column_name = {text_sql(column.name)} and {value_sql(column, 'value', other.dialect)} is not null"
        ).fetchall()[0]
        if meant < LEAST:
            continue
        speaking, misread = connection.execute(
            f"select count(*) filter ({other.speaks}), count(*) filter ({other.misread}) from "
            + (_texts(parsing, column) if other.by_text else f"{stage} where {load.rows}")
        ).fetchall()[0]
        if misread and meant > speaking:
            # What is said of a file is published; values of personal columns are not.
            told = ", ".join(f'"{value}"' for value in examples) if column.personal == "none" else ""
            raise RejectedFile(
                f"{load.file_name}: {parsing.header(column)} is written another way in {meant:,} rows"
                f"{f' ({told})' if told else ''}: {misread:,} others can be read both ways, and would be read wrong.",
                f"State `{other.setting}` in a mapping (`retaguarda map`), or export it with one way of writing.",
            )


def _texts(parsing: Parsing, column: Column) -> str:
    """SQL of the column's texts and values, where they can be read."""
    return f"({parsing.typed()}) as parsed where v_{column.name} is not null"


def _other(column: Column, dialect: Dialect) -> _Other | None:
    """The other way of writing a column; None where there is only one."""
    name = name_sql(column.name)
    if column.type in DECIMALS:
        mark = "." if dialect.decimal == "," else ","
        other, setting = replace(dialect, decimal=mark), f'decimal: "{mark}"'
        if DECIMALS[column.type] < GROUP:
            whole = f"{name} = trunc({name})"
            return _Other(other, setting, f"not {whole}", f"{whole} and abs({name}) >= {SMALLEST_GROUPED}")
        # With three decimals or more 1,234 is a fraction in one of the two and a thousand in the other.
        otherwise = value_sql(column, f"t_{column.name}", other)
        return _Other(
            other, setting, f"{otherwise} is null", f"coalesce({otherwise} <> v_{column.name}, false)", by_text=True
        )
    if column.type not in ("date", "timestamp"):
        return None
    key = f"{column.type}_format"
    form = str(getattr(dialect, key))
    # Minutes are mm too, and stand behind: the first of each is meant.
    day, month = re.search("d+", form), re.search("m+", form)
    if day is None or month is None or form.startswith("yyyy"):
        return None  # nobody writes the year first and then the day
    first, second = sorted((day, month), key=re.Match.start)
    between = form[first.end() : second.start()]
    swapped = form[: first.start()] + second.group() + between + first.group() + form[second.end() :]
    local = name
    if column.type == "timestamp":
        local = f"(({name} at time zone 'UTC') at time zone {text_sql(dialect.timezone)})"
    return _Other(
        replace(dialect, **{key: swapped}),
        f"{key}: {swapped}",
        f"day({local}) > 12",
        f"day({local}) <= 12 and day({local}) <> month({local})",
    )

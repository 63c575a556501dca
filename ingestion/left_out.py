"""Rows that a mapping leaves out: counted, summed and told with their reasons; those that end a row close it.

Read = loaded + unchanged + quarantined + left out, to the row and to the cent.
"""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import duckdb

from ingestion.contracts import Contract
from ingestion.parsing import Parsing
from ingestion.quoting import name_sql
from ingestion.raw import key_hash_sql, table_sql

ENDED_KEYS = "ended_keys"


@dataclass(frozen=True)
class LeftOut:
    """What was left out of one text table: rows, control sum (None without a control column), rows by reason."""

    rows: int = 0
    control: Decimal | None = None
    by_reason: Mapping[str, int] | None = None

    def note(self) -> str:
        """One sentence for people; empty where nothing was left out."""
        reasons = "; ".join(f"{rows:,} {reason}" for reason, rows in (self.by_reason or {}).items())
        return f"Left out by the mapping: {reasons}." if reasons else ""


def split_left_out(connection: duckdb.DuckDBPyConnection, parsing: Parsing) -> tuple[Parsing, LeftOut]:
    """The parsing of the rows that stay, and what was left out of `parsing`'s relation (with its `_left_out`).

    Leaves the keys of rows that end what was known in the temporary table `ended_keys`, without those that a row that
    stays has too: a deleted record may have been entered again.
    """
    contract, relation = parsing.contract, name_sql(parsing.relation)
    kept, left = (replace(parsing, relation=f"{parsing.relation}_{part}") for part in ("kept", "left"))
    for part, condition in ((kept, "_left_out is null"), (left, "_left_out is not null")):
        connection.execute(
            f"create or replace temp view {name_sql(part.relation)} as select * from {relation} where {condition}"
        )
    counted = connection.execute(
        f"select _left_out, count(*) from {name_sql(left.relation)} group by _left_out order by count(*) desc, _left_out"
    ).fetchall()
    control = None if contract.control_column is None else Decimal(0)
    if control is not None and counted:
        column = f"v_{contract.control_column}"
        summed = connection.execute(f"select coalesce(sum({column}), 0) from ({left.typed()}) as rows_left").fetchall()
        control = Decimal(summed[0][0])
    ended = replace(left, relation=f"{parsing.relation}_ended")
    connection.execute(
        f"create or replace temp view {name_sql(ended.relation)} as select * from {name_sql(left.relation)} where _closes"
    )
    keys = ", ".join(f"v_{name} as {name_sql(name)}" for name in contract.key)
    same = " and ".join(f"kept.v_{name} is not distinct from ended.v_{name}" for name in contract.key)
    connection.execute(
        f"create or replace temp table {ENDED_KEYS} as "
        f"select distinct {key_hash_sql(contract, 'v_')} as _row_key, {keys} from ({ended.typed()}) as ended "
        f"where not exists (select 1 from ({kept.typed()}) as kept where {same})"
    )
    return kept, LeftOut(sum(rows for _, rows in counted), control, dict(counted))


def close_ended(connection: duckdb.DuckDBPyConnection, contract: Contract, knowledge_at: datetime) -> int:
    """Close the known versions of rows that the file says have ended; returns their number."""
    equal = " and ".join(f"known.{name_sql(name)} is not distinct from ended.{name_sql(name)}" for name in contract.key)
    return int(
        connection.execute(
            f"update {table_sql(contract)} as known set _valid_to = ? from {ENDED_KEYS} as ended "
            f"where known._valid_to is null and known._row_key = ended._row_key and {equal}",
            [knowledge_at],
        ).fetchall()[0][0]
    )

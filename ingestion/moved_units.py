"""Rows that a file takes from one business unit to another: two units that number alike would overwrite each other.

A key need not name the unit, because a record may move. Where most of what a file replaces belonged to another unit,
the two are more likely different records, and the earlier ones would be gone without a word.
"""

# ruff: noqa: S608 — SQL is written from contracts; names go through name_sql.

from __future__ import annotations

import duckdb

from ingestion.contracts import Contract
from ingestion.raw import table_sql
from ingestion.shrinking import HeldFile
from ingestion.version_book import Load, same_key_sql

UNIT = "business_unit"
UNASSIGNED = "unassigned"  # a unit that became known has not moved
FEW_ROWS = 10
MOST_MOVED = 0.2


def moved_note(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, stage: str, versioned: int
) -> str | None:
    """What to say of rows whose unit is another than before; call it when their versions were closed just now.

    Raises HeldFile where they are more than a fifth of what the file replaces, unless the load was confirmed.
    """
    if not versioned or UNIT in contract.key or UNIT not in {column.name for column in contract.columns}:
        return None
    # Files of one moment close versions at the same time: this load replaced the latest of them.
    found = connection.execute(
        f"select unit_before, unit, count(*) from (select known.{UNIT} as unit_before, {stage}.{UNIT} as unit "
        f"from {table_sql(contract)} as known join {stage} on known._valid_to = $closed "
        f"and {same_key_sql(contract, stage)} qualify row_number() over (partition by {stage}.rowid "
        "order by known._file_id desc) = 1) as replaced "
        f"where unit_before is distinct from unit and unit_before <> '{UNASSIGNED}' "
        "group by 1, 2 order by 3 desc, 1, 2",
        {"closed": load.knowledge_at},
    ).fetchall()
    moved = sum(count for _, _, count in found)
    if not moved:
        return None
    told = f"{moved:,} of its rows were in another unit before ({found[0][0]} → {found[0][1]})"
    if load.maximum_shrink is None or moved < FEW_ROWS or moved <= MOST_MOVED * versioned:
        return f"{told[0].upper()}{told[1:]}."
    raise HeldFile(
        f"{load.file_name}: {told}. Two units that number their records alike would overwrite each other. Nothing of it "
        "was loaded.",
        "If the records really moved, confirm it with `retaguarda load FILE --confirm`; if not, give the numbers of each "
        "unit a prefix (`joins` in a mapping).",
    )

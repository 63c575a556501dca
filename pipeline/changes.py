"""Why a published figure changed: its last complete period against the one before, taken apart by each dimension."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import duckdb

from kpis.decomposition import explain
from kpis.definition import Kpi

VALUES = "select * from kpi.kpi_values where kpi = $kpi and grain = $grain and dimension = $dimension and period_start = $start"
LAST_TWO = """
select distinct period_start from kpi.kpi_values
where kpi = $kpi and grain = $grain and dimension = 'total' and not is_partial
order by period_start desc limit 2
"""
EFFECTS = ("rate", "mix", "volume", "price")
MOST = 5


def changes(connection: duckdb.DuckDBPyConnection, row: dict[str, Any], grain: str) -> list[dict[str, Any]]:
    """One entry a dimension of a KPI (a row of kpi.catalogue): the effects, and the members that weigh most.

    `total` is the sum of all `parts`, of which the greatest are given. `basis` tells what was taken apart: the value,
    the amount, or the mean of a duration. Dimensions over which nothing adds up are left out; so is everything before
    there are two complete periods.
    """
    question = {"kpi": row["name"], "grain": grain}
    starts = [start for (start,) in connection.execute(LAST_TWO, question).fetchall()]
    if len(starts) < 2:
        return []
    after_start, before_start = starts
    # The decomposition reads kind and measure only.
    kpi = cast(Kpi, SimpleNamespace(kind=row["kind"], measure=row["measure"]))
    found = []
    for dimension in row["dimensions"]:
        before, after = (
            connection.sql(VALUES, params={**question, "dimension": dimension, "start": start}).pl()
            for start in (before_start, after_start)
        )
        parts = explain(before, after, kpi)
        if parts is None:
            continue
        effects = {effect: getattr(parts, effect) for effect in EFFECTS if getattr(parts, effect) is not None}
        found.append(
            {
                "dimension": dimension,
                "from": before_start,
                "to": after_start,
                "basis": parts.basis,
                "total": parts.total,
                **effects,
                "is_reversal": parts.is_reversal,
                "parts": parts.parts.head(MOST).select("member", "total").to_dicts(),
            }
        )
    return found

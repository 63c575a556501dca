"""Restated figures above a tolerance, with how far above it each is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.notes import restated_weeks
from dashboard.reports.content import Readers
from kpis.restatements import beyond

HIGHEST_LEVEL = 60


def restated_beyond(
    publication: Publication, readers: Readers, shown: Mapping[str, Definition], until: date, tolerance: float
) -> list[dict[str, Any]]:
    """Restated weeks of the scorecard's KPIs, the latest and largest first; `level` rises with every doubling."""
    rows = [
        row
        for row in restated_weeks(publication, until)
        if row["kpi"] in shown
        and shown[row["kpi"]].headline
        and (row["member"] in readers.units if readers.units else row["dimension"] == "total")
    ]
    if not rows:
        return []
    units = [shown[row["kpi"]].unit for row in rows]
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(unit=pl.Series(units, dtype=pl.String))
    found = beyond(frame, tolerance).sort("period_start", "size", descending=True)
    return [row | {"level": _level(row["size"], tolerance)} for row in found.to_dicts()]


def _level(size: float, tolerance: float) -> int:
    if tolerance <= 0 or not math.isfinite(size):
        return HIGHEST_LEVEL
    return min(HIGHEST_LEVEL, max(0, int(math.log2(size / tolerance))))

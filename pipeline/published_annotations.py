"""`kpi.annotations` of the published file: what people wrote about KPIs, as it stood at publication."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from office import annotations
from office.store import Office
from pipeline.published_tables import write_table

SCHEMA = {
    "annotation_id": pl.String,
    "kpi": pl.String,
    "business_unit": pl.String,
    "first_day": pl.Date,
    "last_day": pl.Date,
    "text_en": pl.String,
    "text_pt_br": pl.String,
    "author": pl.String,
    "created_at": pl.Datetime("us"),
    "edited_by": pl.String,
    "edited_at": pl.Datetime("us"),
}


def write_annotations(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Copy the annotations that stand in the office file of a data folder; an empty table when there are none."""
    rows = [
        {
            "annotation_id": kept.annotation_id,
            "kpi": kept.note.kpi,
            "business_unit": kept.note.business_unit,
            "first_day": kept.note.first_day,
            "last_day": kept.note.last_day,
            "text_en": kept.note.text_en,
            "text_pt_br": kept.note.text_pt_br,
            "author": kept.author,
            "created_at": datetime.fromisoformat(kept.created_at),
            "edited_by": kept.edited_by,
            "edited_at": datetime.fromisoformat(kept.edited_at) if kept.edited_at else None,
        }
        for kept in annotations.listed(Office(data))
    ]
    connection.execute("create schema if not exists kpi")
    write_table(connection, "kpi.annotations", pl.DataFrame(rows, schema=SCHEMA))

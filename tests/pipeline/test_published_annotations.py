"""Annotations are copied into the published file as they stand; those that were taken back are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from office import annotations
from office.annotations import Note
from office.store import Office
from pipeline.published_annotations import write_annotations


def test_what_stands_is_copied(tmp_path: Path) -> None:
    office = Office(tmp_path)
    day = date(2026, 10, 5)
    annotations.write(office, Note("nps", day, day, "", "Greve", "SUL"), "Ana")
    gone = annotations.write(office, Note("nps", day, day, "A mistake", ""), "Ana")
    annotations.delete(office, gone.annotation_id, "Bruno")
    connection = duckdb.connect()
    write_annotations(connection, tmp_path)
    rows = connection.execute(
        "select kpi, business_unit, first_day, last_day, text_en, text_pt_br, author, typeof(created_at) from kpi.annotations"
    ).fetchall()
    assert rows == [("nps", "SUL", day, day, "", "Greve", "Ana", "TIMESTAMP")]


def test_without_annotations_the_table_is_empty_and_no_file_is_made(tmp_path: Path) -> None:
    connection = duckdb.connect()
    write_annotations(connection, tmp_path)
    assert connection.execute("select count(*) from kpi.annotations").fetchall() == [(0,)]
    assert list(tmp_path.iterdir()) == []

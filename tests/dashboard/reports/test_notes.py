"""Restatements and annotations of the published file, as the pack tells them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboard.published import Publication
from dashboard.queries.definitions import definitions
from dashboard.reports.content import Readers
from dashboard.reports.notes import notes_of_week, restatements_since

pytestmark = pytest.mark.usefixtures("portuguese")
WEEK = date(2026, 11, 9)
TITLES = {"SUL": "Unidade Sul"}


@pytest.fixture
def annotated(demo_data: Path, tmp_path: Path) -> Publication:
    name = (demo_data / "serving" / "current").read_text(encoding="utf-8").strip()
    path = Path(shutil.copy(demo_data / "serving" / name, tmp_path / name))
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            create or replace table kpi.kpi_restatements as
            select 'days_to_pay' as kpi, 'week' as grain, date '2026-11-02' as period_start, col0 as dimension,
                col1 as member, col2 as reported, 'ok' as reported_state, col3 as now, 'ok' as now_state,
                col3 - col2 as difference, true as is_definition_changed, 3 as rows_arrived_late, 1 as rows_deleted
            from (values ('total', 'total', 30.0, 31.0), ('business_unit', 'SUL', 33.0, 35.0),
                ('business_unit', 'NE', 20.0, 20.001))
            """
        )
        connection.execute(
            """
            create or replace table kpi.annotations as
            select 'days_to_pay' as kpi, col0 as business_unit, col1 as first_day, col1 as last_day,
                col2 as text_en, col3 as text_pt_br, 'Ana' as author
            from (values ('SUL', date '2026-10-01', 'South', 'Sul'), ('NE', date '2026-10-02', 'North', 'Norte'),
                ('', date '2026-10-03', 'Only English', ''), ('', date '2020-01-01', 'Old', 'Velha'),
                ('', date '2026-12-01', 'Later', 'Depois'))
            """
        )
    return Publication(path)


def test_restatements_that_can_be_seen(annotated: Publication) -> None:
    catalogue = definitions(annotated, "pt_BR")
    found = restatements_since(annotated, catalogue, WEEK, Readers(), TITLES)
    assert [(each.unit, each.reported, each.now) for each in found] == [
        ("Todos", "30,0\N{NO-BREAK SPACE}dias", "31,0\N{NO-BREAK SPACE}dias")
    ]
    assert found[0].cause == "3 linhas chegaram atrasadas; 1 linha excluída; definição mudou"
    units = Readers(units=("SUL", "NE"))
    assert [each.unit for each in restatements_since(annotated, catalogue, WEEK, units, TITLES)] == ["Unidade Sul"]
    assert restatements_since(annotated, catalogue, date(2026, 10, 26), Readers(), TITLES) == ()
    assert restatements_since(annotated, {}, WEEK, Readers(), TITLES) == ()


def test_annotations_of_the_half_year_and_of_the_readers(annotated: Publication) -> None:
    catalogue = definitions(annotated, "pt_BR")
    texts = [note.text for note in notes_of_week(annotated, catalogue, WEEK, Readers(), TITLES)]
    assert texts == ["Sul", "Norte", "Only English"]
    units = Readers(units=("SUL",))
    assert [note.text for note in notes_of_week(annotated, catalogue, WEEK, units, TITLES)] == ["Sul", "Only English"]

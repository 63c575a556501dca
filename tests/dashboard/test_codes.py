"""Codes are words on every page; words of the company stay."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dashboard import codes, vocabulary
from dashboard.published import Publication
from tests.dashboard.visiting import AREAS, visit

CODED = ("business_unit", "desk", "priority", "error_kind", "nature", "scenario", "punctuality", "band", "ambition")


def test_codes_become_words_and_the_rest_stays() -> None:
    frame = pl.DataFrame(
        {"business_unit": ["SUL"], "desk": ["it"], "category": ["Fretes"], "comment": ["late"], "n": [1]}
    )
    assert codes.worded(frame, {"SUL": "Unidade Sul"}).row(0) == ("Unidade Sul", "TI", "Fretes", "late", 1)
    assert codes.word("error_kind", "duplicate") == "lançado em duplicidade"
    assert codes.word("module", "Estoque") == "Estoque"


@pytest.mark.usefixtures("english")
def test_codes_in_english() -> None:
    assert codes.word("category", "detractor") == "detractor"
    assert codes.word("status", "resolved") == "solved"


def test_every_code_of_the_marts_has_a_word(publication: Publication) -> None:
    """A code that a model newly gives must get its word."""
    columns = publication.fetch(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'marts' and list_contains(?, column_name)",
        (["error_kind", "nature", "scenario", "punctuality", "band", "ambition", "status", "direction"],),
    )
    assert columns.height > 6
    for table, column in columns.iter_rows():
        found = publication.fetch(
            f'select distinct "{column}" as code from marts."{table}" where "{column}" is not null'
        )
        assert set(found["code"]) <= set(codes.CODES[column]), (table, column)


@pytest.mark.parametrize("area", AREAS)
def test_no_table_of_an_area_shows_a_code(demo_data: Path, area: str) -> None:
    for table in visit(demo_data, area).dataframe:
        for name in set(CODED) & set(table.value.columns):
            shown = set(table.value[name])
            assert not shown & {"SUL", "MTZ", "NE", "CO", "it", "hr", "facilities", "finance", "high", "low", "urgent"}


def test_every_column_of_the_records_has_a_title(publication: Publication) -> None:
    columns = publication.fetch("select distinct unnest(records_columns) as name from kpi.catalogue")["name"]
    shown = set(columns) - {"source_file_id", "source_line"}  # shown as file and line
    assert shown <= set(vocabulary.COLUMNS), shown - set(vocabulary.COLUMNS)

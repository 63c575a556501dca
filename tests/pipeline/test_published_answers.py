"""Questions of pages on large tables are answered at publishing, and the pages read the same answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from dashboard.published import Publication
from dashboard.queries import windows
from pipeline.published_answers import asked_by_pages, write_answers

GRAINS = ("week", "month", "quarter")
UNIT = "SUL"


@pytest.fixture(scope="module")
def answered(published_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """The sample with every question answered, however small its tables are."""
    path = tmp_path_factory.mktemp("answered") / "answered.duckdb"
    shutil.copyfile(published_copy, path)
    with duckdb.connect(str(path)) as connection:
        (as_of,) = connection.execute("select as_of_date from meta.publication").fetchall()[0]
        assert write_answers(connection, as_of, [UNIT], larger_than=0) > 100
    publication = Publication(path)
    yield publication
    publication.close()


def test_a_page_gets_the_kept_answer_and_it_is_the_true_one(answered: Publication) -> None:
    kept = windows._kept(answered)
    seen = 0
    for sql in asked_by_pages():
        for unit in ("all", UNIT):
            for grain in GRAINS:
                days = windows.window(answered, grain)
                true = answered.fetch(sql, windows.parameters(sql, unit, days))
                is_kept = (windows.question(sql), unit, windows.kept_grain(sql, grain)) in kept
                seen += is_kept
                assert is_kept or "marts." not in sql, sql
                assert_frame_equal(windows.ask(answered, sql, unit, grain), true, check_row_order=False)
    assert seen > 100


def test_small_tables_are_asked_by_the_page_itself(answered: Publication, tmp_path: Path) -> None:
    path = tmp_path / "small.duckdb"
    shutil.copyfile(answered.path, path)
    with duckdb.connect(str(path)) as connection:
        (as_of,) = connection.execute("select as_of_date from meta.publication").fetchall()[0]
        assert write_answers(connection, as_of, ["SUL"], larger_than=10**9) == 0
    publication = Publication(path)
    assert windows._kept(publication) == {}
    assert windows.ask(publication, next(asked_by_pages()), "SUL", "week").width > 0
    publication.close()


def test_another_text_is_another_question() -> None:
    assert windows.question("select 1\n from a") == windows.question(" select 1 from a ")
    assert windows.question("select 1") != windows.question("select 2")
    assert windows.kept_grain("select $unit, $as_of", "month") == ""
    assert windows.kept_grain("select $since", "month") == "month"

"""The data page: every view in both languages, and counts that add up."""

from __future__ import annotations

import os
import re
from pathlib import Path
from unittest.mock import patch

import pytest

from dashboard.published import Publication
from tests.dashboard.visiting import plain, texts, visit

VIEWS = {
    "sources": {"label", "contract", "state", "rows_read", "rows_loaded", "rows_unchanged", "rows_quarantined"},
    "files": {"file_name", "state", "rows_read", "control_read", "control_accounted"},
    "quarantine": {"file_name", "line", "column_name", "value", "reason", "remedy"},
    "tests": {"status", "test", "failures"},
    "dictionary": {"model", "column_name", "type", "description"},
}


def whole(text: str) -> int:
    """A count as it is written in either language."""
    return int(re.sub(r"[.,]", "", text))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("tag", "title"), [("pt-BR", "Dados"), ("en", "Data")])
def test_every_view(demo_data: Path, view: str, tag: str, title: str) -> None:
    app = visit(demo_data, "data", view=view, lang=tag)
    assert app.title[0].value == title
    table = app.dataframe[0].value
    assert VIEWS[view] <= set(table.columns)
    assert len(table)


def test_an_unknown_view_is_the_first(demo_data: Path) -> None:
    assert "rows_read" in visit(demo_data, "data", view="nothing").dataframe[0].value.columns


@pytest.mark.parametrize("tag", ["pt-BR", "en"])
def test_the_sentence_of_conservation_is_true(demo_data: Path, publication: Publication, tag: str) -> None:
    sentence = next(text for text in texts(visit(demo_data, "data", lang=tag)) if text.count("**") == 8)
    read, loaded, unchanged, quarantined = (whole(found) for found in re.findall(r"\*\*([\d.,]+)\*\*", sentence))
    assert read == loaded + unchanged + quarantined
    held = publication.fetch("select count(*) from (select distinct file_id, table_name, line from meta.quarantine)")
    known = publication.fetch("select sum(rows_read), sum(rows_loaded), sum(rows_unchanged) from meta.files")
    assert (read, loaded, unchanged) == tuple(int(number) for number in known.row(0))
    assert quarantined == held.item() > 0


def test_every_source_and_every_file_is_conserved(demo_data: Path) -> None:
    for view in ("sources", "files"):
        table = visit(demo_data, "data", view=view, lang="en").dataframe[0].value
        table = table[table["rows_read"] != "–"]  # a file that was rejected whole has no rows
        read, *parts = (
            table[name].map(whole) for name in ("rows_read", "rows_loaded", "rows_unchanged", "rows_quarantined")
        )
        assert (read == sum(parts)).all()
        if view == "files":
            assert (table["control_read"] == table["control_accounted"]).all()


def test_a_rejected_file_is_named_with_its_message(demo_data: Path, publication: Publication) -> None:
    rejected = publication.fetch("select count(distinct file_id) from meta.files where state = 'rejected'").item()
    app = visit(demo_data, "data", view="files")
    assert bool(app.warning) == bool(rejected)
    table = app.dataframe[0].value
    assert (table.loc[table["state"] == "rejeitado", "message"] != "").all()


def test_the_quarantine_says_what_to_do(demo_data: Path) -> None:
    app = visit(demo_data, "data", view="quarantine")
    table = app.dataframe[0].value
    assert (table["reason"] != "").all()
    assert (table["remedy"] != "").all()
    assert (table["line"] > 0).all()
    assert app.get("download_button")


def test_tests_that_did_not_pass_come_first(demo_data: Path, publication: Publication) -> None:
    app = visit(demo_data, "data", view="tests", lang="en")
    passed, every = publication.fetch("select count(*) filter (status = 'pass'), count(*) from meta.test_results").row(
        0
    )
    assert any(f"{passed} of {every} data tests passed" in plain(text) for text in texts(app))
    states = list(app.dataframe[0].value["status"])
    assert states == sorted(states, key=lambda state: state == "passed")


def test_the_dictionary_is_searched(demo_data: Path) -> None:
    app = visit(demo_data, "data", view="dictionary", lang="en")
    app.text_input(key="dictionary_search").set_value("Payable_ID")
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(demo_data)}):
        app.run()
    found = app.dataframe[0].value
    assert len(found)
    held = found["model"] + found["column_name"] + found["description"]
    assert held.str.contains("payable_id", case=False).all()
    assert found["column_name"].isin(["payable_id"]).any()

"""The data page: every view in both languages, and counts that add up."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.published import Publication, current, current_path
from tests.dashboard.visiting import plain, texts, visit

VIEWS = {
    "sources": {"label", "contract", "state", "rows_read", "rows_loaded", "rows_unchanged", "rows_quarantined"},
    "files": {"file_name", "state", "rows_read", "control_read", "control_accounted"},
    "quarantine": {"file_name", "line", "column_name", "value", "reason", "remedy"},
    "tests": {"status", "test", "failures"},
    "dictionary": {"table_name", "column_name", "type", "personal", "description"},
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
    app.text_input(key="url_search").set_value("Payable_ID")
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(demo_data)}):
        app.run()
    assert app.query_params["search"] in ("Payable_ID", ["Payable_ID"])
    found = app.dataframe[0].value
    assert len(found)
    held = found["table_name"] + found["column_name"] + found["description"]
    assert held.str.contains("payable_id", case=False).all()
    assert found["column_name"].isin(["payable_id"]).any()


@pytest.mark.parametrize("wanted", ["emissao", "EMISSÃO", "emissão"])
def test_the_dictionary_knows_the_headers_of_exports_whatever_the_accents(demo_data: Path, wanted: str) -> None:
    found = visit(demo_data, "data", view="dictionary", search=wanted).dataframe[0].value
    payables = found[found["table_name"] == "erp.payables"]
    assert list(payables["column_name"]) == ["issue_date"]
    assert payables["headers"].iloc[0].startswith("Emissão")


def test_a_table_of_the_dictionary_has_a_link_of_its_own(demo_data: Path) -> None:
    app = visit(demo_data, "data", view="dictionary", **{"in": "marts.fct_payables"})
    table = app.dataframe[0].value
    classes = dict(zip(table["column_name"], table["personal"], strict=True))
    assert classes["supplier_name"] == "pessoal"
    assert classes["amount_brl"] == "–"
    assert any("Contas a pagar" in plain(text) for text in texts(app)), "the exports that it comes from"
    unknown = visit(demo_data, "data", view="dictionary", **{"in": "marts.nothing"})
    assert "table_name" in unknown.dataframe[0].value.columns


def test_a_word_that_nothing_holds_is_said_plainly(demo_data: Path) -> None:
    app = visit(demo_data, "data", view="dictionary", search="zzzz", lang="en")
    assert not app.dataframe
    assert "Nothing to show." in texts(app)


def test_tests_are_those_of_one_kpi(demo_data: Path, publication: Publication) -> None:
    app = visit(demo_data, "data", view="tests", guarded="nps", lang="en")
    expected = publication.fetch("select count(*) from meta.test_results where list_contains(kpis, 'nps')").item()
    assert len(app.dataframe[0].value) == expected > 0
    assert app.dataframe[0].value["kpis"].str.len().gt(0).all()


def lineage_data(app: AppTest) -> dict:
    """What the browser is given to draw."""
    drawn = [json.loads(each.proto.json) for each in app.get("bidi_component") if each.proto.json]
    [lineage] = [data for data in drawn if isinstance(data, dict) and "layers" in data]
    return lineage


def test_lineage_goes_from_exports_to_pages(demo_data: Path, publication: Publication) -> None:
    shown = lineage_data(visit(demo_data, "data", view="lineage", node="kpi_days_to_pay"))
    layers = {layer["title"]: [node["name"] for node in layer["nodes"]] for layer in shown["layers"]}
    sources, models = publication.fetch("select sources, models from kpi.catalogue where name = 'days_to_pay'").row(0)
    drawn = [name for names in layers.values() for name in names]
    assert set(sources) <= set(layers["Exportações"])
    assert set(models) <= set(drawn)
    assert layers["Páginas"] == ["overview", "payables"] or set(layers["Páginas"]) == {"overview", "payables"}
    assert ["fct_payables", "kpi_days_to_pay"] in shown["edges"]
    assert {name for edge in shown["edges"] for name in edge} <= set(drawn)
    labels = {node["name"]: node["label"] for layer in shown["layers"] for node in layer["nodes"]}
    assert labels["kpi_days_to_pay"] == "Prazo de pagamento"
    assert labels["erp.payables"] == "Contas a pagar"


@pytest.mark.parametrize("node", ["erp.payables", "dim_dates", "int_payables_clocked", "no_such_table"])
def test_any_node_may_be_the_middle(demo_data: Path, node: str) -> None:
    shown = lineage_data(visit(demo_data, "data", view="lineage", node=node, lang="en"))
    assert shown["focus"] == (node if node != "no_such_table" else "kpi_days_to_pay")
    titles = [layer["title"] for layer in shown["layers"]]
    assert titles == [
        title for title in ("Exports", "Staging", "Intermediate", "Marts", "KPIs", "Pages") if title in titles
    ]
    assert "KPIs" in titles


def test_a_publication_of_an_older_release_says_so(demo_data: Path, tmp_path: Path) -> None:
    serving = tmp_path / "serving"
    serving.mkdir()
    source = current_path(demo_data)
    copy = Path(shutil.copyfile(source, serving / source.name))
    (serving / "current").write_text(copy.name)
    with duckdb.connect(str(copy)) as connection:
        for table in ("lineage_nodes", "lineage", "export_columns"):
            connection.execute(f"drop table meta.{table}")
        connection.execute("alter table meta.columns drop column personal")
    try:
        assert visit(tmp_path, "data", view="lineage", lang="en").info
        assert len(visit(tmp_path, "data", view="dictionary", lang="en").dataframe[0].value)
    finally:
        current(tmp_path).close()

"""Explore and the SQL page: the same numbers, in the reader's language, from the address alone."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import openpyxl
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import exports, statements
from dashboard.published import Publication
from dashboard.queries import explore
from dashboard.queries.definitions import definitions
from office import queries
from office.store import Office
from sandbox.limits import Refused
from tests.dashboard.visiting import figures, plain, texts, visit


@pytest.fixture
def data(demo_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RETAGUARDA_DATA", str(tmp_path))
    shutil.copytree(demo_data / "serving", tmp_path / "serving", copy_function=shutil.copy)
    return tmp_path


def answered(app: AppTest) -> AppTest:
    """The page once its statement has ended: a run of its own may be waiting for it."""
    if "sql_running" in app.session_state:
        assert app.session_state["sql_running"].wait(60)
        app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("kpi", ["days_to_pay", "nps", "journal_error_rate"])
@pytest.mark.parametrize("dimension", ["total", "business_unit"])
def test_copied_sql_gives_the_numbers_of_the_page(publication: Publication, kpi: str, dimension: str) -> None:
    question = explore.Question(kpi, "month", dimension, (), date(2026, 1, 1), date(2026, 11, 1))
    drawn = explore.rows(publication, question)
    assert drawn.height
    answer = statements.start(publication, explore.as_sql(question), 60).result()
    assert answer.frame.equals(drawn)


def test_hostile_members_stay_text_in_the_statement(publication: Publication) -> None:
    hostile = ("x' or 'a' = 'a", "'; drop table kpi.kpi_values; --", "SUL")
    question = explore.Question("days_to_pay", "month", "business_unit", hostile, date(2026, 1, 1), date(2026, 11, 1))
    assert set(explore.rows(publication, question)["member"]) == {"SUL"}


def test_explore_shows_what_the_address_says(data: Path, publication: Publication) -> None:
    app = visit(
        data, "explore", kpi="days_to_pay", by="business_unit", grain="month", members="SUL|NE",
        **{"from": "2026-05-01", "to": "2026-09-01"},
    )  # fmt: skip
    table = app.dataframe[0].value
    assert set(table.columns) == {"Período", "Unidade Nordeste", "Unidade Sul"}
    assert list(table["Período"]) == ["set. 2026", "ago. 2026", "jul. 2026", "jun. 2026", "mai. 2026"]
    lines = figures(app)[0]["data"]
    assert len(lines) == 2
    assert all(len(line["x"]) == 5 for line in lines)
    english = visit(data, "explore", kpi="days_to_pay", by="business_unit", grain="month", lang="en")
    assert "Explore" in texts(english)


def test_every_kpi_and_measure_can_be_explored(publication: Publication, data: Path) -> None:
    kinds = {definition.kind: name for name, definition in definitions(publication, "pt_BR").items()}
    for name in kinds.values():
        for measure in ("value", "n"):
            app = visit(data, "explore", kpi=name, measure=measure, grain="quarter")
            assert app.dataframe, (name, measure)


def test_a_statement_in_the_address_is_run(data: Path) -> None:
    app = answered(visit(data, "sql", sql="select 40 + 2 as answer, '=1+1' as formula"))
    assert app.dataframe[0].value["answer"].to_list() == [42]
    assert "1 linha" in plain(" ".join(texts(app)))


def test_what_goes_wrong_is_told(data: Path) -> None:
    app = answered(visit(data, "sql", sql="select * from read_text('/etc/passwd')"))
    assert not app.dataframe
    assert "Permission Error" in app.code[0].value


def test_a_long_answer_is_cut_and_says_so(data: Path) -> None:
    app = answered(visit(data, "sql", sql="select * from range(20000)", lang="en"))
    assert len(app.dataframe[0].value) == statements.MOST_ROWS
    assert "only the first 10,000" in app.warning[0].value


def test_a_saved_query_is_opened_by_its_link(data: Path) -> None:
    kept = queries.save(
        Office(data), "Quantos <b>indicadores</b>", "select count(*) as kpis from kpi.catalogue", "Ana", "k"
    )
    app = answered(visit(data, "sql", query=kept.query_id))
    assert app.dataframe[0].value["kpis"].to_list()[0] > 20
    assert "Quantos <b>indicadores</b>" in plain(" ".join(texts(app)))
    gone = visit(data, "sql", query="no such query")
    assert not gone.dataframe


def test_a_chart_needs_numbers_and_gets_them(data: Path) -> None:
    app = answered(
        visit(data, "sql", sql="select member, sum(n) as n from kpi.kpi_values group by 1 order by 2 desc limit 5")
    )
    assert [trace["type"] for trace in figures(app)[0]["data"]] == ["bar"]
    words = answered(visit(data, "sql", sql="select 'a' as word", lang="en"))
    assert "A chart needs a column of numbers." in texts(words)


HOSTILE = pl.DataFrame(
    {
        "=cmd|' /C calc'!A0": ["=1+1", "@SUM(1)", None],
        "list": [["=1"], [], None],
        "number": [1.5, -2.0, None],
        "day": [date(2026, 1, 2), None, date(2026, 1, 3)],
        "bytes": [b"\x00\xff", None, b"="],
    }
)


def test_exports_are_neutral() -> None:
    text = exports.csv_bytes(HOSTILE, "pt_BR").decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("'=cmd")
    assert lines[1].startswith("'=1+1;")
    assert "1,5" in lines[1]
    sheet = openpyxl.load_workbook(io.BytesIO(exports.xlsx_bytes(HOSTILE))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert cells
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    assert sheet["C2"].value == 1.5
    back = pl.read_parquet(io.BytesIO(exports.parquet_bytes(HOSTILE)))
    assert back.equals(HOSTILE), "programs get what there is"


def test_a_statement_cannot_leave_the_pages_sandbox(publication: Publication) -> None:
    with pytest.raises(Refused, match="not a question"):
        statements.start(publication, "copy (select 1) to '/tmp/x.csv'", 30).result()


def test_the_link_to_the_sql_page_carries_the_statement(publication: Publication) -> None:
    question = explore.Question("nps", "week", "total", (), date(2026, 1, 5), date(2026, 11, 9))
    assert len(explore.as_sql(question)) < 4_000
    assert parse_qs("sql=" + explore.as_sql(question).replace("+", "%2B").replace("&", "%26"))["sql"]

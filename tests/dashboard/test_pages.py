"""Every page of this room, run as Streamlit runs it, in both languages."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.language import activate, choose
from dashboard.navigation import ENTRIES
from dashboard.published import Publication, current_path
from dashboard.queries.definitions import definitions
from tests.dashboard.visiting import texts

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture
def app(demo_data: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("RETAGUARDA_DATA", str(demo_data))
    return AppTest.from_file(APP, default_timeout=60)


def shown(app: AppTest) -> str:
    """All text of a page."""
    return "\n".join(texts(app))


def open_page(app: AppTest, name: str, **parameters: str) -> AppTest:
    activate(choose(parameters.get("lang"), None))  # AppTest formats options in the test's own thread
    for key, value in parameters.items():
        app.query_params[key] = value
    if name != ENTRIES[0].name:
        app.switch_page(f"app_pages/{name}.py")
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize(("language", "title"), [("pt-BR", "Painel"), ("en", "Overview")])
def test_overview(app: AppTest, language: str, title: str) -> None:
    text = shown(open_page(app, "overview", lang=language))
    assert app.title[0].value == title
    assert ("dados até 20/11/2026" if language == "pt-BR" else "data until 20 Nov 2026") in text.replace("\\", "")
    assert ("acima dos limites" if language == "pt-BR" else "above its limits") in text
    assert "nan" not in text.lower().split()


def test_overview_names_the_cause_of_the_slow_payments(app: AppTest) -> None:
    text = shown(open_page(app, "overview", lang="pt-BR"))
    assert "principal causa: Unidade Sul" in text.replace("\\", "")


def test_overview_for_one_unit_says_nothing_of_other_units(app: AppTest) -> None:
    text = shown(open_page(app, "overview", lang="pt-BR", unit="MTZ"))
    assert "principal causa" not in text


def test_a_wrong_parameter_falls_back(app: AppTest) -> None:
    open_page(app, "overview", unit="NOWHERE", grain="century", area="moon", lang="xx")
    assert app.title[0].value in ("Painel", "Overview")


def test_choosing_a_unit_puts_it_into_the_address(app: AppTest) -> None:
    open_page(app, "overview", lang="pt-BR")
    app.selectbox(key="url_unit").select("SUL").run()
    assert app.query_params["unit"] == "SUL"
    app.selectbox(key="url_unit").select("all").run()
    assert "unit" not in app.query_params


def test_the_language_button_keeps_the_rest_of_the_address(app: AppTest) -> None:
    open_page(app, "overview", lang="pt-BR", unit="SUL")
    app.button(key="language").click().run()
    assert app.title[0].value == "Overview"
    assert app.query_params["unit"] == "SUL"


@pytest.mark.parametrize("language", ["pt-BR", pytest.param("en", marks=pytest.mark.lengthy)])
def test_every_kpi_page_in_every_grain(app: AppTest, publication: Publication, language: str) -> None:
    code = language.replace("-", "_")
    catalogue = definitions(publication, code)
    open_page(app, "kpi", lang=language)
    for position, (name, definition) in enumerate(catalogue.items()):
        app.query_params["kpi"] = name
        app.query_params["grain"] = ("week", "month", "quarter")[position % 3]
        app.run()
        assert not app.exception, (name, app.exception)
        assert app.title[0].value == definition.label


def test_kpi_page_reaches_the_file_and_line(app: AppTest) -> None:
    open_page(app, "kpi", lang="pt-BR", kpi="days_to_pay", unit="SUL", grain="week")
    table = app.dataframe[-1].value
    assert {"source_file", "source_line"} <= set(table.columns)
    assert len(table) > 0
    assert table["source_file"].str.contains(".csv", regex=False).all()


def test_kpi_page_for_one_member_of_a_dimension(app: AppTest) -> None:
    open_page(app, "kpi", lang="en", kpi="resolution_time", by="priority", member="high", grain="month")
    assert not [box for box in app.selectbox if box.key == "url_unit"]


def test_why_adds_up_in_words(app: AppTest) -> None:
    text = shown(open_page(app, "kpi", lang="en", kpi="paid_late", grain="month"))
    assert "because members changed" in text


def test_nothing_published_is_a_page_that_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAGUARDA_DATA", str(tmp_path))
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert "retaguarda refresh" in app.info[0].value


def test_a_failed_build_is_told_and_the_old_publication_stays(
    demo_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = tmp_path / "serving"
    serving.mkdir()
    source = current_path(demo_data)
    (serving / source.name).symlink_to(source)
    (serving / "current").write_text(source.name)
    build = {
        "state": "failed",
        "finished_at": "2026-11-21T09:12:00",
        "reason": "R$ 3 missing",
        "failed_tests": ["sums"],
    }
    (serving / "last_build.json").write_text(json.dumps(build))
    monkeypatch.setenv("RETAGUARDA_DATA", str(tmp_path))
    app = open_page(AppTest.from_file(APP, default_timeout=60), "overview", lang="pt-BR")
    assert "A última atualização falhou (21/11/2026, 06:12)" in app.warning[0].value
    assert "`sums`" in app.warning[0].value
    assert app.title[0].value == "Painel"


def test_the_overview_is_quick(app: AppTest) -> None:
    open_page(app, "overview", lang="pt-BR")
    times = []
    for _attempt in range(5):
        begin = time.perf_counter()
        app.run()
        times.append(time.perf_counter() - begin)
    # 150 ms is the aim (30 ms when measured alone); the bound is wider, for a busy machine must not fail the test.
    assert min(times) < 0.5

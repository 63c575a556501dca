"""Annotations on the KPI page: written, drawn, changed, taken back; in the reader's language; of the right unit."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.remarks import LONGEST
from office import annotations
from office.annotations import Annotation, Note
from office.store import Office
from tests.dashboard.visiting import figures, plain, texts, visit

DAYS = (date(2026, 9, 7), date(2026, 9, 20))
STRIKE = Note("days_to_pay", *DAYS, "Carriers on strike", "Greve dos transportadores")


@pytest.fixture
def data(demo_data: Path, tmp_path: Path) -> Path:
    """The published sample with an office of its own."""
    shutil.copytree(demo_data / "serving", tmp_path / "serving", copy_function=shutil.copy)
    return tmp_path


def words_in_chart(app: AppTest) -> list[str]:
    return [str(word["text"]) for word in figures(app)[0]["layout"]["annotations"]]


def bands(app: AppTest) -> list[dict]:
    return [shape for shape in figures(app)[0]["layout"]["shapes"] if shape["type"] == "rect"]


@pytest.mark.parametrize(("lang", "text"), [("pt-BR", "Greve dos transportadores"), ("en", "Carriers on strike")])
def test_an_annotation_is_drawn_and_listed_in_the_readers_language(data: Path, lang: str, text: str) -> None:
    annotations.write(Office(data), STRIKE, "Ana Souza")
    app = visit(data, "kpi", kpi="days_to_pay", grain="week", lang=lang)
    assert text[: LONGEST - 1] in " ".join(words_in_chart(app))
    assert [(band["x0"], band["x1"]) for band in bands(app)] == [("2026-09-07", "2026-09-14")]
    listed = plain(" ".join(texts(app)))
    assert text in listed
    assert "Ana Souza" in listed


def test_a_unit_shows_its_own_and_the_companys(data: Path) -> None:
    office = Office(data)
    for unit in ("", "SUL", "NE"):
        annotations.write(office, Note("days_to_pay", *DAYS, f"about <{unit or 'all'}>", "", unit), "Ana")
    annotations.write(office, Note("nps", *DAYS, "about another KPI", ""), "Ana")

    def shown(**parameters: str) -> list[str]:
        listed = plain(" ".join(texts(visit(data, "kpi", kpi="days_to_pay", **parameters))))
        return [unit for unit in ("all", "SUL", "NE") if f"about <{unit}>" in listed]

    assert shown(unit="SUL") == ["all", "SUL"]
    assert shown() == ["all", "SUL", "NE"]
    assert "another KPI" not in plain(" ".join(texts(visit(data, "kpi", kpi="days_to_pay"))))


def press(app: AppTest, label: str) -> AppTest:
    app = next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_it_is_written_changed_and_taken_back_on_the_page(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAGUARDA_DATA", str(data))
    office = Office(data)

    def kept() -> list[Annotation]:
        return annotations.listed(office, "days_to_pay")

    app = visit(data, "kpi", kpi="days_to_pay", period="2026-09-07")
    press(app, "Salvar")
    assert [error.value for error in app.error] == ["Escreva a causa em pelo menos um idioma."]
    app.text_input(key="annotation_new_pt_BR").set_value("=1+1 <b>Greve</b> [x](http://x)")
    press(app, "Salvar")
    assert [error.value for error in app.error] == ["Diga quem você é: outros vão querer perguntar."]
    author = next(field for field in app.text_input if field.label == "Seu nome")
    author.set_value("Ana")
    press(app, "Salvar")
    assert [(one.note.text_pt_br, one.author, one.note.first_day) for one in kept()] == [
        ("=1+1 <b>Greve</b> [x](http://x)", "Ana", date(2026, 9, 7))
    ]
    assert "<b>" not in " ".join(words_in_chart(app)), "markup of people is text"

    identifier = kept()[0].annotation_id
    app.button(key=f"edit_{identifier}").click().run()
    app.text_input(key=f"annotation_{identifier}_en").set_value("Strike")
    press(app, "Salvar")
    assert [(one.note.text_en, one.edited_by) for one in kept()] == [("Strike", "Ana")]

    app.button(key=f"edit_{identifier}").click().run()
    press(app, "Excluir")
    assert kept() == []
    assert "Greve" not in " ".join(words_in_chart(app))

"""What comes out of the printer: the page's content on white paper, nothing to press, no chart cut."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from tests.browser.conftest import OpenPage

# Every chart lies within the paper, and is drawn whole: what it draws is scaled with it.
CUT = """() => [...document.querySelectorAll('.js-plotly-plot .svg-container')].filter((frame) => {
    const drawing = frame.querySelector('.main-svg').getBoundingClientRect(), place = frame.getBoundingClientRect();
    const [, , width] = (frame.querySelector('.main-svg').getAttribute('viewBox') || '').split(' ').map(Number);
    return !width || place.right > window.innerWidth + 1 || drawing.width > place.width + 1;
}).length"""
INK = "() => getComputedStyle(document.querySelector('[data-testid=stMain] h1')).color"


@pytest.mark.parametrize(
    ("path", "title"),
    [("/", "Painel"), ("/payables?unit=SUL", "Contas a pagar"), ("/kpi?kpi=days_to_pay", "Prazo de pagamento")],
)
def test_a_page_on_paper(open_page: OpenPage, path: str, title: str) -> None:
    page = open_page(path)
    paper = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True, print_background=True)))
    words = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    assert title in words
    assert re.search(r"dados até \d\d/\d\d/\d{4}, publicado", words), "when the figures were made"
    assert page.url.split("?")[0].rstrip("/") in words.replace(" ", ""), "where they can be seen"
    for pressed in ("English", "Explorar", "Baixar CSV"):
        assert pressed not in words, "menus and buttons stay on the screen"
    assert 1 <= len(paper.pages) <= 6
    assert page.locator(".printed").count() == 0, "afterwards the screen is as it was"


def test_charts_read_on_a_dark_phone_are_whole_and_dark_on_white(open_page: OpenPage) -> None:
    page = open_page("/kpi?kpi=days_to_pay", width=390, dark=True)
    page.wait_for_selector(".js-plotly-plot .main-svg", timeout=60_000)
    before = page.evaluate(INK)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate(CUT) == 0
    assert page.evaluate(INK) == "rgb(17, 17, 17)"
    ground = "() => getComputedStyle(document.querySelector('[data-testid=stMain]')).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    hidden = "() => getComputedStyle(document.querySelector('[data-testid=stSidebar]')).display"
    assert page.locator("[data-testid=stSidebar]").count() == 0 or page.evaluate(hidden) == "none"
    page.emulate_media(media="screen")
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(INK) == before
    assert page.locator("[data-printed-chart], [data-printed-colour]").count() == 0

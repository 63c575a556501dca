"""The mail in a browser, as mail readers show it: narrow and wide, light and dark, nothing fetched, readable by everybody."""

from __future__ import annotations

import base64
from contextvars import copy_context
from functools import lru_cache
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser

from dashboard.published import current
from dashboard.reports.content import Readers
from dashboard.reports.letter import Letter
from dashboard.reports.links import Links
from dashboard.reports.pack import content_of, latest_week
from dashboard.reports.pack_letter import pack_letter
from tests.browser.conftest import picture

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@lru_cache
def letter(data: Path, language: str) -> Letter:
    return copy_context().run(_letter, data, language)


def _letter(data: Path, language: str) -> Letter:
    publication = current(data)
    start = latest_week(publication)
    assert start is not None
    return pack_letter(content_of(publication, data, start, Readers("board", language)), Links(None, language))


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("pt_BR", 600, "light"), ("en", 390, "dark"), ("en", 600, "dark"), ("pt_BR", 320, "light")],
)
def test_the_mail_is_readable(demo_data: Path, browser: Browser, language: str, width: int, scheme: str) -> None:
    made = letter(demo_data, language)
    page_text = made.html
    for inside in made.pictures:
        data = base64.b64encode(inside.content).decode()
        page_text = page_text.replace(f"cid:{inside.identifier}", f"data:image/png;base64,{data}")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # pyright: ignore
    asked: list[str] = []
    try:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(page_text, wait_until="load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
        assert [url for url in asked if not url.startswith("data:")] == []
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)["violations"]
        picture(page, f"mail_{language}_{width}_{scheme}")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    finally:
        context.close()

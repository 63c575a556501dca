"""Every page and every view, opened once on a desk in Portuguese and once on a dark phone in English.

What is met on the way is kept, and judged by tests of its own: exceptions, width, accessibility (axe-core), language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
import duckdb
import pytest
from babel.dates import get_month_names
from playwright.sync_api import Browser, Page

from dashboard import language
from dashboard.navigation import ENTRIES
from tests.browser.conftest import picture, settled, too_wide

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = ("serious", "critical")
PATHS = [
    *("/" if entry is ENTRIES[0] else f"/{entry.name}" for entry in ENTRIES if entry.name not in ("kpi", "data")),
    "/kpi?kpi=days_to_pay",
    "/definitions?kpi=days_to_pay",
    "/definitions?view=glossary",
    "/kpi?kpi=nps&grain=month",
    *(f"/data?view={view}" for view in ("sources", "quarantine", "tests", "lineage", "dictionary", "upload")),
]
# Accessible names that Streamlit gives to parts of its own; it has no translation of them.
OF_STREAMLIT = re.compile(
    r"Page \d+|Choose an option|Open|Close|close|cancel|Previous page|Next page|Copy to clipboard|Choose date|table|Clear all"
    r"|(day|month|year), .*|Help for .*|\w+ icon"
)
# What identifies a publication, a table or a column, and what a chart fills in.
IDENTIFIER = re.compile(r"%\{[^}]*\}|<[^>]*>|\w+-?\d{8}T\w+(-\w+)?")
# English words that a Portuguese page may show: the button to the other language, a category of the sample company.
LOAN_WORDS = frozenset({"english", "service"})

TEXTS = """() => {
    const found = [], skipped = 'style, script, pre, code, textarea, [data-testid=stDataFrame], [data-testid=stIconMaterial],'
        + '[data-testid=stExpanderIcon], [role=img][translate=no]';
    const walk = (node) => {
        if (node.nodeType === Node.TEXT_NODE) { if (node.data.trim()) found.push(node.data.trim()); return; }
        if (node.nodeType === Node.ELEMENT_NODE) {
            if (node.matches(skipped)) return;
            for (const name of ['aria-label', 'alt', 'title', 'placeholder'])
                if (node.getAttribute(name)) found.push(node.getAttribute(name));
            if (node.matches('.js-plotly-plot')) found.push(...strings({data: node.data, layout: node.layout}));
        }
        if (node.shadowRoot) walk(node.shadowRoot);
        node.childNodes.forEach(walk);
    };
    const told = new Set(['text', 'hovertemplate', 'hovertext', 'ticktext', 'title', 'name', 'customdata', 'separators']);
    const strings = (value, key = '') => {
        if (typeof value === 'string') return told.has(key) ? [value] : [];
        if (Array.isArray(value)) return value.flatMap((one) => strings(one, key));
        if (value && typeof value === 'object') return Object.entries(value).flatMap(([name, one]) => strings(one, name));
        return [];
    };
    walk(document.querySelector('[data-testid=stMain]'));
    const menu = document.querySelector('[data-testid=stSidebar]');
    if (menu) walk(menu);
    return found;
}"""


@dataclass(frozen=True)
class Seen:
    """What was met on one page."""

    path: str
    exceptions: int
    pixels_too_wide: int
    findings: list[dict[str, Any]]
    texts: list[str]
    language: str


def look(page: Page, path: str) -> Seen:
    page.goto(path)
    settled(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], "runOnly": RULES}
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return Seen(
        path,
        page.get_by_test_id("stException").count(),
        too_wide(page),
        found,
        page.evaluate(TEXTS),
        page.evaluate("document.documentElement.lang"),
    )


def walk(browser: Browser, address: str, name: str, **settings: Any) -> list[Seen]:
    """Every page, in one browser context; an error in the browser itself fails the walk."""
    context = browser.new_context(base_url=address, **settings)
    errors: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        seen = []
        for path in PATHS:
            seen.append(look(page, path))
            picture(page, f"every{path.replace('/', '_')}_{name}")
    finally:
        context.close()
    assert not errors, errors
    return seen


@pytest.fixture(scope="module", params=["desk", "phone"])
def seen(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[list[Seen]]:
    if request.param == "desk":
        yield walk(
            browser, address, "desk", locale="pt-BR", color_scheme="light", viewport={"width": 1440, "height": 900}
        )
    else:
        yield walk(
            browser, address, "phone", locale="en-US", color_scheme="dark", viewport={"width": 390, "height": 844}
        )


WORD = re.compile(r"(?<!\w)[^\W\d_]{3,}(?!\w)")


def words_of(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in WORD.findall(re.sub(r"\{[^}]*\}", " ", text).lower())}


def english_words() -> set[str]:
    """Words of the source texts that no Portuguese text holds, and names of months and weekdays."""
    calendar = {"feb", "apr", "may", "aug", "sep", "dec", "mon", "tue", "wed", "thu", "fri"}
    months = words_of(get_month_names("abbreviated", locale="pt_BR").values())
    translated = language.messages("pt_BR")
    return (words_of(translated) | calendar) - words_of(translated.values()) - months - LOAN_WORDS


def written_in_english(published: Path) -> set[str]:
    """Texts shown as they are in either language: authorities, descriptions of tables, messages of data tests."""
    asked = """
        select authority from kpi.catalogue union select description from meta.columns
        union select description from meta.export_columns union select description from meta.lineage_nodes
        union select message from meta.test_results union select comment from duckdb_tables()
        union select "column" from meta.columns
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        return {" ".join(text.split()) for (text,) in connection.execute(asked).fetchall() if text}


def test_pages_open_and_fit(seen: list[Seen]) -> None:
    assert [one.path for one in seen if one.exceptions] == []
    assert [(one.path, one.pixels_too_wide) for one in seen if one.pixels_too_wide > 0] == []


def test_pages_say_their_language_to_screen_readers(seen: list[Seen], request: pytest.FixtureRequest) -> None:
    assert {one.language for one in seen} == {"pt-BR" if request.node.callspec.params["seen"] == "desk" else "en"}


def test_nothing_serious_is_inaccessible(seen: list[Seen]) -> None:
    serious = [
        f"{one.path}: {finding['id']} ({finding['impact']}): {json.dumps(node['target'])} {node['html'][:200]} "
        f"{'; '.join(check['message'] for check in node['any'][:1])}"
        for one in seen
        for finding in one.findings
        if finding["impact"] in SERIOUS
        for node in finding["nodes"]
    ]
    assert serious == []


def test_portuguese_pages_hold_no_english(
    seen: list[Seen], published_copy: Path, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["seen"] != "desk":
        pytest.skip("the phone reads English")
    english = english_words()
    assert {"overview", "week", "worse"} <= english
    as_they_are = written_in_english(published_copy)
    long = "\n".join(as_they_are)
    leaks = []
    for one in seen:
        for text in dict.fromkeys(" ".join(text.split()) for text in one.texts):
            # A long text may be shown in pieces, around a link or a line break.
            if text in as_they_are or (len(text) > 20 and text in long) or OF_STREAMLIT.fullmatch(text):
                continue
            found = english & set(WORD.findall(IDENTIFIER.sub(" ", text).lower()))
            if found:
                leaks.append(f"{one.path}: {sorted(found)} in {text[:120]!r}")
    assert leaks == []

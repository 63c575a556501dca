"""Every page and every view, on a desk in Portuguese or on a dark phone in English.

What is met on the way is kept, and judged by tests of its own: exceptions, width, accessibility (axe-core), language. The
phone shows a company of hostile names: markup, links, formulas, very long ones, and such as are read from right to left.
Where other tests read the Markdown that is sent, this one looks at what a browser made of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
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
from tests.browser.conftest import picture, serving, settled, too_wide
from tests.browser.hostile_company import MARK, hostile_company

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LENGTHY = pytest.mark.lengthy
SERIOUS = ("serious", "critical")
PATHS = [
    *(
        "/" if entry is ENTRIES[0] else f"/{entry.name}"
        for entry in ENTRIES
        if entry.name not in ("kpi", "data", "explore")
    ),
    "/kpi?kpi=days_to_pay",
    "/definitions?kpi=days_to_pay",
    "/definitions?view=glossary",
    "/kpi?kpi=paid_late&grain=month&split=category&unit=SUL",
    "/explore?kpi=days_to_pay&by=category&grain=month",
    *(f"/data?view={view}" for view in ("sources", "quarantine", "tests", "runs", "lineage", "dictionary", "upload")),
    "/weekly?view=restated&tolerance=0",
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
            // Names of tables may break at an underscore: they are one word all the same.
            if (node.matches('.lineage a')) { found.push(node.textContent); return; }
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

# What the browser made of hostile names: markup, links, formulas, colours. Empty if all of it is text.
MADE = """() => {
    const found = [];
    const walk = (node) => {
        if (node.nodeType === Node.ELEMENT_NODE) {
            const text = (node.textContent || '').trim(), link = node.getAttribute('href') || node.getAttribute('xlink:href') || '';
            if (link && new URL(link, location).hostname.endsWith('example.org')) found.push('link ' + link);
            if (node.matches('img') && (node.getAttribute('src') || '') === 'x') found.push('picture');
            if (node.matches('script') && text.startsWith('alert(')) found.push('script');
            if (node.matches('.katex')) found.push('formula');
            if (text === 'gordo' || text === 'alvo') found.push(node.tagName + ' ' + text);
        }
        if (node.shadowRoot) walk(node.shadowRoot);
        node.childNodes.forEach(walk);
    };
    walk(document.body);
    return found;
}"""
SHOWN = """(mark) => {
    const texts = (node) => node.nodeType === Node.TEXT_NODE ? node.data
        : (node.shadowRoot ? texts(node.shadowRoot) : '') + [...node.childNodes].map(texts).join('');
    return texts(document.querySelector('[data-testid=stMain]')).split(mark).length - 1;
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
    made_of_names: list[str]
    hostile_names: int


def look(page: Page, path: str) -> Seen:
    page.goto(path)
    settled(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], "runOnly": RULES}
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return Seen(
        path=path,
        exceptions=page.get_by_test_id("stException").count(),
        pixels_too_wide=too_wide(page),
        findings=found,
        texts=page.evaluate(TEXTS),
        language=page.evaluate("document.documentElement.lang"),
        made_of_names=page.evaluate(MADE),
        hostile_names=page.evaluate(SHOWN, MARK),
    )


def walk(browser: Browser, address: str, paths: Sequence[str], name: str, **settings: Any) -> list[Seen]:
    """Open pages in one browser context; an error in the browser itself fails the walk."""
    context = browser.new_context(base_url=address, **settings)
    errors: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: (errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        seen = []
        for path in paths:
            seen.append(look(page, path))
            picture(page, f"every{path.replace('/', '_')}_{name}")
    finally:
        context.close()
    assert not errors, errors
    return seen


# In daily use each page is opened once, these twice; `make test-lengthy` opens every page on both.
ON_BOTH = ("/", "/kpi?kpi=days_to_pay")
OTHERS = [path for path in PATHS if path not in ON_BOTH]


@pytest.fixture(
    scope="module",
    params=["desk", "phone", pytest.param("whole desk", marks=LENGTHY), pytest.param("whole phone", marks=LENGTHY)],
)
def seen(
    request: pytest.FixtureRequest, browser: Browser, demo_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Seen]]:
    paths = PATHS if "whole" in request.param else [*ON_BOTH, *OTHERS["phone" in request.param :: 2]]
    if "desk" in request.param:
        size = {"width": 1440, "height": 900}
        address = request.getfixturevalue("address")
        yield walk(browser, address, paths, "desk", locale="pt-BR", color_scheme="light", viewport=size)
    else:
        data = tmp_path_factory.mktemp("hostile")
        hostile_company(demo_data, data)
        size = {"width": 390, "height": 844}
        with serving(data) as address:
            yield walk(browser, address, paths, "phone", locale="en-US", color_scheme="dark", viewport=size)


def is_desk(request: pytest.FixtureRequest) -> bool:
    return "desk" in request.node.callspec.params["seen"]


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
    assert {one.language for one in seen} == {"pt-BR" if is_desk(request) else "en"}


def test_hostile_names_are_text(seen: list[Seen], request: pytest.FixtureRequest) -> None:
    if is_desk(request):
        pytest.skip("the desk shows the sample as it is")
    assert {one.path: one.made_of_names for one in seen if one.made_of_names} == {}
    # The company's name alone is on every page.
    reached = [one.path for one in seen if one.hostile_names > 1]
    assert len(reached) > len(seen) / 2, reached


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
    if not is_desk(request):
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

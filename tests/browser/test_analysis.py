"""The analyst's path, in a real browser: Explore → SQL → save → link; cancel; an annotation on the KPI page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import picture, serving, settled

SLOW = 60_000


@pytest.fixture(scope="module")
def own_address(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with an office of its own to write in."""
    data = tmp_path_factory.mktemp("analysis")
    shutil.copytree(demo_data / "serving", data / "serving", copy_function=shutil.copy)
    with serving(data) as base:
        yield base


@pytest.fixture
def context(browser: Browser, own_address: str) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=own_address, viewport={"width": 1440, "height": 900}, locale="pt-BR")
    yield made
    made.close()


def opened(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if "127.0.0.1" not in request.url else None)
    page.goto(path)
    settled(page)
    assert [url for url in foreign if url.startswith("http")] == [], "nothing is fetched from other servers"
    return page


def test_from_explore_to_a_shared_query(context: BrowserContext, browser: Browser, own_address: str) -> None:
    page = opened(context, "/explore?kpi=days_to_pay&by=business_unit&grain=month")
    page.get_by_test_id("stMain").get_by_role("button", name="Copiar como SQL").click()
    page.get_by_role("link", name="Abrir na página SQL").click()
    page.wait_for_url(re.compile("/sql"), timeout=SLOW)
    answer = page.get_by_test_id("stMain").get_by_test_id("stDataFrame")
    expect(answer).to_be_visible(timeout=SLOW)
    editor = page.get_by_role("textbox", name="Comando SQL")
    assert "from kpi.kpi_values" in editor.input_value()

    editor.fill("")
    editor.type("select count(*) as kpis from kpi.cata", delay=15)
    expect(page.get_by_role("option", name=re.compile("catalogue"))).to_be_visible()
    editor.press("Tab")
    assert editor.input_value().endswith("from kpi.catalogue")
    editor.press("Control+Enter")
    expect(page.get_by_text("1 linha").first).to_be_visible(timeout=SLOW)

    page.get_by_test_id("stMain").get_by_role("button", name="Salvar").first.click()
    page.get_by_label("Nome", exact=True).fill("Quantos indicadores")
    page.get_by_label("Seu nome").fill("Ana Souza")
    page.get_by_role("button", name="Salvar como nova").click()
    page.wait_for_url(re.compile("query="), timeout=SLOW)
    settled(page)
    picture(page, "sql_saved")

    # Somebody else, with the link: the query and its answer, but not Ana's history.
    other = browser.new_context(base_url=own_address, locale="en-US")
    theirs = opened(other, page.url)
    expect(theirs.get_by_text("1 row").first).to_be_visible(timeout=SLOW)
    expect(theirs.get_by_text("by Ana Souza")).to_be_visible()
    theirs.get_by_role("tab", name="History").click()
    theirs_alone = theirs.get_by_role("tabpanel", name="History").get_by_role("button", name="Open", exact=True)
    expect(theirs_alone).to_have_count(1)
    other.close()

    # Ana's own history is there after a reload: the statement that came from Explore, whether or not it was waited for.
    page.reload()
    settled(page)
    expect(page.get_by_text("1 linha").first).to_be_visible(timeout=SLOW)
    settled(page)
    page.get_by_role("tab", name="Histórico").click()
    own = page.get_by_role("tabpanel", name="Histórico").get_by_role("button", name="Abrir", exact=True)
    expect(own.nth(1)).to_be_visible(timeout=SLOW)


def test_a_heavy_statement_is_cancelled_and_pages_go_on(context: BrowserContext) -> None:
    page = opened(context, "/sql")
    page.get_by_role("textbox", name="Comando SQL").fill("select count(*) from range(10000000) a, range(10000000) b")
    page.get_by_role("button", name="Executar").click()
    cancel = page.get_by_role("button", name="Cancelar", exact=True)
    expect(cancel).to_be_visible(timeout=SLOW)
    elsewhere = opened(context, "/payables")
    expect(elsewhere.get_by_role("heading", name="Contas a pagar").first).to_be_visible()
    cancel.click()
    expect(page.get_by_text("Cancelado.")).to_be_visible(timeout=SLOW)

    # Another statement in the place of one that still runs: that one was asked too, and is in the history.
    page.get_by_role("textbox", name="Comando SQL").fill("select count(*) from range(10000000) c, range(10000000) d")
    page.get_by_role("button", name="Executar").click()
    expect(cancel).to_be_visible(timeout=SLOW)
    page.get_by_role("textbox", name="Comando SQL").fill("select 1 as um")
    page.get_by_role("button", name="Executar").click()
    expect(page.get_by_text("1 linha").first).to_be_visible(timeout=SLOW)
    settled(page)
    page.get_by_role("tab", name="Histórico").click()
    past = page.get_by_role("tabpanel", name="Histórico")
    expect(past.get_by_text("cancelado")).to_have_count(2)


def test_an_annotation_written_on_the_page_is_on_the_chart(context: BrowserContext) -> None:
    page = opened(context, "/kpi?kpi=days_to_pay&period=2026-09-07")
    page.get_by_text("Anotar neste indicador").click()
    page.get_by_label("Causa, em português").fill("Greve dos transportadores")
    page.get_by_label("Seu nome").fill("Ana Souza")
    page.get_by_role("button", name="Salvar", exact=True).click()
    main = page.get_by_test_id("stMain")
    expect(main.locator(".js-plotly-plot .annotation-text", has_text="Greve dos").first).to_be_visible(timeout=SLOW)
    expect(main.get_by_text("Ana Souza")).to_be_visible()
    picture(page, "kpi_annotated")

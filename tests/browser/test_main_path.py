"""The path of an executive, in a real browser: overview → area → KPI → record; language; deep links; the phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, settled

PAGES = ["/", "/customers", "/strategy", "/investments", "/payables", "/accounting", "/support", "/data",
         "/kpi?kpi=days_to_pay"]  # fmt: skip


def test_from_the_overview_down_to_the_line_of_the_file(open_page: OpenPage) -> None:
    page = open_page("/")
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("heading", name="Painel")).to_be_visible()
    expect(main.get_by_text("O que mudou nesta semana")).to_be_visible()

    page.get_by_test_id("stSidebar").get_by_role("link", name="Contas a pagar").click()
    settled(page)
    expect(main.get_by_role("heading", name="Contas a pagar").first).to_be_visible()

    main.get_by_role("link", name="Prazo de pagamento").first.click()
    settled(page)
    expect(main.get_by_role("heading", name="Prazo de pagamento").first).to_be_visible()
    assert "kpi=days_to_pay" in page.url
    expect(main.get_by_role("heading", name="Por que mudou?")).to_be_visible()

    records = main.get_by_role("grid").last
    records.scroll_into_view_if_needed()
    # The grid is drawn on a canvas; its accessible copy holds the cells.
    header = records.locator("[role=columnheader]").all_inner_texts()
    assert {"Arquivo", "Linha"} <= set(header), header
    cells = records.locator("[role=gridcell]").all_inner_texts()
    assert any(re.fullmatch(r".+\.(csv|xlsx)", cell) for cell in cells), cells[:30]


def test_language_changes_and_stays_in_the_address(open_page: OpenPage) -> None:
    page = open_page("/payables?unit=SUL")
    page.get_by_role("button", name="English").click()
    settled(page)
    expect(page.get_by_role("heading", name="Payables").first).to_be_visible()
    assert "lang=en" in page.url
    assert "unit=SUL" in page.url
    page.get_by_test_id("stSidebar").get_by_role("link", name="Overview").click()
    settled(page)
    assert "lang=en" in page.url
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def test_a_deep_link_survives_a_reload(open_page: OpenPage) -> None:
    page = open_page("/kpi?kpi=days_to_pay&grain=month&unit=SUL", locale="en-US")
    before = page.get_by_test_id("stMain").inner_text()
    assert "Days to pay" in before
    assert "Unidade Sul" in before
    page.reload()
    settled(page)
    assert page.get_by_test_id("stMain").inner_text() == before
    assert "grain=month" in page.url


def test_the_back_button_returns_to_the_view_before(open_page: OpenPage) -> None:
    page = open_page("/payables?unit=SUL")
    page.get_by_test_id("stMain").get_by_role("link", name="Prazo de pagamento").first.click()
    settled(page)
    page.go_back()
    settled(page)
    expect(page.get_by_role("heading", name="Contas a pagar").first).to_be_visible()
    assert "unit=SUL" in page.url


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scroll(open_page: OpenPage, path: str) -> None:
    page = open_page(path, width=390)
    too_wide = page.evaluate(
        """() => { const main = document.querySelector('[data-testid=stMain]');
                   return Math.max(main.scrollWidth - main.clientWidth,
                                   document.documentElement.scrollWidth - window.innerWidth); }"""
    )
    assert too_wide <= 0


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["pt-BR", "en-US"])
def test_no_page_fails(open_page: OpenPage, path: str, locale: str) -> None:
    page = open_page(path, locale=locale, dark=locale == "en-US")
    assert page.locator("[data-testid=stException]").count() == 0
    expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()


def test_many_first_visits_at_once(open_page: OpenPage, address: str) -> None:
    pages = [open_page("/payables") for _ in range(4)]
    for page in pages:
        assert page.locator("[data-testid=stException]").count() == 0

"""The path of an executive, in a real browser: overview → area → KPI → record; language; deep links; the phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, picture, settled, too_wide

# Every page is opened in `test_every_page.py`: here in the other pairs of language, width and colours.
PAGES = ["/", "/payables", "/strategy", "/data", "/kpi?kpi=days_to_pay"]


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

    records = main.get_by_test_id("stDataFrame").last
    records.scroll_into_view_if_needed()
    records.hover()
    assert records.get_by_role("button", name="Search").count() == 1
    assert records.get_by_role("button", name="Download").count() == 0, "this one would not make formulas harmless"
    # The grid is drawn on a canvas; its accessible copy holds the columns in sight.
    header = records.locator("[role=columnheader]")
    expect(header.first).to_have_text("Arquivo")
    expect(header.nth(1)).to_have_text("Linha")
    cells = records.locator("[role=gridcell]").all_text_contents()
    rows = [cells[at : at + header.count()] for at in range(0, len(cells), header.count())]
    assert rows
    for file, line, *_figures in rows:
        assert re.fullmatch(r".+\.(csv|xlsx)", file), file
        assert int(line) > 1


def test_the_scorecard_leads_on_without_loading_the_dashboard_anew(open_page: OpenPage) -> None:
    page = open_page("/")
    rows = page.locator("tr.kpi")
    expect(rows.first).to_be_visible()
    every = rows.count()
    page.evaluate("window.isSameDocument = true")

    page.get_by_role("radio", name="Com sinal").click()
    expect(rows).not_to_have_count(every)
    page.wait_for_url("**/?show=signals")
    shown = rows.count()
    assert 0 < shown < every
    page.get_by_text(re.compile(r"^mais \d+ sinais$")).click()
    expect(page.locator("details li").first).to_be_visible()
    page.locator("nav a").last.click()
    expect(page.locator("tr.area").last).to_be_in_viewport()

    page.locator("tr.kpi th > a", has_text="Prazo de pagamento").click()
    page.wait_for_url("**/kpi?kpi=days_to_pay")
    expect(page.get_by_role("heading", name="Prazo de pagamento").first).to_be_visible()
    page.get_by_role("link", name="Mercadorias").click()
    page.wait_for_url(re.compile(r"by=category&member=Mercadorias|member=Mercadorias&by=category"))
    expect(page.get_by_text("mostrar tudo")).to_be_visible()
    page.go_back()
    page.go_back()
    page.wait_for_url("**/?show=signals")
    expect(rows).to_have_count(shown)

    page.get_by_role("link", name=re.compile("^Definição de")).first.click()
    page.wait_for_url("**/definitions?kpi=*")
    expect(page.get_by_role("heading", name="Versões")).to_be_visible()
    assert page.evaluate("window.isSameDocument")


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


@pytest.mark.parametrize(
    ("locale", "width", "dark"),
    [("en-US", 1440, True), pytest.param("pt-BR", 390, False, marks=pytest.mark.lengthy)],
    ids=["desk-english-dark", "phone"],
)
def test_main_pages_open_and_fit(open_page: OpenPage, locale: str, width: int, dark: bool) -> None:
    page = open_page(PAGES[0], locale=locale, width=width, dark=dark)
    for path in PAGES:
        if path != PAGES[0]:
            page.goto(path)
            settled(page)
        assert page.get_by_test_id("stException").count() == 0, path
        assert too_wide(page) <= 0, path
        expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
        picture(page, f"{path.strip('/').split('?')[0] or 'overview'}_{locale}_{width}_{'dark' if dark else 'light'}")

"""A connection that breaks, and a server that dies and comes back, take nothing from a reader: not the view, not what is
half written.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from tests.browser.conftest import free_port, serving, settled

PATIENT = 90_000  # milliseconds: the browser tries again at longer and longer intervals
STATEMENT, WORDS = "select count(*) as ainda_nao_salvo from kpi.catalogue", "Greve, ainda por confirmar"


def choose_grain(page: Page, word: str, part: str) -> None:
    """Choose a grain and wait until the address says so; one click is enough, whoever the server is by now."""
    page.get_by_test_id("stMain").get_by_role("radio", name=word, exact=True).first.click(timeout=PATIENT)
    page.wait_for_function("(part) => location.search.includes(part)", arg=part, timeout=PATIENT)
    settled(page)


def half_written(context: BrowserContext) -> tuple[Page, Page]:
    """An analyst's page with a statement that was not run, and an executive's with an annotation that was not saved."""
    analyst, executive = context.new_page(), context.new_page()
    analyst.goto("/sql?sql=select+1&timeout=60")
    settled(analyst)
    analyst.get_by_role("textbox", name="Comando SQL").fill(STATEMENT)
    executive.goto("/kpi?kpi=days_to_pay&unit=SUL&grain=month")
    settled(executive)
    executive.get_by_text("Anotar neste indicador").click()
    executive.get_by_label("Causa, em português").fill(WORDS)
    analyst.wait_for_timeout(800)
    return analyst, executive


def test_a_lost_connection_loses_nothing(browser: Browser, address: str) -> None:
    lines: list[WebSocketRoute] = []

    def held(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    context = browser.new_context(base_url=address, locale="pt-BR", viewport={"width": 1440, "height": 900})
    context.route_web_socket("**/_stcore/stream", held)
    try:
        analyst, executive = half_written(context)
        count = len(lines)
        for line in tuple(lines):
            line.close(code=1011, reason="lost")
        for _second in range(90):
            if len(lines) >= count + 2:
                break
            executive.wait_for_timeout(1000)
        assert len(lines) >= count + 2, "both pages connect again"
        choose_grain(executive, "Trimestre", "grain=quarter")
        choose_grain(executive, "Mês", "grain=month")
        assert "unit=SUL" in executive.url
        expect(executive.get_by_label("Causa, em português")).to_have_value(WORDS)
        editor = analyst.get_by_role("textbox", name="Comando SQL")
        expect(editor).to_have_value(STATEMENT)
        # A reload gives back what is written as well.
        analyst.reload()
        settled(analyst)
        expect(editor).to_have_value(STATEMENT, timeout=PATIENT)
    finally:
        context.close()


@pytest.mark.lengthy
def test_a_server_started_anew_loses_nothing(browser: Browser, demo_data: Path, tmp_path: Path) -> None:
    shutil.copytree(demo_data / "serving", tmp_path / "serving")
    port = free_port()
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{port}", locale="pt-BR", viewport={"width": 1440, "height": 900}
    )
    try:
        with serving(tmp_path, port):
            analyst, executive = half_written(context)
            figure = executive.get_by_test_id("stMetricValue").first
            told = figure.inner_text()
        with serving(tmp_path, port):
            choose_grain(executive, "Trimestre", "grain=quarter")
            choose_grain(executive, "Mês", "grain=month")
            assert "unit=SUL" in executive.url
            expect(figure).to_have_text(told, timeout=PATIENT)
            expect(executive.get_by_label("Causa, em português")).to_have_value(WORDS)
            editor = analyst.get_by_role("textbox", name="Comando SQL")
            expect(editor).to_have_value(STATEMENT)
            analyst.get_by_role("button", name="Executar").click(timeout=PATIENT)
            expect(analyst.get_by_test_id("stMain").get_by_text("1 linha").first).to_be_visible(timeout=PATIENT)
            # Written while it runs or after it, and the page loaded anew when the address has the statement that was run.
            editor.fill(STATEMENT + " where headline")
            analyst.wait_for_url(re.compile("ainda_nao_salvo"), timeout=PATIENT)
            assert "timeout=60" in analyst.url
            analyst.wait_for_timeout(800)
            analyst.reload()
            settled(analyst)
            expect(editor).to_have_value(STATEMENT + " where headline", timeout=PATIENT)
    finally:
        context.close()

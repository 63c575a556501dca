"""What is empty, stale, partial, too few or failed looks like what it is: one server, looked at before and after."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from dashboard import language, vocabulary
from dashboard.published import current_path
from tests.browser.conftest import picture, serving, settled, too_wide
from tests.dashboard.test_states import STATES_OF, change, put_into_every_state

COLOURS = "(cell) => [...cell.querySelectorAll('.note, .gray')].map((one) => getComputedStyle(one).color)"
GREY = "rgb(93, 104, 117)"  # the theme's, on light ground


def seen(page: Page, address: str, name: str) -> None:
    page.goto(address)
    settled(page)
    assert page.get_by_test_id("stException").count() == 0
    assert too_wide(page) <= 0
    picture(page, f"states_{name}")


def test_every_state_is_seen(browser: Browser, demo_data: Path, tmp_path: Path) -> None:
    language.activate("pt_BR")
    serving_folder = tmp_path / "serving"
    serving_folder.mkdir()
    with serving(tmp_path) as address:
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="pt-BR")
        page = context.new_page()
        main = page.get_by_test_id("stMain")
        for path in ("/", "/kpi?kpi=days_to_pay"):
            seen(page, path, f"empty{path.strip('/').split('?')[0]}")
            expect(main.get_by_role("heading", name="Nada foi publicado ainda")).to_be_visible()
            expect(main).to_contain_text("retaguarda refresh")

        source = current_path(demo_data)
        shutil.copyfile(source, serving_folder / source.name)
        (serving_folder / "current").write_text(source.name)
        put_into_every_state(tmp_path)
        change(
            tmp_path,
            "update meta.source_freshness set state = 'stale', days_since = 12 where table_name = 'bank_transactions'",
        )
        failed = {"state": "failed", "finished_at": "2026-11-22T03:01:00", "reason": "2 testes", "failed_tests": ["a"]}
        (serving_folder / "last_build.json").write_text(json.dumps(failed))

        seen(page, "/", "overview")
        expect(main).to_contain_text("A última atualização falhou")
        no_target = page.locator("tr.kpi", has=page.locator('a[href*="kpi=stockout_rate"]')).locator("td.target")
        expect(no_target).to_have_text("sem meta")
        for kpi, state in STATES_OF.items():
            cell = page.locator("tr.kpi", has=page.locator(f'a[href*="kpi={kpi}"]')).locator("td.value").first
            expect(cell).to_contain_text("–")
            expect(cell).to_contain_text(vocabulary.state(state))
            assert set(cell.evaluate(COLOURS)) == {GREY}, kpi
            # The icon is there, in the font of the icons: it would be as wide as its name without it.
            assert (cell.locator(".icon").bounding_box() or {})["width"] < 20
        late = page.locator("tr.kpi", has=page.locator('a[href*="kpi=operating_cash_flow"]')).locator("td.data")
        expect(late).to_contain_text("carga há 12")
        warned = page.locator("tr.kpi", has=page.locator('a[href*="kpi=journal_error_rate"]')).locator("td.value")
        expect(warned).to_contain_text(vocabulary.state("data_warning"))

        page.get_by_role("button", name="Legenda").click()
        expect(page.get_by_text("Menos registros que o mínimo deste indicador")).to_be_visible()
        picture(page, "states_legend")

        seen(page, "/kpi?kpi=nps&period=2026-11-09", "too_few")
        expect(main).to_contain_text(vocabulary.state("too_few"))
        seen(page, "/kpi?kpi=days_to_pay&period=2026-11-16", "partial_week")
        expect(main).to_contain_text(vocabulary.state("provisional"))
        expect(main).to_contain_text("Ante os mesmos dias")

        page.set_viewport_size({"width": 390, "height": 844})
        seen(page, "/", "overview_phone")
        expect(page.locator("tr.kpi td.data:visible").first).to_contain_text("carga há 12")
        context.close()

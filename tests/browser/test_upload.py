"""A file of one's own, in a real browser: uploaded, its proposal completed, previewed, loaded, reported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ingestion.contracts import load_contracts
from ingestion.mapping import load_mapping
from tests.browser.conftest import ROOT, picture, serving, settled

# Days and months up to twelve only: nothing but a person can tell which is which.
TITLES = "Nº do título;Cód. forn.;Parc.;Dt. emissão;Entrada;Dt. venc.;Vlr. original;Sit.\n" + "".join(
    f"{number};F{number % 7};1;0{number % 9 + 1}/02/2026;05/03/2026;1{number % 3}/04/2026;1.2{number},50;Aberto\n"
    for number in range(10, 40)
)


@pytest.fixture
def upload_address(copied_data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("RETAGUARDA_UPLOADS", "on")
    with serving(copied_data) as address:
        yield address


@pytest.mark.parametrize(
    ("width", "dark"), [pytest.param(1440, False, marks=pytest.mark.lengthy), (390, True)], ids=["desk", "phone-dark"]
)
def test_from_the_file_to_the_load_report(
    browser: Browser, upload_address: str, copied_data: Path, tmp_path: Path, width: int, dark: bool
) -> None:
    file = tmp_path / "titulos_2026_07.csv"
    file.write_text(TITLES, encoding="utf-8")
    context = browser.new_context(
        base_url=upload_address, viewport={"width": width, "height": 900}, locale="pt-BR",
        color_scheme="dark" if dark else "light",
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(90_000)
    main = page.get_by_test_id("stMain")
    page.goto("/data?view=upload")
    settled(page)
    page.locator("input[type=file]").set_input_files(str(file))
    expect(main.get_by_role("heading", name="O que aconteceria com ele")).to_be_visible(timeout=90_000)
    settled(page)
    assert "upload=" in page.url, "a reload shows the same file again"
    assert not list((copied_data / "inbox").glob("*.csv")), "nothing is in the inbox before it is loaded"
    expect(main.get_by_text("O que vem primeiro nas datas, o dia ou o mês?").first).to_be_visible()
    expect(main.get_by_role("button", name="Guardar o mapeamento e carregar")).to_have_count(0)

    main.get_by_text("dd/mm/aaaa").click()
    main.get_by_label("Empresa *").fill("01")
    main.get_by_label("Unidade *").fill("MTZ")
    main.get_by_role("button", name="Atualizar a prévia").click()
    expect(main.get_by_role("button", name="Guardar o mapeamento e carregar")).to_be_visible(timeout=90_000)
    settled(page)
    expect(main.get_by_text("30 linhas lidas = 30 carregadas")).to_be_visible()
    picture(page, f"upload_preview_{width}")
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0

    main.get_by_role("button", name="Guardar o mapeamento e carregar").click()
    expect(main.get_by_role("button", name="Atualizar os indicadores agora")).to_be_visible(timeout=90_000)
    settled(page)
    assert page.get_by_test_id("stException").count() == 0
    picture(page, f"upload_done_{width}")
    mapping = load_mapping(copied_data / "mappings" / "titulos.yml", load_contracts(ROOT))
    assert mapping.constants == {"company": "01", "business_unit": "MTZ"}
    assert mapping.matches("titulos_2026_08.csv")
    assert (copied_data / "inbox" / "titulos_2026_07.csv").is_file()
    context.close()

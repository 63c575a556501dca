"""A director's way through a frozen week, in a real browser: read, make and download the pack, see what was restated."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard.published import current
from dashboard.queries.definitions import definitions
from dashboard.queries.snapshots import restatements, snapshots
from kpis.restatements import beyond
from tests.browser.conftest import picture, serving, settled

SLOW = 120_000


@pytest.fixture(scope="module")
def own_data(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to write packs into: all formats but the HTML are kept already, as small files."""
    data = tmp_path_factory.mktemp("weekly")
    for name in ("serving", "snapshots"):
        shutil.copytree(demo_data / name, data / name, copy_function=shutil.copy)
    publication = current(demo_data)
    week = snapshots(publication)[0].week
    folder = data / "reports" / week / "all"
    folder.mkdir(parents=True)
    listed = []
    for ending in ("pdf", "pptx", "xlsx"):
        name = f"retaguarda_{week}_all_pt-BR.{ending}"
        (folder / name).write_bytes(ending.encode())
        listed.append({
            "file": name, "week": week, "audience": "all", "language": "pt_BR", "is_frozen": True, "publication": "p",
            "sha256": hashlib.sha256(ending.encode()).hexdigest(),
        })  # fmt: skip
    (folder / "pack.json").write_text(json.dumps(listed))
    return data


@pytest.fixture(scope="module")
def own_address(own_data: Path) -> Iterator[str]:
    with serving(own_data) as base:
        yield base


def test_a_frozen_week_is_read_downloaded_and_explained(
    browser: Browser, own_address: str, own_data: Path, demo_data: Path
) -> None:
    publication = current(demo_data)
    week = snapshots(publication)[0].week
    context = browser.new_context(base_url=own_address, viewport={"width": 1440, "height": 900}, locale="pt-BR")
    page = context.new_page()
    page.goto("/weekly")
    settled(page)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("íntegra")).to_be_visible(timeout=SLOW)
    expect(main.get_by_role("heading", name="O que mudou nesta semana")).to_be_visible()
    expect(main.get_by_role("button", name="PDF")).to_be_visible()

    main.get_by_role("button", name="Gerar HTML").click()
    expect(main.get_by_role("button", name="Gerar HTML")).to_have_count(0, timeout=SLOW)
    with page.expect_download(timeout=SLOW) as download:
        main.get_by_role("button", name="HTML").click()
    assert download.value.suggested_filename == f"retaguarda_{week}_all_pt-BR.html"
    assert b"Relat\xc3\xb3rio semanal" in Path(download.value.path()).read_bytes()
    assert (own_data / "reports" / week / "all" / download.value.suggested_filename).is_file()

    main.get_by_role("radio", name="Revisto desde então").click()
    page.wait_for_url(re.compile("view=restated"), timeout=SLOW)
    # Links of the view before have the same names, and lead elsewhere.
    expect(main.get_by_role("heading", name="O que mudou nesta semana")).to_have_count(0, timeout=SLOW)
    settled(page)
    found = beyond(restatements(publication, week, "total", "total"), 0.005)
    first = f"{found['kpi'][0]}.{found['grain'][0]}"
    label = definitions(publication, "pt_BR")[found["kpi"][0]].label
    main.get_by_role("link", name=label, exact=True).click()
    page.wait_for_url(re.compile("restated=" + re.escape(first)), timeout=SLOW)
    expect(main.get_by_test_id("stDataFrame").first).to_be_visible(timeout=SLOW)
    settled(page)
    picture(page, "weekly_restated")
    shared = page.url
    page.go_back()
    expect(main.get_by_test_id("stDataFrame")).to_have_count(0, timeout=SLOW)

    # The link alone shows somebody else the same, in their language.
    other = browser.new_context(base_url=own_address, viewport={"width": 390, "height": 844}, locale="en-US")
    theirs = other.new_page()
    theirs.goto(shared)
    settled(theirs)
    expect(theirs.get_by_test_id("stMain").get_by_test_id("stDataFrame").first).to_be_visible(timeout=SLOW)
    theirs.get_by_role("link", name="The KPI's page").click()
    theirs.wait_for_url(re.compile(f"/kpi.*kpi={found['kpi'][0]}"), timeout=SLOW)
    expect(theirs.get_by_role("heading", name="As reported, and as known now")).to_be_visible(timeout=SLOW)
    picture(theirs, "kpi_as_reported_phone")
    other.close()
    context.close()

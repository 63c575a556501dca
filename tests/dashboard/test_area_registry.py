"""Every area has a page; the menu lists those of which something is published."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import language, navigation, vocabulary
from dashboard.navigation import AREA_ICONS, ENTRIES, FOLDER
from dashboard.published import Publication
from dashboard.queries.definitions import definitions
from kpis.definition import AREAS
from tests.dashboard.visiting import APP, lines

LISTED = {entry.name for entry in ENTRIES}


def test_catalogue_vocabulary_and_menu_know_the_same_areas() -> None:
    assert tuple(vocabulary.AREAS) == AREAS == tuple(AREA_ICONS)
    assert set(AREAS) <= LISTED


def test_the_menu_lists_what_is_published(demo_data: Path, publication: Publication) -> None:
    published = {kpi.area for kpi in definitions(publication, "en").values()}
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(demo_data)}):
        app = AppTest.from_file(APP, default_timeout=60)
        app.query_params["lang"] = "en"
        app.run()
    links = {link.proto.page for link in app.sidebar.get("page_link")}
    assert links & set(AREAS) == published


def test_an_area_without_a_file_of_its_own_has_a_page(
    demo_data: Path, publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new area needs no file: several pages may share one, and the address says which one is meant."""
    area = "legal"
    for file in FOLDER.glob("*.py"):
        if file.stem != area:
            shutil.copyfile(file, tmp_path / file.name)
    monkeypatch.setattr(navigation, "FOLDER", tmp_path)
    language.activate("en")
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(demo_data)}):
        app = AppTest.from_file(APP, default_timeout=60)
        app.query_params["lang"] = "en"
        app.run()
        app._page_hash = calc_hash(area)  # switch_page knows files only
        app.run()
    assert not app.exception
    assert app.title[0].value == vocabulary.AREAS[area]
    published = {kpi.label for kpi in definitions(publication, "en").values() if kpi.area == area}
    rows = lines(app)
    assert all(any(label in row for row in rows) for label in published), "every KPI of the area has its row"

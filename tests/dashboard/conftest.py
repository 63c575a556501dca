"""The published sample company, and each test in a known language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from dashboard import language, published


@pytest.fixture(autouse=True, scope="session")
def installed_components() -> Iterator[None]:
    """Which packages bring components is looked up once, as in a server, and not for each page of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def portuguese() -> Iterator[None]:
    language.activate("pt_BR")
    yield
    language.activate("pt_BR")


@pytest.fixture
def english() -> None:
    language.activate("en")


@pytest.fixture(scope="session")
def publication(demo_data: Path) -> published.Publication:
    return published.current(demo_data)

"""The published sample company, and each test in a known language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import language, published


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

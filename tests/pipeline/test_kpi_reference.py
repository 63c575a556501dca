"""The KPI reference of the documentation says what the catalogue says."""

from __future__ import annotations

from kpis.catalogue import load_catalogue
from pipeline.kpi_reference import pages
from pipeline.settings import PROJECT_ROOT


def test_the_reference_is_current() -> None:
    old = [
        path.relative_to(PROJECT_ROOT).as_posix()
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert old == [], "run `python -m pipeline.kpi_reference` and commit what it writes"


def test_every_kpi_is_in_it_in_both_languages() -> None:
    catalogue = load_catalogue(PROJECT_ROOT)
    for text, language in zip(list(pages().values())[:2], ("en", "pt_BR"), strict=True):
        for name, kpi in catalogue.items():
            assert f'<a id="{name}"></a>{kpi.label[language]}' in text
            assert kpi.definition[language] in text
            assert kpi.authority in text

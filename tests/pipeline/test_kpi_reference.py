"""The KPI reference of the documentation says what the catalogue says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpis.catalogue import load_catalogue
from pipeline.kpi_reference import pages
from pipeline.kpi_versions import versions
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


def test_a_changed_definition_gets_a_line_with_its_day() -> None:
    catalogue = {name: load_catalogue(PROJECT_ROOT)[name] for name in ("nps", "paid_late")}
    first = versions(catalogue, "", date(2026, 11, 22))
    assert [line.split(",")[0::2] for line in first.splitlines()[1:]] == [
        ["nps", "2026-11-22"],
        ["paid_late", "2026-11-22"],
    ]
    assert versions(catalogue, first, date(2027, 1, 5)) == first, "nothing has changed"
    changed = catalogue | {"nps": replace(catalogue["nps"], content_hash="1" * 64)}
    second = versions(changed, first, date(2027, 1, 5))
    assert second.splitlines()[2] == f"nps,{'1' * 12},2027-01-05"
    again = changed | {"nps": replace(catalogue["nps"], content_hash="2" * 64)}
    third = versions(again, second, date(2027, 1, 5)).splitlines()
    assert (len(third), third[2]) == (4, f"nps,{'2' * 12},2027-01-05"), "two changes of one day are one"

"""The KPI reference of the documentation says what the catalogue says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpis.catalogue import load_catalogue
from pipeline.kpi_reference import pages
from pipeline.kpi_versions import FILE, changelog, unexplained, versions
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


def test_a_changed_definition_gets_a_line_with_its_day_and_a_reason() -> None:
    catalogue = {name: load_catalogue(PROJECT_ROOT)[name] for name in ("nps", "paid_late")}
    first = versions(catalogue, "", date(2026, 11, 22))
    assert [line.split(",")[0::2] for line in first.splitlines()[1:]] == [
        ["nps", "2026-11-22"],
        ["paid_late", "2026-11-22"],
    ]
    assert versions(catalogue, first, date(2027, 1, 5)) == first, "nothing has changed"
    changed = catalogue | {"nps": replace(catalogue["nps"], content_hash="1" * 64)}
    second = versions(changed, first, date(2027, 1, 5))
    assert second.splitlines()[2] == f"nps,{'1' * 12},2027-01-05,"
    assert [one.kpi for one in unexplained(second)] == ["nps"]
    told = second.replace("2027-01-05,", '2027-01-05,"Passives count, as in the standard."')
    again = changed | {"nps": replace(catalogue["nps"], content_hash="2" * 64)}
    third = versions(again, told, date(2027, 1, 5))
    lines = third.splitlines()
    assert (len(lines), lines[2]) == (4, f'nps,{"2" * 12},2027-01-05,"Passives count, as in the standard."')
    assert unexplained(third) == [], "two changes of one day are one, and its reason stays"
    page = changelog(catalogue, third)
    version = catalogue["nps"].content_hash[:12]
    assert f"`{version}` → `{'2' * 12}`): Passives count, as in the standard." in page
    assert page.index("## 2027-01-05") < page.index("## 2026-11-22")
    assert "First version of 2 KPIs: `nps`, `paid_late`." in page


def test_every_changed_definition_of_this_project_says_why() -> None:
    text = (PROJECT_ROOT / FILE).read_text(encoding="utf-8")
    assert unexplained(text) == [], f"write the reason into the last column of {FILE}"

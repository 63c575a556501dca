"""The overview: what is said first, what is folded, which rows a filter leaves, and how little is asked for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lxml.html import fromstring

from dashboard import headlines, vocabulary
from dashboard.components import changes, legend
from dashboard.headlines import Headline
from dashboard.published import Publication
from dashboard.queries import overview
from dashboard.queries.definitions import definitions
from tests.dashboard.test_headlines import POINT
from tests.dashboard.visiting import lines, tables, visit


def test_figures_and_causes_come_from_one_query(
    demo_data: Path, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(demo_data, "overview")
    overview.glance.cache_clear()
    asked: list[str] = []
    fetch = Publication.fetch

    def counted(self: Publication, sql: str, *parameters: Any) -> pl.DataFrame:
        asked.append(sql)
        return fetch(self, sql, *parameters)

    monkeypatch.setattr(Publication, "fetch", counted)
    visit(demo_data, "overview")
    assert len(asked) == 1
    visit(demo_data, "overview", show="signals")
    assert len(asked) == 1, "a filter asks nothing again"


def test_the_first_sentences_are_the_weightiest_and_the_rest_is_folded_by_area(
    demo_data: Path, publication: Publication
) -> None:
    seen = overview.glance(publication, "week", "total", "total", 26)
    every = headlines.headlines(definitions(publication, "pt_BR"), seen.points, only_headline=False)
    found = headlines.signalled([row for row in every if row.definition.headline])
    page = fromstring("<div>" + tables(visit(demo_data, "overview"))[0] + "</div>")
    first = [item.findtext("a") for item in page.xpath("./ul/li")]
    assert first == [row.definition.label for row in found[: changes.SHOWN]]
    folded = page.xpath("//details//li")
    assert len(first) + len(folded) == sum(row.is_signal for row in every)
    areas = [title.text for title in page.xpath("//details/h3")]
    assert areas == [word for area in vocabulary.AREAS if (word := vocabulary.area(area)) in areas]
    slow = next(line for line in lines(visit(demo_data, "overview")) if "Prazo de pagamento" in line)
    assert "principal causa: Unidade Sul" in slow
    assert "meta ≤\N{NO-BREAK SPACE}30,0\N{NO-BREAK SPACE}d não atingida" in slow
    assert slow.endswith("Contas a pagar"), "who has it"


def test_what_matters_most_comes_first(publication: Publication) -> None:
    definition = definitions(publication, "pt_BR")["days_to_pay"]

    def row(**changed: object) -> Headline:
        return Headline(definition, replace(POINT, **changed), None, ())  # type: ignore[arg-type]

    far, near = row(value=40.0), row(value=33.0)
    kept = row(value=60.0, target=90.0)
    merely, better = row(direction="changed", value=90.0), row(direction="better", value=2.0)
    assert headlines.signalled([better, merely, kept, near, far]) == [far, near, kept, merely, better]
    assert headlines.weight(replace(POINT, value=32.0)) == pytest.approx(3), "a limit is three sigmas away"
    clamped = replace(POINT, value=32.0, lower_limit=27.9)
    assert headlines.weight(clamped) == pytest.approx(3), "not measured by a limit that was cut off"


@pytest.mark.parametrize("show", ["all", "signals", "missed"])
def test_the_filter_in_the_address_leaves_the_rows_that_it_counts(
    demo_data: Path, publication: Publication, show: str
) -> None:
    app = visit(demo_data, "overview", lang="en", show=show)
    page = fromstring("<div>" + tables(app)[1] + "</div>")
    labels = page.xpath("//tr[@class='kpi']/th/a/text()")
    seen = overview.glance(publication, "week", "total", "total", 26)
    rows = headlines.headlines(definitions(publication, "en"), seen.points)
    expected = {
        "all": rows,
        "signals": [r for r in rows if r.is_signal],
        "missed": list(filter(headlines.misses_target, rows)),
    }
    assert labels == [row.definition.label for row in expected[show]]
    (choice,) = [group for group in app.button_group if group.key == "url_show"]
    assert choice.options[["all", "signals", "missed"].index(show)].endswith(f"({len(labels)})")
    assert {link.get("href") for link in page.xpath("//nav//a")} == {f"#{place}" for place in page.xpath("//th/@id")}
    assert all("lang=en" in address for address in page.xpath("//tr//a/@href")), "the reader's choices go along"


def test_the_legend_names_every_sign(demo_data: Path) -> None:
    app = visit(demo_data, "overview")
    said = "\n".join(str(element.value) for element in app.markdown)
    for title, entries in legend.legend_entries().items():
        assert title in said
        for sign, meaning in entries:
            assert meaning, sign
            assert meaning in said

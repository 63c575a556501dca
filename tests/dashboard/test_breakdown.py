"""A KPI by its dimensions: which members are drawn, in which order, on which scale, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml.html import HtmlElement, fromstring

from dashboard.components import breakdown
from dashboard.published import Publication
from dashboard.queries.definitions import definitions
from dashboard.queries.values import Point
from tests.dashboard.test_headlines import POINT
from tests.dashboard.visiting import tables, texts, visit


def drawn(data: Path, **parameters: str) -> HtmlElement:
    app = visit(data, "kpi", **parameters)
    (html,) = [one for one in tables(app) if 'class="cards"' in one]
    return fromstring(f"<div>{html}</div>")


def test_every_dimension_is_there_and_one_alone_shows_more(demo_data: Path) -> None:
    page = drawn(demo_data, kpi="paid_late", lang="en")
    assert [title.text for title in page.xpath(".//h3")] == ["Business unit", "Category", "Dispute"]
    rows = [len(grid.xpath("./div")) for grid in page.xpath(".//div[@class='cards']")]
    assert max(rows) <= breakdown.FEW
    one = drawn(demo_data, kpi="paid_late", by="category", lang="en")
    assert len(one.xpath(".//div[@class='card']")) > breakdown.FEW
    address = one.xpath(".//a[@class='name']/@href")[0]
    assert "by=category" in address
    assert "member=" in address


def test_a_unit_is_marked_and_what_is_not_published_is_said(demo_data: Path) -> None:
    page = drawn(demo_data, kpi="paid_late", unit="SUL", lang="en")
    assert [card.findtext("a") for card in page.xpath(".//div[@aria-current]")] == ["Unidade Sul"]
    inside = [address for address in page.xpath(".//a/@href") if "by=" in address]
    assert inside
    assert not any("unit=" in address for address in inside), "a member is of the whole company"
    said = " ".join(texts(visit(demo_data, "kpi", kpi="paid_late", unit="SUL", lang="en")))
    assert "never both at once" in said
    assert "come from Unidade Sul" in said


def members(**values: float | None) -> dict[str, list[Point]]:
    return {
        name: [replace(POINT, member=name, value=value, n=place, rule=None, direction=None, target=30.0)]
        for place, (name, value) in enumerate(values.items(), start=1)
    }


def test_orders(publication: Publication) -> None:
    definition = definitions(publication, "en")["days_to_pay"]
    found = members(a=20.0, b=None, c=50.0, d=35.0)
    assert [card.name for card in breakdown.ranked(found, definition, "share")] == ["d", "c", "b", "a"]
    assert [card.name for card in breakdown.ranked(found, definition, "worst")] == ["c", "d", "a", "b"]
    found["a"] = [replace(found["a"][0], rule="outside", direction="worse")]
    assert breakdown.ranked(found, definition, "worst")[0].name == "a", "a signal first"
    assert breakdown.ranked(found, definition, "share")[0].share == pytest.approx(0.4)


def test_others_are_counted_and_pictures_share_a_scale(publication: Publication) -> None:
    definition = definitions(publication, "en")["days_to_pay"]
    cards = breakdown.ranked(members(a=20.0, b=None, c=50.0, d=35.0), definition, "share")
    html = fromstring(
        "<div>" + breakdown.grid(cards[:2], cards[2:], definition, "week", "category", {}, "all") + "</div>"
    )
    assert html.findtext("p") is not None
    assert "2" in (html.findtext("p") or "")
    ticks = {tuple(picture.xpath("./text/text()")) for picture in html.xpath(".//svg")}
    assert len(ticks) == 1
    assert ticks.pop()


def test_names_of_members_are_shown_letter_by_letter(publication: Publication) -> None:
    definition = definitions(publication, "en")["days_to_pay"]
    cards = breakdown.ranked(members(**{"<img src=x onerror=alert(1)>": 20.0}), definition, "share")
    html = breakdown.grid(cards, [], definition, "week", "category", {}, "all")
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html

"""The KPI page of every kind, clock and measure: figure, chart, causes where they add up, definition."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.published import Publication
from dashboard.queries.definitions import definitions
from tests.dashboard.visiting import figures, texts, visit


def one_of_each(publication: Publication) -> dict[tuple[str, str | None, str | None], str]:
    """The first KPI of each kind, clock and measure that is published."""
    found: dict[tuple[str, str | None, str | None], str] = {}
    for name, kpi in definitions(publication, "en").items():
        found.setdefault((kpi.kind, kpi.clock, kpi.measure), name)
    return found


def test_every_kind_clock_and_measure_has_its_page(demo_data: Path, publication: Publication) -> None:
    for (kind, clock, measure), name in one_of_each(publication).items():
        app = visit(demo_data, "kpi", kpi=name, lang="en", grain="month")
        assert figures(app), (name, kind, clock, measure)
        shown = "\n".join(texts(app))
        assert "None" not in shown.split(), name


@pytest.mark.parametrize("measure", ["per_average", "days"])
def test_the_change_of_a_balance_is_taken_apart(demo_data: Path, publication: Publication, measure: str) -> None:
    name = next(n for n, kpi in definitions(publication, "en").items() if kpi.measure == measure)
    app = visit(demo_data, "kpi", kpi=name, lang="en", grain="month")
    assert any("because members changed" in text for text in texts(app)), name


@pytest.mark.parametrize("measure", ["countback", "cash_cycle"])
def test_what_does_not_add_up_says_so(demo_data: Path, publication: Publication, measure: str) -> None:
    name = next(n for n, kpi in definitions(publication, "en").items() if kpi.measure == measure)
    app = visit(demo_data, "kpi", kpi=name, lang="en", grain="month")
    assert any("does not add up over members" in text for text in texts(app)), name

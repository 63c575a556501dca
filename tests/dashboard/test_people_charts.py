"""People: the headcount bridge adds up, and small groups are not shown alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard import vocabulary
from dashboard.components.panels.people import SMALLEST, Team, grouped
from dashboard.published import Publication
from dashboard.queries.windows import window
from tests.dashboard.visiting import drawn, one, visit


@pytest.mark.parametrize("grain", ["week", "month", "quarter"])
@pytest.mark.parametrize("unit", ["all", "CO"])
def test_the_headcount_bridge_adds_up(demo_data: Path, publication: Publication, unit: str, grain: str) -> None:
    effects, points = drawn(visit(demo_data, "people", unit=unit, grain=grain))["headcount_bridge"]["data"]
    opening, closing = points["x"]
    assert opening + sum(effects["x"]) == closing
    days = window(publication, grain)
    for shown, day in ((opening, days.start - timedelta(days=1)), (closing, days.end)):
        counted = one(
            publication,
            "select sum(numerator) from metrics.kpi_headcount where date_day = ? and (? = 'all' or business_unit = ?)",
            day, unit, unit,
        )  # fmt: skip
        assert shown == counted
    hired = one(
        publication,
        "select count(*) from marts.fct_employees where is_counted and admission_date between ? and ?"
        " and (? = 'all' or business_unit = ?)",
        days.start, days.end, unit, unit,
    )  # fmt: skip
    assert effects["x"][0] == hired


def test_small_groups_are_not_shown_alone(demo_data: Path, publication: Publication) -> None:
    """The sample's unit CO has a department of three."""
    app = visit(demo_data, "people", unit="CO", grain="month")
    chart = drawn(app)["turnover_by_department"]
    labels = chart["layout"]["yaxis"]["ticktext"]
    assert "Administrativo" not in labels
    assert vocabulary.member("grouped") in labels
    left = one(
        publication,
        "select sum(leavers) from marts.fct_headcount_days where business_unit = 'CO' and date_day > date '2025-11-20'",
    )
    assert sum(int(text.split(" · ")[1]) for text in chart["data"][0]["text"]) == left


def test_groups_hide_whom_they_must() -> None:
    teams = [Team("a", 3.0, 1, 1), Team("b", 30.0, 2, 0), Team("c", 8.0, 0, 0)]
    assert grouped(teams) == [Team("b", 30.0, 2, 0), Team("grouped", 11.0, 1, 1)], "three alone would still be shown"
    assert grouped([Team("a", 3.0, 1, 1), Team("b", 3.0, 0, 0), Team("c", 9.0, 0, 0)])[-1].headcount == 6.0
    assert grouped([Team("a", 3.0, 1, 1)]) == []
    assert grouped([Team("b", SMALLEST, 2, 0)]) == [Team("b", SMALLEST, 2, 0)]

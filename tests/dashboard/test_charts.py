from __future__ import annotations

import itertools
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from dashboard import formats
from dashboard.charts.behaviour import behaviour_chart
from dashboard.charts.columns import Part, stacked_columns
from dashboard.charts.sparkline import Mark, sparkline
from dashboard.charts.survival import median_age, survival_chart
from dashboard.charts.template import DIRECTION_COLOURS, DIRECTION_SYMBOLS, nice_ticks, spread
from dashboard.charts.waterfall import Step, waterfall_chart
from dashboard.components.panels.timelines import known_over_periods
from dashboard.published import Publication
from dashboard.queries.definitions import Definition, definitions
from dashboard.queries.values import Point, Survival, series
from dashboard.queries.windows import window_of


@pytest.fixture
def definition(publication: Publication) -> Definition:
    return definitions(publication, "pt_BR")["days_to_pay"]


@pytest.fixture
def points(publication: Publication) -> list[Point]:
    return series(publication, "days_to_pay", "week", "business_unit", "SUL", 60)


def test_figures_are_plain_and_bounded(points: list[Point], definition: Definition) -> None:
    figure = behaviour_chart(points, definition, "week")
    assert type(figure) is dict
    assert len(json.dumps(figure)) < 60_000
    assert figure["layout"]["separators"] == ",."
    assert figure["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"


def test_a_dated_target_is_drawn_as_steps(points: list[Point], definition: Definition) -> None:
    stepped = [replace(point, target=30.0 if place < 40 else 25.0) for place, point in enumerate(points)]
    figure = behaviour_chart(stepped, definition, "week")
    lines = [trace for trace in figure["data"] if trace["name"] == "meta"]
    assert [trace["line"]["shape"] for trace in lines] == ["hv"]
    assert set(lines[0]["y"]) == {30.0, 25.0}
    labels = [note["text"] for note in figure["layout"]["annotations"] if note["text"].startswith("meta")]
    assert labels == ["meta 25,0\N{NO-BREAK SPACE}d"], "the target in force now is the one that is named"
    without = behaviour_chart([replace(point, target=None) for point in points], definition, "week")
    assert not any(trace["name"] == "meta" for trace in without["data"])


def test_a_changed_definition_is_marked_in_its_period(points: list[Point], definition: Definition) -> None:
    day = points[30].period_start + timedelta(days=3)
    figure = behaviour_chart(points, definition, "week", changes=[day, date(1999, 1, 1)])
    words = [note for note in figure["layout"]["annotations"] if note["text"] == "definição mudou"]
    assert [note["x"] for note in words] == [points[30].period_start.isoformat()]
    assert len(figure["layout"]["shapes"]) == len(behaviour_chart(points, definition, "week")["layout"]["shapes"]) + 1


def test_signals_differ_by_shape_and_by_colour(points: list[Point], definition: Definition) -> None:
    assert len(set(DIRECTION_COLOURS.values())) == len(set(DIRECTION_SYMBOLS.values())) == 3
    figure = behaviour_chart(points, definition, "week")
    marked = [trace for trace in figure["data"] if trace.get("marker", {}).get("symbol") == DIRECTION_SYMBOLS["worse"]]
    expected = [p.period_start.isoformat() for p in points if p.direction == "worse" and p.rule and not p.is_partial]
    assert expected, "the sample's slow unit has signals"
    assert [trace["x"] for trace in marked] == [expected]


def test_the_unfinished_period_is_hollow(points: list[Point], definition: Definition) -> None:
    assert points[-1].is_partial
    figure = behaviour_chart(points, definition, "week")
    hollow = [trace for trace in figure["data"] if trace.get("marker", {}).get("symbol") == "circle-open"]
    assert [trace["x"] for trace in hollow] == [[points[-1].period_start.isoformat()]]


def test_labels_never_meet() -> None:
    assert spread([10.0, 10.1, 30.0], 2) == pytest.approx([9.05, 11.05, 30.0], abs=0.01)
    placed = spread([5.0, 5.0, 5.0, 5.0], 1)
    assert min(b - a for a, b in zip(sorted(placed), sorted(placed)[1:], strict=False)) > 0.99


@pytest.mark.parametrize(("low", "high"), [(0, 1), (24.3, 37.1), (-0.4, 0.2), (1e6, 3.2e6), (0.001, 0.004)])
def test_ticks_are_few_and_inside(low: float, high: float) -> None:
    ticks = nice_ticks(low, high)
    assert 3 <= len(ticks) <= 11
    assert low - 1e-9 <= ticks[0] < ticks[-1] <= high + 1e-9


def test_a_mean_of_nothing_is_not_zero() -> None:
    days = window_of(date(2026, 11, 20), "week")
    rows = pl.DataFrame({"period_start": [days.starts[-2]], "mean": [4.0]})
    values = known_over_periods(rows, days, ("mean",))["mean"]
    assert values[-2:] == [4.0, None]
    (bars,) = stacked_columns(days.starts, [Part("x", "#000000", values)], "week", formats.number)["data"]
    assert [text.rsplit(": ", 1)[-1] for text in bars["hovertext"][-2:]] == ["4", formats.MISSING]


def test_sparkline_is_a_small_valid_picture_with_a_title() -> None:
    marks = [Mark(float(i), 0.0, 30.0, 15.0, "worse" if i > 20 else None, i == 25) for i in range(26)]
    text = sparkline(marks, title="Prazo <de> pagamento", target=12.0)
    root = ElementTree.fromstring(text)  # noqa: S314 - our own text
    assert root[0].text == "Prazo <de> pagamento"
    assert len(text) < 4_000
    assert "stroke-dasharray" in text


def test_a_period_without_a_value_is_a_gap() -> None:
    values = [1.0, 2.0, None, 3.0, None, 4.0, 5.0]
    root = ElementTree.fromstring(sparkline([Mark(value) for value in values], title="x"))  # noqa: S314 - our own text
    lines = list(root.iter("{http://www.w3.org/2000/svg}polyline"))
    assert [line.attrib["stroke-opacity"] for line in lines] == ["0.4", "0.4", "1", "1"], "two gaps, two runs"
    dots = list(root.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(dots) == 2, "a value between two gaps, and the last one"


def test_sparkline_without_values_is_empty_and_does_not_fail() -> None:
    ElementTree.fromstring(sparkline([], title="x"))  # noqa: S314
    ElementTree.fromstring(sparkline([Mark(None)] * 3, title="x"))  # noqa: S314


def test_waterfall_ends_where_the_effects_lead(definition: Definition) -> None:
    steps = [Step("before", 30.0, is_total=True), Step("a", 3.0), Step("b", -1.0), Step("after", 32.0, is_total=True)]
    bars, totals = waterfall_chart(steps, definition)["data"]
    assert bars["base"][-1] + bars["x"][-1] == totals["x"][-1]
    assert bars["marker"]["color"] == [DIRECTION_COLOURS["worse"], DIRECTION_COLOURS["better"]]


def test_survival_marks_the_median() -> None:
    curve = [Survival(float(age), 10, 1, 1 - age / 10, None, None) for age in range(10)]
    assert median_age(curve) == 5
    assert "mediana" in survival_chart(curve, "days")["layout"]["annotations"][0]["text"]
    assert median_age([Survival(0.0, 10, 1, 0.9, None, None)]) is None
    product = 7 / 10 * (6 / 7) * (5 / 6) + 2e-16
    assert median_age([Survival(3.0, 6, 1, product, None, None)]) == 3, "a product of fractions that is one half"


def test_a_tooltip_speaks_the_reader_s_language(points: list[Point], definition: Definition) -> None:
    texts = [text for trace in behaviour_chart(points, definition, "week")["data"] for text in trace.get("text", ())]
    monday = date.fromisoformat("2026-11-09")
    assert any(f"sem.\N{NO-BREAK SPACE}{(monday - timedelta(0)).isocalendar().week}/2026" in text for text in texts)


def test_labels_stay_apart_where_the_scale_holds_more(points: list[Point], definition: Definition) -> None:
    near = [replace(point, target=28.5, centre=28.0, lower_limit=27.0, upper_limit=29.0) for point in points]
    for also in ((), (300.0,)):
        chart = behaviour_chart(near, definition, "week", also=also)
        low, high = chart["layout"]["yaxis"]["range"]
        places = sorted(note["y"] for note in chart["layout"]["annotations"] if note.get("xref") == "paper")
        pixels = [(after - before) / (high - low) * 340 for before, after in itertools.pairwise(places)]
        assert min(pixels) > 12, also
        assert high >= max(also, default=0)

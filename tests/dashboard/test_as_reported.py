"""The KPI page: what was reported beside what is known now, in the chart and in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dashboard.charts.behaviour import behaviour_chart
from dashboard.charts.reported import with_reported
from dashboard.published import Publication
from dashboard.queries import snapshots, values
from dashboard.queries.definitions import definitions
from tests.dashboard.visiting import figures, plain, texts, visit

KPI = "tickets_opened"


def test_frozen_figures_are_diamonds_in_the_chart(demo_data: Path, publication: Publication) -> None:
    frozen = snapshots.reported_series(publication, KPI, "week", "total", "total")
    assert len(frozen) == len(snapshots.snapshots(publication))
    app = visit(demo_data, "kpi", lang="en", kpi=KPI)
    drawn = [trace for trace in figures(app)[0]["data"] if trace.get("name") == "as reported"]
    marks = dict(
        zip([x for trace in drawn for x in trace["x"]], [y for trace in drawn for y in trace["y"]], strict=True)
    )
    assert marks == {
        start.isoformat(): point.value for start, (_week, point) in frozen.items() if point.value is not None
    }
    assert all(trace["marker"]["symbol"] == "diamond-open" for trace in drawn)


def test_each_difference_is_told_with_its_cause(demo_data: Path, publication: Publication) -> None:
    rows = snapshots.restatements_of(publication, KPI, "week", "total", "total")
    assert rows.height
    for tag, heading in (("en", "As reported, and as known now"), ("pt-BR", "Como reportado e como se sabe hoje")):
        app = visit(demo_data, "kpi", lang=tag, kpi=KPI)
        assert heading in [one.value for one in app.header]
        text = plain("\n".join(texts(app)))
        for row in rows.iter_rows(named=True):
            assert f"{row['reported']:.0f} → {row['now']:.0f}" in text
    months = visit(demo_data, "kpi", lang="en", kpi=KPI, grain="month")
    assert "◇ as reported" in plain("\n".join(texts(months))), "months that ended in a frozen week are frozen too"


def test_the_scale_holds_what_was_reported(publication: Publication) -> None:
    definition = definitions(publication, "en")[KPI]
    points = values.series(publication, KPI, "week", "total", "total", 26)
    drawn = behaviour_chart(points, definition, "week")
    last = points[-2]
    far = replace(last, value=(last.value or 0) + 10_000)
    wide = with_reported(drawn, points, {last.period_start: far}, definition, "week")
    assert wide["layout"]["yaxis"]["range"][1] > 10_000 > drawn["layout"]["yaxis"]["range"][1]
    assert with_reported(drawn, points, {}, definition, "week") is drawn

"""How the records behind a figure are spread: counted once each, at round edges, and only where they have values."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard import formats
from dashboard.components.distribution import COLUMNS, spaced
from dashboard.published import Publication
from dashboard.queries import records
from dashboard.queries.definitions import definitions
from dashboard.queries.records import Extent, RecordQuestion
from tests.dashboard.test_headlines import POINT
from tests.dashboard.visiting import figures, texts, visit


def question(publication: Publication, kpi: str) -> RecordQuestion:
    return RecordQuestion(definitions(publication, "en")[kpi], date(2026, 10, 1), date(2026, 10, 31))


def test_every_record_is_counted_once(publication: Publication) -> None:
    kpis = [name for name, kpi in definitions(publication, "en").items() if kpi.records_value_column]
    seen = recounted = 0
    for name in kpis:
        asked = question(publication, name)
        extent = records.extent(publication, asked)
        if extent is None:
            continue
        seen += 1
        assert extent.low <= extent.median <= extent.high
        edges = spaced(extent)
        counted = records.counts(publication, asked, edges)
        assert sum(counted) == extent.count, name
        column = asked.definition.records_value_column
        total = records.count(publication, asked)
        assert extent.count <= total
        rows = records.page(publication, asked, total, 0) if total < 2_000 else pl.DataFrame()
        if column in rows.columns:
            places = Counter(bisect_right(edges[1:-1], float(value)) for value in rows[column].drop_nulls())
            assert counted == [places[place] for place in range(len(edges) - 1)], name
            recounted += 1
    assert seen > len(kpis) / 2
    assert recounted > 10


@pytest.mark.parametrize(
    ("extent", "first", "last"),
    [
        (Extent(9, 0, 10, 5, is_whole=True), 0, 11),
        (Extent(9, 4, 4, 4, is_whole=True), 4, 5),
        (Extent(9, 0.5, 0.5, 0.5, is_whole=False), 0.5, 1.5),
        (Extent(9, 0.02, 0.97, 0.5, is_whole=False), 0, 1),
        (Extent(9, -1234.5, 98765.4, 5, is_whole=False), -10000, 100000),
    ],
)
def test_edges_are_round_and_hold_all(extent: Extent, first: float, last: float) -> None:
    edges = spaced(extent)
    assert (edges[0], edges[-1]) == pytest.approx((first, last))
    assert 1 <= len(edges) - 1 <= COLUMNS * 2
    assert list(edges) == sorted(set(edges))


def test_the_page_draws_it_or_leaves_it_out(demo_data: Path) -> None:
    app = visit(demo_data, "kpi", kpi="nps", grain="month", lang="en")
    assert any("records behind the figure; half lie below" in text for text in texts(app))
    bars = figures(app)[-1]["data"][0]
    assert bars["type"] == "bar"
    assert len(bars["x"]) == 11, "0 to 10"
    none = visit(demo_data, "kpi", kpi="tickets_opened", grain="month", lang="en")
    assert not any("half lie below" in text for text in texts(none)), "these records have no value"


def test_the_largest_records_come_first_where_that_is_wished(demo_data: Path, publication: Publication) -> None:
    asked = question(publication, "amount_paid")
    rows = records.page(publication, asked, 10_000, 0, is_largest_first=True)
    amounts = [abs(float(value)) for value in rows["paid_amount_brl"]]
    assert amounts == sorted(amounts, reverse=True)
    assert sorted(amounts) == sorted(
        abs(float(value)) for value in records.page(publication, asked, 10_000, 0)["paid_amount_brl"]
    )
    app = visit(demo_data, "kpi", kpi="amount_paid", period="2026-10-01", grain="month", rows="largest")
    assert app.dataframe[-1].value["document"].tolist() == rows["document"].to_list()[:25]
    assert not records.has_value(publication, question(publication, "tickets_opened"))


def test_the_records_are_those_behind_the_figure(publication: Publication) -> None:
    """Counted or summed they are the published figure, whatever days it is of."""
    catalogue = definitions(publication, "en")
    monday, sunday = date(2026, 11, 9), date(2026, 11, 15)
    sums = {"unmatched_bank_lines": ("sum(abs(amount_brl))", "numerator"),
            "stock_turnover": ("sum(cost_of_goods_brl)", "numerator"), "supplier_data_quality": ("count(*)", "bad"),
            "headcount": ("count(*)", "numerator"), "days_to_pay": ("count(*)", "n"),
            "investment_npv": ("sum(case when amount_brl > 0 then amount_brl end)", "numerator")}  # fmt: skip
    for name, (aggregate, column) in sums.items():
        asked = records.behind(catalogue[name], monday, sunday)
        text, parameters = records._from_where(publication, asked)
        found = publication.fetch(f"select {aggregate} {text}", parameters).item()
        published = publication.fetch(
            f"select {'denominator - numerator' if column == 'bad' else column} from kpi.kpi_values where kpi = ?"
            " and grain = 'week' and dimension = 'total' and period_start = ?",
            (name, monday),
        ).item()
        assert float(found) == pytest.approx(float(published)), name
    assert records.behind(catalogue["days_sales_outstanding"], monday, sunday).stands_today


def test_a_year_before_stands_beside_the_period_before(demo_data: Path, publication: Publication) -> None:
    now, before = publication.fetch(
        "select value, year_before_value from kpi.kpi_values where kpi = 'amount_paid' and grain = 'month'"
        " and dimension = 'total' and period_start = date '2026-10-01'"
    ).row(0)
    text = "\n".join(texts(visit(demo_data, "kpi", kpi="amount_paid", period="2026-10-01", grain="month", lang="en")))
    assert "Against Oct 2025" in text
    assert formats.markdown(formats.difference(now - before, "brl")) in text
    assert replace(POINT, value=1.0, year_before_value=0.0).year_change is None, "from zero"
    assert replace(POINT, value=None, year_before_value=1.0).year_change is None

"""The pages of stock, logistics and the commercial back office: figures of the published file, for all and for one unit."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dashboard.published import Publication
from dashboard.queries.goods import FAULTS, goods_table
from tests.dashboard.visiting import figures, texts, visit

PAGES = {"stock": ("Estoque", 2), "logistics": ("Logística", 2), "commercial": ("Retaguarda comercial", 2)}


@pytest.mark.parametrize("area", PAGES)
def test_a_page_has_its_charts_and_table(demo_data: Path, area: str) -> None:
    title, charts = PAGES[area]
    app = visit(demo_data, area)
    assert app.title[0].value == title
    drawn = figures(app)
    assert len(drawn) == charts
    assert all(any(len(trace.get("x", ())) for trace in chart["data"]) for chart in drawn)
    assert len(app.dataframe) == 1
    assert len(app.dataframe[0].value) > 0


@pytest.mark.parametrize("area", PAGES)
def test_one_unit_has_figures_of_its_own(demo_data: Path, area: str) -> None:
    every, one = visit(demo_data, area, lang="en"), visit(demo_data, area, lang="en", unit="NE")
    assert texts(every) != texts(one)
    assert figures(every) != figures(one)


def test_tables_lead_to_file_and_line(demo_data: Path) -> None:
    for area in ("logistics", "commercial"):
        table = visit(demo_data, area).dataframe[0].value
        assert table["source_file"].str.fullmatch(r"(itens_)?pedidos?_.+\.csv").all()
        assert table["source_line"].min() > 1


def test_stock_adds_up_to_all_movements(publication: Publication) -> None:
    (whole,) = publication.fetch("select cast(sum(cost_brl) as double) from marts.fct_stock_movements").row(0)
    shown = goods_table(publication, "stock_by_class", "all")
    assert shown["amount"].sum() == pytest.approx(whole)
    units = publication.fetch("select business_unit from marts.dim_business_units")["business_unit"]
    assert sum(goods_table(publication, "stock_by_class", unit)["amount"].sum() for unit in units) == pytest.approx(
        whole
    )


def test_stock_by_last_sale_is_the_same_stock(publication: Publication) -> None:
    whole = goods_table(publication, "stock_by_class", "all")["amount"].sum()
    bands = goods_table(publication, "stock_by_last_sale", "all")
    assert bands["amount_brl"].sum() == pytest.approx(whole)
    recent = publication.fetch(
        """
        with sold as (
            select warehouse, item_id from marts.fct_stock_movements
            where kind = 'sale' and movement_date >= date '2026-11-20' - 30 group by all having sum(cost_of_goods_brl) > 0
        )
        select cast(sum(cost_brl) as double) from marts.fct_stock_movements semi join sold using (warehouse, item_id)
        """
    ).item()
    assert bands.filter(pl.col("band") == "within_30")["amount_brl"].sum() == pytest.approx(recent)


def test_what_is_out_of_stock_is_out_of_stock(publication: Publication) -> None:
    shown = goods_table(publication, "out_of_stock", "all")
    assert set(shown["abc_class"].head(5)) == {"A"}
    for row in shown.iter_rows(named=True):
        (left,) = publication.fetch(
            "select cast(sum(quantity) as double) from marts.fct_stock_movements where item_id = ? and warehouse = ?",
            (row["item_id"], row["warehouse"]),
        ).row(0)
        assert left == 0


def test_faults_are_counted_order_by_order(publication: Publication) -> None:
    """Orders with any fault are those that are not perfect: never more than the faults, never fewer than the largest."""
    (row,) = goods_table(publication, "order_faults", "all").rows(named=True)
    orders, failed = publication.fetch(
        "select count(*), sum(case when is_perfect then 0 else 1 end) from marts.fct_orders, meta.publication as p "
        "where is_perfect is not null and delivered_date > cast(p.as_of_date as date) - 91"
    ).row(0)
    faults = [row[fault] for fault in FAULTS]
    assert row["orders"] == orders
    assert max(faults) <= failed <= sum(faults)

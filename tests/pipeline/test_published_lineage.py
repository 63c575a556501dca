"""The published graph: every KPI is reached from its exports, and what is personal says so."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.lineage_graph import Edge, LineageGraph, personal_class, read_graph


@pytest.fixture(scope="module")
def published(published_copy: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(published_copy), read_only=True)


def test_every_kpi_is_reached_from_the_exports_of_its_definition(published: duckdb.DuckDBPyConnection) -> None:
    wrong = published.execute(
        """
        with recursive above as (
            select child as kpi, parent from meta.lineage where child in (select 'kpi_' || name from kpi.catalogue)
            union
            select above.kpi, l.parent from above inner join meta.lineage as l on l.child = above.parent
        )
        select c.name
        from kpi.catalogue as c
        left join above on above.kpi = 'kpi_' || c.name and contains(above.parent, '.')
        group by c.name, c.sources
        having list_sort(list(above.parent)) is distinct from list_sort(c.sources)
        """
    ).fetchall()
    assert wrong == []


def test_every_name_of_an_edge_is_a_node(published: duckdb.DuckDBPyConnection) -> None:
    names = "select name from meta.lineage_nodes"
    assert published.execute(
        f"select count(*) from meta.lineage where parent not in ({names}) or child not in ({names})"
    ).fetchall() == [(0,)]
    assert published.execute(f"select count(*) - count(distinct name) from ({names})").fetchall() == [(0,)]
    kinds = published.execute("select distinct kind from meta.lineage_nodes order by 1").fetchall()
    assert [kind for (kind,) in kinds] == ["export", "intermediate", "kpi", "mart", "seed", "staging"]
    unlabelled = "select count(*) from meta.lineage_nodes where kind = 'export' and (label_en = '' or label_pt_br = '')"
    assert published.execute(unlabelled).fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("model", "column", "expected"),
    [
        ("fct_tickets", "requester", "personal"),  # of the same name in the export
        ("fct_payables", "supplier_name", "personal"),  # has another name there
        ("fct_employees", "employee", "personal"),
        ("fct_payroll_months", "gross_pay_brl", "restricted"),
        ("fct_payables", "amount_brl", "none"),
        ("dim_companies", "tax_id", "none"),  # the company's own
    ],
)
def test_personal_columns_say_so(published: duckdb.DuckDBPyConnection, model: str, column: str, expected: str) -> None:
    found = published.execute(
        'select personal from meta.columns where model = ? and "column" = ?', (model, column)
    ).fetchall()
    assert found == [(expected,)]


def test_the_columns_of_every_export_are_published(published: duckdb.DuckDBPyConnection) -> None:
    missing = "select name from meta.lineage_nodes where kind = 'export' and name not in (select contract from meta.export_columns)"
    assert published.execute(missing).fetchall() == []


def test_the_nearest_export_says_how_personal_a_column_is() -> None:
    def source(name: str, personal: str) -> dict[str, object]:
        columns = {"owner": {"name": "owner", "meta": {"personal": personal}}}
        return {"resource_type": "source", "source_name": "erp", "name": name, "columns": columns}

    def model(name: str) -> dict[str, object]:
        return {"resource_type": "model", "name": name, "schema": "marts", "columns": {}, "description": "a\n b"}

    manifest = {
        "sources": {"s.near": source("near", "none"), "s.far": source("far", "restricted")},
        "nodes": {"m.middle": model("middle"), "m.mart": model("mart")},
        "parent_map": {"m.mart": ["s.near", "m.middle"], "m.middle": ["s.far"], "test.x": ["m.mart"]},
    }
    assert personal_class("m.mart", "owner", manifest) == "none"
    assert personal_class("m.middle", "owner", manifest) == "restricted"
    assert personal_class("m.mart", "other", manifest) == "none"
    graph = read_graph(manifest)
    assert [edge.parent for edge in graph.edges if edge.child == "mart"] == ["erp.near", "middle"]
    assert Edge("mart", "x") not in graph.edges
    assert {node.description for node in graph.nodes} == {"a b", ""}
    assert LineageGraph.from_dict(graph.as_dict()) == graph

"""Lineage in schema `meta` of the published file: the graph from exports to KPIs, and the columns of the exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.lineage_graph import LineageGraph
from pipeline.published_tables import write_table

if TYPE_CHECKING:
    from ingestion.contracts import Contract

Schema = dict[str, pl.DataType | type[pl.DataType]]

NODES: Schema = dict.fromkeys(("name", "kind", "label_en", "label_pt_br", "description"), pl.String)
EDGES: Schema = dict.fromkeys(("parent", "child"), pl.String)
EXPORT_COLUMNS: Schema = {
    "contract": pl.String,
    "column": pl.String,
    "type": pl.String,
    "is_required": pl.Boolean,
    "personal": pl.String,
    "headers_pt_br": pl.List(pl.String),
    "headers_en": pl.List(pl.String),
    "description": pl.String,
}


def write_lineage(
    connection: duckdb.DuckDBPyConnection, graph: LineageGraph, contracts: Mapping[str, Contract]
) -> None:
    """Fill meta.lineage_nodes, meta.lineage and meta.export_columns of an open build."""
    labels = {name: contract.label for name, contract in contracts.items()}
    nodes = [
        {
            "name": node.name,
            "kind": node.kind,
            "label_en": labels.get(node.name, {}).get("en", ""),
            "label_pt_br": labels.get(node.name, {}).get("pt_BR", ""),
            "description": node.description,
        }
        for node in graph.nodes
    ]
    columns = [
        {
            "contract": name,
            "column": column.name,
            "type": column.type,
            "is_required": column.required,
            "personal": column.personal,
            "headers_pt_br": list(column.headers.get("pt_BR", ())),
            "headers_en": list(column.headers.get("en", ())),
            "description": column.description,
        }
        for name, contract in sorted(contracts.items())
        for column in contract.columns
    ]
    write_table(connection, "meta.lineage_nodes", pl.DataFrame(nodes, schema=NODES))
    write_table(connection, "meta.lineage", pl.DataFrame([vars(edge) for edge in graph.edges], schema=EDGES))
    write_table(connection, "meta.export_columns", pl.DataFrame(columns, schema=EXPORT_COLUMNS))

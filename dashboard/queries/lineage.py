"""What numbers are made from: the published graph, and the part of it that lies above and below one of its nodes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dashboard.published import Publication
from dashboard.queries.definitions import COLUMN_SUFFIX
from dashboard.queries.schema import has_table

KPI_PREFIX = "kpi_"


@dataclass(frozen=True)
class Node:
    """An export, a seed or a model. `kind`: export, seed, staging, intermediate, mart or kpi; `label` of exports only."""

    name: str
    kind: str
    label: str
    description: str


@dataclass(frozen=True)
class Graph:
    """All nodes by name, and for each what it is made from and what is made from it, directly."""

    nodes: Mapping[str, Node]
    parents: Mapping[str, tuple[str, ...]]
    children: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def graph(publication: Publication, language: str) -> Graph | None:
    """The graph of a publication; None in one of an older release, which does not tell it."""
    if not has_table(publication, "meta", "lineage_nodes"):
        return None
    label = f"label_{COLUMN_SUFFIX[language]}"
    rows = publication.fetch(f"select name, kind, {label}, description from meta.lineage_nodes order by name")
    nodes = {row[0]: Node(*(text or "" for text in row)) for row in rows.iter_rows()}
    edges = publication.fetch("select parent, child from meta.lineage order by parent, child").rows()
    return Graph(nodes, _grouped([(child, parent) for parent, child in edges]), _grouped(edges))


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def reached(start: str, neighbours: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Everything that is reached from a node, nearest first, without the node itself."""
    seen, queue, order = {start}, deque([start]), []
    while queue:
        for one in neighbours.get(queue.popleft(), ()):
            if one not in seen:
                seen.add(one)
                order.append(one)
                queue.append(one)
    return order


@lru_cache(maxsize=4)
def latest_files(publication: Publication) -> dict[str, str]:
    """Export → the name of the file that was loaded last."""
    rows = publication.fetch(
        """
        select source || '.' || table_name, max_by(file_name, knowledge_at)
        from meta.files
        where state in ('loaded', 'unchanged') and table_name is not null
        group by all
        """
    )
    return dict(rows.iter_rows())


@lru_cache(maxsize=256)
def guards(publication: Publication, model: str) -> tuple[int, int]:
    """How many data tests look at a model, and how many of them did not pass."""
    row = publication.fetch(
        "select count(*), count(*) filter (status <> 'pass') from meta.test_results where model = ?", (model,)
    ).row(0)
    return int(row[0]), int(row[1])

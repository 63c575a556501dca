"""The whole of dbt's graph, from exports to KPI models: what is made from what, and what each part is.

Tests and documentation are left out. A name is unique: `source.table` of an export, the name of a seed or a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

KINDS = {"staging": "staging", "intermediate": "intermediate", "marts": "mart", "metrics": "kpi"}
"""What a model is, by its folder."""
CLASSES = ("none", "personal", "restricted")
"""How personal a column is, from the least to the most, as contracts say it."""


@dataclass(frozen=True)
class Node:
    """An export, a seed or a model. `kind`: export, seed, staging, intermediate, mart or kpi."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class Edge:
    """`child` is made from `parent`, directly."""

    parent: str
    child: str


@dataclass(frozen=True)
class LineageGraph:
    """All nodes and the edges between them, both in a fixed order."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> LineageGraph:
        """The reverse of `as_dict`."""
        return cls(
            tuple(Node(**node) for node in content.get("nodes", ())),
            tuple(Edge(**edge) for edge in content.get("edges", ())),
        )


def read_graph(manifest: Mapping[str, Any]) -> LineageGraph:
    """The graph of a dbt manifest."""
    entries: dict[str, Mapping[str, Any]] = {
        name: entry
        for name, entry in {**manifest["sources"], **manifest["nodes"]}.items()
        if entry["resource_type"] in ("source", "seed", "model")
    }
    nodes = sorted((_node(entry) for entry in entries.values()), key=lambda node: node.name)
    edges = {
        Edge(_name(entries[parent]), _name(entries[child]))
        for child, parents in manifest["parent_map"].items()
        for parent in parents
        if child in entries and parent in entries
    }
    return LineageGraph(tuple(nodes), tuple(sorted(edges, key=lambda edge: (edge.child, edge.parent))))


def personal_class(unique_id: str, column: str, manifest: Mapping[str, Any]) -> str:
    """How personal a model's column is: as its YAML says, else as the nearest exports say of their column of that name.

    A column that gets another name on its way says so itself (`meta.personal`); of several exports equally near the
    strictest holds.
    """
    own = manifest["nodes"][unique_id]["columns"].get(column, {})
    declared = (own.get("meta") or {}).get("personal") or ((own.get("config") or {}).get("meta") or {}).get("personal")
    if declared:
        return str(declared)
    parents: Mapping[str, list[str]] = manifest.get("parent_map", {})
    sources: Mapping[str, Mapping[str, Any]] = manifest.get("sources", {})
    level, seen = [unique_id], {unique_id}
    while level:
        level = [parent for one in level for parent in parents.get(one, ()) if parent not in seen]
        seen.update(level)
        found = [
            str((sources[one]["columns"][column].get("meta") or {}).get("personal", "none"))
            for one in level
            if column in sources.get(one, {}).get("columns", {})
        ]
        if found:
            return max(found, key=CLASSES.index)
    return "none"


def _name(entry: Mapping[str, Any]) -> str:
    return f"{entry['source_name']}.{entry['name']}" if entry["resource_type"] == "source" else str(entry["name"])


def _node(entry: Mapping[str, Any]) -> Node:
    kind = {"source": "export", "seed": "seed"}.get(entry["resource_type"]) or KINDS.get(entry["schema"], "mart")
    return Node(_name(entry), kind, " ".join((entry.get("description") or "").split()))

"""The lineage of one node as layers, from exports on the left to pages on the right: what stands where, in which order.

The browser draws it (`assets/lineage.js`): columns with lines between them on a desk, an indented list on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.language import N_, _
from dashboard.queries.lineage import Graph, reached

LAYERS = {
    "export": N_("Exports"),
    "staging": N_("Staging"),
    "intermediate": N_("Intermediate"),
    "mart": N_("Marts"),
    "kpi": N_("KPIs"),
    "page": N_("Pages"),
}
LAYER_OF = {"seed": "export"}
SWEEPS = 4


@dataclass(frozen=True)
class Reader:
    """A page that shows KPIs: its address, its title, and the models of the KPIs on it."""

    page: str
    title: str
    models: frozenset[str]


def lineage_layers(
    graph: Graph,
    focus: str,
    readers: Sequence[Reader],
    labels: Mapping[str, str],
    notes: Mapping[str, str],
) -> dict[str, Any]:
    """What the browser draws: layers of nodes in an order that keeps lines short, and the edges between them.

    `labels` are the words of nodes that have some (KPIs), `notes` small print below others.
    """
    shown = [*reversed(reached(focus, graph.parents)), focus, *reached(focus, graph.children)]
    kept = set(shown)
    edges = [(parent, one) for one in shown for parent in graph.parents.get(one, ()) if parent in kept]
    layers: dict[str, list[str]] = {layer: [] for layer in LAYERS}
    for one in shown:
        kind = graph.nodes[one].kind
        layers[LAYER_OF.get(kind, kind)].append(one)
    for reader in readers:
        models = [one for one in layers["kpi"] if one in reader.models]
        if models:
            layers["page"].append(reader.page)
            edges += [(model, reader.page) for model in models]
    ordered = _ordered([layers[layer] for layer in LAYERS], edges)
    titles = {reader.page: reader.title for reader in readers}

    def entry(one: str) -> dict[str, Any]:
        if one in titles:
            return {"name": one, "label": titles[one], "note": "", "kind": "page", "title": ""}
        node = graph.nodes[one]
        label = labels.get(one) or node.label or one
        note = notes.get(one, "") or (one if label != one else _("seed") if node.kind == "seed" else "")
        return {"name": one, "label": label, "note": note, "kind": node.kind, "title": node.description}

    return {
        "focus": focus,
        "layers": [
            {"title": _(LAYERS[layer]), "nodes": [entry(one) for one in nodes]}
            for layer, nodes in zip(LAYERS, ordered, strict=True)
            if nodes
        ],
        "edges": edges,
    }


def _ordered(layers: Sequence[list[str]], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Each layer sorted by the middle of its neighbours' places, a few times up and down (Sugiyama's barycentres)."""
    neighbours: dict[str, list[str]] = {}
    for parent, child in edges:
        neighbours.setdefault(parent, []).append(child)
        neighbours.setdefault(child, []).append(parent)
    ordered = [sorted(layer) for layer in layers]
    place = {one: index / max(len(layer), 1) for layer in ordered for index, one in enumerate(layer)}
    for sweep in range(SWEEPS):
        for layer in ordered if sweep % 2 == 0 else reversed(ordered):
            middle = {
                one: sum(place[near] for near in neighbours.get(one, [one])) / len(neighbours.get(one, [one]))
                for one in layer
            }
            layer.sort(key=lambda one: (middle[one], one))
            place.update({one: (index + 0.5) / len(layer) for index, one in enumerate(layer)})
    return ordered

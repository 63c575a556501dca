"""From a KPI's model up to its exports: the compiled SQL, all of ours that stands behind it, and one hash of both.

The hash must follow the meaning and nothing else: what a build fills in (its as-of, the company's key of pseudonyms)
is taken out of the compiled SQL before, so that two builds of the same models have the same hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.moments import local_moment


@dataclass(frozen=True)
class Lineage:
    """One KPI's model: its compiled SQL, the names of what it is made from (nearest last), and the hash of it all."""

    model: str
    sql: str
    models: tuple[str, ...]
    seeds: tuple[str, ...]
    sources: tuple[str, ...]
    definition_hash: str

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Lineage:
        """The reverse of `dataclasses.asdict`, after JSON."""
        lists = {name: tuple(content[name]) for name in ("models", "seeds", "sources")}
        return cls(content["model"], content["sql"], **lists, definition_hash=content["definition_hash"])


def read_lineage(manifest: Mapping[str, Any], as_of: datetime, key: str) -> tuple[Lineage, ...]:
    """The lineage of every KPI model of a dbt manifest, compiled at `as_of` (naive UTC) with the pseudonyms' key."""
    neutral = neutral_words(as_of, key)
    nodes: Mapping[str, Any] = manifest["nodes"]
    texts = {
        name: neutralised(
            node.get("compiled_code") or node.get("raw_code") or "", {**neutral, f'"{node["database"]}".': ""}
        )
        for name, node in nodes.items()
        if node["resource_type"] == "model"
    }
    found = []
    for name, node in nodes.items():
        if node["resource_type"] != "model" or not node["name"].startswith("kpi_"):
            continue
        above = ancestors(name, manifest)
        models = [one for one in above if one in texts]
        digest = hashlib.sha256()
        for one in (*sorted(models), name):
            digest.update(f"{one}\n{' '.join(texts[one].split())}\n".encode())
        found.append(
            Lineage(
                model=node["name"],
                sql=texts[name],
                models=tuple(one.split(".")[-1] for one in models),
                seeds=tuple(one.split(".")[-1] for one in above if one.startswith("seed.")),
                sources=tuple(".".join(one.split(".")[-2:]) for one in above if one.startswith("source.")),
                definition_hash=digest.hexdigest(),
            )
        )
    return tuple(found)


def ancestors(name: str, manifest: Mapping[str, Any]) -> list[str]:
    """Everything that a node is made from, farthest first, each once."""
    parents: Mapping[str, Sequence[str]] = manifest["parent_map"]
    order: dict[str, None] = {}

    def visit(one: str) -> None:
        for parent in sorted(parents.get(one, ())):
            if parent not in order:
                visit(parent)
                order[parent] = None

    visit(name)
    return list(order)


def neutral_words(as_of: datetime, key: str) -> dict[str, str]:
    """What a build fills into compiled SQL, and the words that stand for it."""
    local = local_moment(as_of)
    # The last full day is that day or the one before it, by the hour of the build: one word for both.
    yesterday = local - timedelta(days=1)
    return {
        f"'{as_of:%Y-%m-%d %H:%M:%S}'": "'<as_of>'",
        f"'{local:%Y-%m-%d %H:%M:%S}'": "'<as_of, local>'",
        f"'{local:%Y-%m-%d}'": "'<as_of, local day>'",
        f"'{yesterday:%Y-%m-%d}'": "'<as_of, local day>'",
        f"'{key}'": "'<key of pseudonyms>'",
    }


def neutralised(text: str, words: Mapping[str, str]) -> str:
    """Compiled SQL with the words that differ from build to build replaced."""
    for found, word in words.items():
        text = text.replace(found, word)
    return text

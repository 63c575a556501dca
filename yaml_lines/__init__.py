"""YAML 1.2 that remembers the line of every key: read by libyaml, ten times as fast as a reader in Python.

Mappings and lists are ordinary ones with an attribute `lc` (line and column, counted from 0): `lc.line`, where they
begin, and `lc.data[key]`, where each key or item begins. Plain scalars mean what YAML 1.2 says: `yes`, `no` and `12:30`
are texts, `010` is ten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from yaml import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["MarkedYAMLError", "YAMLError", "load"]

Reader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
TRUTH = {word: value for value in (True, False) for word in (str(value).lower(), str(value), str(value).upper())}
WHOLE = re.compile(r"[-+]?[0-9][0-9_]*")
OCTAL = re.compile(r"0o[0-7_]+")
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F_]+")
FRACTION = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?")
SPECIAL = {"inf": float("inf"), "+inf": float("inf"), "-inf": float("-inf"), "nan": float("nan")}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MERGE = "<<"


@dataclass
class Lines:
    """Where a mapping or list begins, and where each of its keys or items does: (line, column), counted from 0."""

    line: int
    col: int
    data: dict[Any, tuple[int, int]] = field(default_factory=dict)

    def key(self, key: Any) -> tuple[int, int]:
        """Where a key begins."""
        return self.data[key]


class PlacedMapping(dict[Any, Any]):
    """A mapping that knows its lines."""

    lc: Lines


class PlacedList(list[Any]):
    """A list that knows its lines."""

    lc: Lines


def load(text: str) -> Any:
    """The content of a YAML text; None for an empty one. Raises MarkedYAMLError or YAMLError."""
    node = yaml.compose(text, Loader=Reader)
    return None if node is None else _built(node, {})


def _built(node: Node, known: dict[int, Any]) -> Any:
    if id(node) in known:
        return known[id(node)]
    lines = Lines(node.start_mark.line, node.start_mark.column)
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        items = known[id(node)] = PlacedList()
        items.lc = lines
        for place, item in enumerate(node.value):
            lines.data[place] = (item.start_mark.line, item.start_mark.column)
            items.append(_built(item, known))
        return items
    mapping = known[id(node)] = PlacedMapping()
    mapping.lc = lines
    if isinstance(node, MappingNode):
        _fill(mapping, node, known)
    return mapping


def _fill(mapping: PlacedMapping, node: MappingNode, known: dict[int, Any]) -> None:
    merged: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        value = _built(value_node, known)
        if isinstance(key_node, ScalarNode) and not key_node.style and key_node.value == MERGE:
            for part in value if isinstance(value, list) else [value]:
                merged = {**part, **merged}
            continue
        key = _built(key_node, known)
        if isinstance(key, dict | list):
            raise MarkedYAMLError(None, None, "a key must be a text or a number", key_node.start_mark)
        if key in mapping:
            raise MarkedYAMLError(
                "while constructing a mapping", node.start_mark, f'found duplicate key "{key}"', key_node.start_mark
            )
        mapping[key] = value
        mapping.lc.data[key] = (key_node.start_mark.line, key_node.start_mark.column)
    for key, value in merged.items():
        mapping.setdefault(key, value)


def _scalar(node: ScalarNode) -> Any:
    text = node.value
    if node.style:  # quoted, or a block of text
        return text
    if text in NOTHING:
        return None
    if text in TRUTH:
        return TRUTH[text]
    first = text[0]
    if first in "0123456789+-.":
        return _number(text)
    return text


def _number(text: str) -> Any:
    if WHOLE.fullmatch(text):
        return int(text.replace("_", ""))
    if OCTAL.fullmatch(text):
        return int(text[2:].replace("_", ""), 8)
    if HEXADECIMAL.fullmatch(text):
        return int(text[2:].replace("_", ""), 16)
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if FRACTION.fullmatch(text):
        return float(text.replace("_", ""))
    name = text.lower().replace(".", "", 1)
    return SPECIAL[name] if name in SPECIAL and "." in text else text

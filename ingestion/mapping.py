"""Mappings: how a foreign export's headers, dialect and values become a contract's, without any code."""

from __future__ import annotations

import collections.abc
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mapping:
    """One mapping file: which table a foreign export is, and how its columns and values are called there.

    `columns` maps the file's header to the contract column; `dialect` overrides single dialect keys; `constants`
    gives a contract column a fixed text; `value_maps` maps, per contract column, the file's text to the contract's;
    `skip_rows` are the lines before the header.
    """

    table: str
    columns: collections.abc.Mapping[str, str] = field(default_factory=dict)
    dialect: collections.abc.Mapping[str, object] = field(default_factory=dict)
    constants: collections.abc.Mapping[str, str] = field(default_factory=dict)
    value_maps: collections.abc.Mapping[str, collections.abc.Mapping[str, str]] = field(default_factory=dict)
    skip_rows: int = 0

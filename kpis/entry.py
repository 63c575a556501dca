"""The strict check of one catalogue entry: keys, types, words in both languages, and what must go together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpis.definition import (
    AREAS,
    BETTER,
    CLOCKS,
    KINDS,
    LANGUAGES,
    MEASURES,
    MEASURES_OF,
    POINTS,
    UNITS,
    WINDOWS,
    Records,
    components_of,
)


@dataclass(frozen=True)
class Problem:
    """One error of the catalogue: where, what, and what to do about it."""

    path: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.message}. {self.remedy[:1].upper()}{self.remedy[1:]}."


_CHOICES = {
    "area": AREAS, "kind": KINDS, "unit": UNITS, "better": BETTER, "clock": CLOCKS, "measure": MEASURES,
    "window": WINDOWS, "points": POINTS,
}  # fmt: skip
_WORDS = ("label", "definition", "formula", "eligibility", "event_date", "owner")
_OPTIONAL = ("clock", "measure", "window", "points", "bounds", "headline", "signals", "restricted", "traps")
_REQUIRED = (
    "name", "area", *_WORDS, "authority", "kind", "unit", "decimals", "better", "minimum_n", "dimensions", "records",
)  # fmt: skip
_UNITS_OF = {
    "share": ("percent",),
    "score": ("points",),
    "count": ("count",),
    "calendar_days": ("days",),
    "business_days": ("business_days",),
    "elapsed_minutes": ("hours",),
    "business_minutes": ("business_hours",),
    "per_average": ("percent", "ratio", "brl", "hours", "count", "points"),
    **dict.fromkeys(("days", "countback", "cash_cycle"), ("days",)),
    "irr": ("percent",),
    "npv": ("brl",),
    "payback": ("months",),
}
_FIXED_COLUMNS = ("date_day", "business_unit")


def line_of(node: Any, key: str | int | None) -> int:
    """1-based line of a key (or item) of a node of `yaml_lines`, of the node itself without one; 1 where unknown."""
    marks = getattr(node, "lc", None)
    if marks is None:
        return 1
    if key is not None and marks.data and key in marks.data:
        return marks.data[key][0] + 1
    return (marks.line or 0) + 1


class _Checker:
    """Collects the problems of one entry; each check returns the clean value or None."""

    def __init__(self, shown: str, problems: list[Problem]) -> None:
        self.shown, self.problems = shown, problems

    def problem(self, node: Any, key: str | int | None, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.shown, line_of(node, key), message, remedy))

    def keys(self, node: Any, name: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        known = (*required, *optional)
        for key in node:
            if key not in known:
                if key == "target":
                    self.problem(node, key, "targets are dated", "write the target into seeds/kpi_targets.csv")
                    continue
                self.problem(node, key, f"unknown key {key!r} in {name}", f"use one of: {', '.join(known)}")
        for key in required:
            if key not in node:
                self.problem(node, None, f"{name} lacks {key!r}", f"add {key}:")

    def text(self, node: Any, key: str | int, name: str) -> str | None:
        value = node[key]
        if not isinstance(value, str) or not value.strip():
            self.problem(node, key, f"{name} {value!r} is not a text", "write a text, in quotes where YAML needs them")
            return None
        return str(value).strip()

    def choice(self, node: Any, key: str, allowed: tuple[str, ...]) -> str | None:
        value = node[key]
        if value not in allowed:
            self.problem(node, key, f"unknown {key} {value!r}", f"use one of: {', '.join(allowed)}")
            return None
        return str(value)

    def number(self, node: Any, key: str | int, name: str) -> float | None:
        value = node[key]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(node, key, f"{name} {value!r} is not a number", "write a number, a percentage as a fraction")
            return None
        return float(value)

    def whole(self, node: Any, key: str) -> int | None:
        value = node[key]
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.problem(node, key, f"{key} {value!r} is not a whole number", "write 0, 1, 2, …")
            return None
        return int(value)

    def words(self, node: Any, key: str) -> dict[str, str] | None:
        value = node[key]
        if not isinstance(value, dict):
            self.problem(node, key, f"{key} has no languages", f"write {key}: with {' and '.join(LANGUAGES)} below it")
            return None
        self.keys(value, key, LANGUAGES)
        texts = {lang: self.text(value, lang, f"{key} in {lang}") for lang in LANGUAGES if lang in value}
        return {lang: text for lang, text in texts.items() if text is not None}

    def texts(self, node: Any, key: str) -> tuple[str, ...] | None:
        value = node[key]
        if not isinstance(value, list):
            self.problem(node, key, f"{key} {value!r} is not a list", "write it as [one, another]")
            return None
        return tuple(text for i in range(len(value)) if (text := self.text(value, i, f"an item of {key}")) is not None)


def check_entry(entry: Any, model: Any, path: Path, shown: str, problems: list[Problem]) -> dict[str, Any]:
    """Check one `config.meta.kpi`; append what is wrong to `problems`, return the clean values by field of Kpi."""
    check = _Checker(shown, problems)
    check.keys(entry, "the KPI's entry", _REQUIRED, _OPTIONAL)
    values: dict[str, Any] = {}
    for key in _WORDS:
        if key in entry:
            values[key] = check.words(entry, key)
    for key, allowed in _CHOICES.items():
        if entry.get(key) is not None or (key in entry and key not in _OPTIONAL):
            values[key] = check.choice(entry, key, allowed)
    for key in ("name", "authority"):
        if key in entry:
            values[key] = check.text(entry, key, key)
    for key in ("decimals", "minimum_n"):
        if key in entry:
            values[key] = check.whole(entry, key)
    for key in ("headline", "signals"):
        if entry.get(key) is not None:
            values[key] = entry[key]
            if not isinstance(entry[key], bool):
                check.problem(entry, key, f"{key} {entry[key]!r} is not true or false", "write true or false")
    if "dimensions" in entry:
        values["dimensions"] = check.texts(entry, "dimensions")
    if entry.get("restricted") is not None:
        # A mark without its reason would be copied and never questioned.
        values["restricted"] = check.words(entry, "restricted") or {}
    values["bounds"] = _bounds(check, entry)
    values["traps"] = _traps(check, entry)
    values["records"] = _records(check, entry)
    _together(check, entry, values, path, model)
    return values


def _bounds(check: _Checker, entry: Any) -> tuple[float | None, float | None]:
    bounds = entry.get("bounds")
    if bounds is None:
        return (None, None)
    if not isinstance(bounds, list) or len(bounds) != 2:
        check.problem(entry, "bounds", f"bounds {bounds!r} are not a pair", "write [low, high], null for none")
        return (None, None)
    low, high = (None if item is None else check.number(bounds, i, "bound") for i, item in enumerate(bounds))
    if low is not None and high is not None and low >= high:
        check.problem(entry, "bounds", f"bounds {low} and {high} are not in order", "write the lower one first")
    return (low, high)


def _traps(check: _Checker, entry: Any) -> dict[str, tuple[str, ...]]:
    traps = entry.get("traps")
    if traps is None:
        return {}
    if not isinstance(traps, dict):
        check.problem(entry, "traps", "traps have no languages", f"write a list under each of {', '.join(LANGUAGES)}")
        return {}
    check.keys(traps, "traps", LANGUAGES)
    return {language: check.texts(traps, language) or () for language in LANGUAGES if language in traps}


def _records(check: _Checker, entry: Any) -> Records | None:
    records = entry.get("records")
    if "records" not in entry:
        return None
    if not isinstance(records, dict):
        check.problem(entry, "records", "records are not a mapping", "name at least model, date_column and columns")
        return None
    check.keys(records, "records", ("model", "date_column", "columns"), ("where", "value_column"))
    texts = {
        key: check.text(records, key, f"records.{key}")
        for key in ("model", "date_column", "where", "value_column")
        if records.get(key) is not None
    }
    columns = check.texts(records, "columns") if "columns" in records else None
    return Records(
        texts.get("model") or "", texts.get("date_column") or "", texts.get("where"), texts.get("value_column"),
        columns or (),
    )  # fmt: skip


def _together(check: _Checker, entry: Any, values: dict[str, Any], path: Path, model: Any) -> None:
    """Rules across keys, and between the entry, its model and its folder."""
    name, kind, model_name = values.get("name"), values.get("kind"), model["name"]
    if name is not None and not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        check.problem(entry, "name", f"name {name!r} is not in snake case", "use small letters, digits and _")
    if name is not None and model_name != f"kpi_{name}":
        check.problem(entry, "name", f"KPI {name} stands at model {model_name}", f"call the model kpi_{name}")
    if not path.with_name(f"{model_name}.sql").is_file():
        check.problem(model, "name", f"no model {model_name}.sql beside this file", f"write {model_name}.sql here")
    area = values.get("area")
    if area is not None and area != path.parent.name:
        check.problem(entry, "area", f"area {area} in the folder {path.parent.name}", "move the entry or mend the area")
    _belonging(check, entry, values)
    unit = values.get("unit")
    for key in (kind, values.get("clock"), values.get("measure")):
        if unit is not None and key in _UNITS_OF and unit not in _UNITS_OF[key]:
            check.problem(entry, "unit", f"unit {unit} does not suit {key}", f"use {' or '.join(_UNITS_OF[key])}")
    _dimensions(check, entry, values, model)


def _belonging(check: _Checker, entry: Any, values: dict[str, Any]) -> None:
    """Keys that only some kinds have, and must have; and the options of a balance that its measure cannot use."""
    kind, measure = values.get("kind"), values.get("measure")
    if kind is None:
        return
    kinds_of = {"clock": ("duration",), "measure": tuple(MEASURES_OF), "window": ("balance",), "points": ("balance",)}
    for key, kinds in kinds_of.items():
        allowed = MEASURES_OF.get(kind, MEASURES) if key == "measure" else _CHOICES[key]
        if kind in kinds and key in ("clock", "measure") and entry.get(key) is None:
            check.problem(entry, "kind", f"a {kind} without {key}", f"add {key}: {' | '.join(allowed)}")
        elif kind not in kinds and entry.get(key) is not None:
            check.problem(entry, key, f"{key} at a {kind}", f"remove {key}: it belongs to {' and '.join(kinds)}")
        elif kind in kinds and values.get(key) is not None and values[key] not in allowed:
            check.problem(entry, key, f"{key} {values[key]} at a {kind}", f"use one of: {', '.join(allowed)}")
    if measure == "countback":
        for key in ("window", "points"):
            if entry.get(key) is not None:
                check.problem(
                    entry, key, f"{key} at a countback", f"remove {key}: it counts back from the period's last day"
                )


def _dimensions(check: _Checker, entry: Any, values: dict[str, Any], model: Any) -> None:
    dimensions, kind, measure = values.get("dimensions"), values.get("kind"), values.get("measure")
    if dimensions is None:
        return
    if not dimensions or dimensions[0] != "business_unit":
        check.problem(entry, "dimensions", "the first dimension is not business_unit", "begin with business_unit")
    for twice in sorted({name for name in dimensions if dimensions.count(name) > 1}):
        check.problem(entry, "dimensions", f"dimension {twice} is named twice", "name it once")
    columns = model.get("columns")
    if kind is None or not isinstance(columns, list):
        return
    names = {column.get("name"): column for column in columns if isinstance(column, dict)}
    components = components_of(kind, measure)
    for name, column in names.items():
        if name not in (*_FIXED_COLUMNS, *components, *dimensions):
            check.problem(
                column, "name", f"column {name} is neither a component of a {kind} nor a declared dimension",
                f"add {name} to dimensions or remove the column",
            )  # fmt: skip
    for name in (*_FIXED_COLUMNS[:1], *components, *dimensions):
        if name not in names:
            check.problem(model, "name", f"column {name} is missing from the model's columns", f"add - name: {name}")

"""Contracts: what each export looks like, read from the dbt source entries beside the models.

The YAML under `models/staging/<system>/_<system>__sources.yml` is the only truth. Every mistake in it is reported
with the file, the line and what to write instead, before a single export is opened.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from ingestion.contract import ENCODINGS, RAW_TYPES, Column, Contract, Dialect, fold
from ingestion.readers import TABLE_READERS
from ingestion.yaml_places import ContractError, Place, read_yaml

__all__ = ["ENCODINGS", "Column", "Contract", "ContractError", "Dialect", "fold", "load_contracts"]

NUMERIC_TYPES = ("integer", "number", "money", "precise")
EXPORTS = ("incremental", "full")
PERSONAL_CLASSES = ("none", "personal", "restricted")
FORMAT_PARTS = ("dd", "mm", "yyyy", "yy", "hh", "ss", "d", "m", "h")  # the longer of two first

_CONTRACT_KEYS = {
    "label", "files", "readers", "dialect", "key", "export", "control_column", "scope", "maximum_shrink",
}  # fmt: skip
_DIALECT_KEYS = {"delimiter", "quote", "encodings", "decimal", "date_format", "timestamp_format", "timezone"}
_COLUMN_KEYS = {
    "type", "required", "headers", "allowed", "minimum", "maximum", "pattern", "default", "personal",
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def load_contracts(root: Path) -> dict[str, Contract]:
    """Contracts of every `_*__sources.yml` under `root` (the project or its models folder), by `source.table`.

    Raises ContractError, naming file, line and remedy, for YAML that cannot be read or a contract that breaks a rule.
    """
    folder = root / "models" if (root / "models").is_dir() else root
    contracts: dict[str, Contract] = {}
    for path in sorted(folder.rglob("_*__sources.yml")):
        status = path.stat()
        for contract in _contracts_of(path, status.st_mtime_ns, status.st_size):
            if contract.name in contracts:
                first = contracts[contract.name]
                raise ContractError(
                    f"{path}, line {contract.line}: {contract.name} was described before in {first.path}, "
                    f"line {first.line}. Keep one of the two."
                )
            contracts[contract.name] = contract
    if not contracts:
        raise ContractError(f"{folder}: no file _<system>__sources.yml with a contract. Check the folder.")
    return contracts


@functools.lru_cache(maxsize=64)
def _contracts_of(path: Path, changed: int, size: int) -> tuple[Contract, ...]:
    # Reading YAML with its line numbers takes a tenth of a second a file; one process asks several times.
    return tuple(_read(path))


def _read(path: Path) -> Iterator[Contract]:
    top = read_yaml(path)
    for source_node in top.node.get("sources", []):
        source = Place(path, source_node, source_node.lc.line + 1, "a source")
        system = source.text("name")
        for table_node in source.node.get("tables", []):
            table = Place(path, table_node, table_node.lc.line + 1, f"a table of {system}")
            meta = table.inner("config", "config").inner("meta", "meta")
            if "contract" in meta.node:
                yield _contract(system, table, meta.inner("contract", f"contract {system}.{table.text('name')}"))


def _contract(system: str, table: Place, place: Place) -> Contract:
    place.only(_CONTRACT_KEYS)
    columns: list[Column] = []
    for node in table.node.get("columns", []):
        column = _column(Place(table.path, node, node.lc.line + 1, f"a column of {system}.{table.node['name']}"))
        if any(other.name == column.name for other in columns):
            raise table.error(f'{place.what}: column "{column.name}" (line {column.line}) is described twice')
        columns.append(column)
    names = [column.name for column in columns]
    key = place.texts("key")
    control = place.node.get("control_column")
    # One company's full export says nothing about another company's rows.
    scope = ("company",) if "company" in key and len(key) > 1 else ()
    if "scope" in place.node:
        scope = place.texts("scope") if place.node["scope"] else ()
    for where, named in (("key", key), ("control_column", (control,) if control else ()), ("scope", scope)):
        for name in named:
            if name not in names:
                raise place.error(f'{place.what}: "{name}" is not a column of the table', where)
    if control and columns[names.index(control)].type not in NUMERIC_TYPES:
        raise place.error(f'{place.what}: control column "{control}" must be of type money, number or integer',
                          "control_column")  # fmt: skip
    label = place.words("label", needed=True)
    return Contract(
        source=system,
        table=table.text("name"),
        label={language: words[0] for language, words in label.items()},
        files=place.texts("files"),
        readers=_readers(place.texts("readers")),
        dialect=_dialect(place.inner("dialect", f"{place.what}, dialect")),
        key=key,
        export=place.choice("export", EXPORTS, "incremental"),
        control_column=control,
        columns=tuple(columns),
        scope=scope,
        maximum_shrink=_share(place, "maximum_shrink"),
        description=str(table.node.get("description", "")),
        path=table.path,
        line=table.line,
    )


def _share(place: Place, key: str) -> float | None:
    share = place.number(key)
    if share is not None and not 0 <= share <= 1:
        raise place.error(f"{place.what}: {key} must be a share between 0 and 1 (0.2 is 20 %)", key)
    return None if share is None else float(share)


def _readers(names: tuple[str, ...]) -> tuple[str, ...]:
    """The readers of a contract: what is exported as one kind of table (CSV) may come as any other (ODS, JSON)."""
    tables = TABLE_READERS if any(name in TABLE_READERS for name in names) else ()
    return (*tables, *(name for name in names if name not in tables))


def _dialect(place: Place) -> Dialect:
    place.only(_DIALECT_KEYS)
    usual = Dialect()
    encodings = place.texts("encodings", usual.encodings)
    for encoding in encodings:
        if encoding not in ENCODINGS:
            raise place.error(f'encoding "{encoding}" is not one of {", ".join(ENCODINGS)}', "encodings")
    timezone = place.text("timezone", usual.timezone)
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise place.error(f'timezone "{timezone}" does not exist (America/Sao_Paulo is one)', "timezone") from None
    dialect = Dialect(
        delimiter=place.text("delimiter", usual.delimiter),
        quote=place.text("quote", usual.quote),
        encodings=encodings,
        decimal=place.choice("decimal", (",", "."), usual.decimal),
        date_format=place.text("date_format", usual.date_format),
        timestamp_format=place.text("timestamp_format", usual.timestamp_format),
        timezone=timezone,
    )
    for key in ("date_format", "timestamp_format"):
        left = re.sub("|".join(FORMAT_PARTS), "", getattr(dialect, key))
        if re.search(r"[A-Za-z]", left.replace("T", "").replace("Z", "")):
            raise place.error(f'{key} "{getattr(dialect, key)}" may use only {", ".join(FORMAT_PARTS)}', key)
    for key in ("delimiter", "quote"):
        if len(getattr(dialect, key)) != 1:
            raise place.error(f"{key} must be one character", key)
    return dialect


def _column(entry: Place) -> Column:
    name = entry.text("name")
    if not _NAME.fullmatch(name):
        raise entry.error(f'column "{name}": a name has only small letters, digits and _', "name")
    place = entry.inner("config", f"column {name}").inner("meta", f"column {name}")
    place.only(_COLUMN_KEYS)
    pattern = place.node.get("pattern")
    if pattern is not None:
        try:
            re.compile(pattern)
        except (re.error, TypeError) as error:
            raise place.error(f'column {name}: pattern "{pattern}" is not a regular expression: {error}',
                              "pattern") from None  # fmt: skip
    allowed_place = place.inner("allowed", f"column {name}, allowed")
    allowed = {
        str(value): tuple(str(synonym) for synonym in (synonyms or ()))
        for value, synonyms in allowed_place.node.items()
    }
    seen: dict[str, str] = {}
    for value, synonyms in allowed.items():
        for word in (value, *synonyms):
            if seen.setdefault(fold(word), value) != value:
                raise allowed_place.error(f'column {name}: "{word}" means both {seen[fold(word)]} and {value}', value)
    required = place.node.get("required", False)
    if not isinstance(required, bool):
        raise place.error(f"column {name}: required must be true or false", "required")
    default = place.node.get("default")
    return Column(
        name=name,
        type=place.choice("type", tuple(RAW_TYPES), "text"),
        required=required,
        headers=place.words("headers", needed=True),
        allowed=allowed,
        minimum=place.number("minimum"),
        maximum=place.number("maximum"),
        pattern=pattern,
        default=None if default is None else str(default),
        personal=place.choice("personal", PERSONAL_CLASSES, "none"),
        description=str(entry.node.get("description", "")),
        line=entry.line,
    )

"""Mappings: how a foreign export's headers, dialect and values become a contract's, without any code.

The format is documented, with a full example, in data/mappings/README.md. Every mistake in a mapping file is
reported with the file, the line and what to write instead.
"""

from __future__ import annotations

import collections.abc
import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.contracts import (
    ENCODINGS,
    FORMAT_PARTS,
    Contract,
    ContractError,
    Dialect,
    fold,
)
from ingestion.export_names import is_called
from ingestion.mapping_rows import DroppedRows, Join, dropped_rows, join_of
from ingestion.near_names import near_in_brackets
from ingestion.yaml_places import Place, read_yaml

_KEYS = {
    "table", "match", "sheet", "header_line", "dialect", "columns", "copies", "constants", "values", "lookups",
    "ignore", "currencies", "joins", "negate", "drop_rows", "preset",
}  # fmt: skip
_DIALECT_KEYS = {each.name for each in dataclasses.fields(Dialect)}
_LOOKUP_KEYS = {"from", "values", "otherwise"}
OTHERWISE = "*"  # in a value map: every text that is not listed


class MappingError(ContractError):
    """A mapping file that cannot be used; the text names the file, the line and the remedy."""


@dataclass(frozen=True)
class Lookup:
    """A column filled from another one: `values` maps the other column's text, `otherwise` is for all the rest."""

    from_column: str
    values: collections.abc.Mapping[str, str]
    otherwise: str | None = None


@dataclass(frozen=True)
class Mapping:
    """One mapping file: which table a foreign export is, and how its columns and values are called there.

    `columns` maps the file's header to the contract column, and comes before the contract's own headers, which count
    for all others; `dialect` overrides single dialect keys; `constants`
    gives a contract column a fixed text; `value_maps` maps, per contract column, the file's text to the contract's
    (`*` for all others); `copies` fills a column with another one's text; `lookups` fills a column by looking up
    another one's text; `skip_rows` are the lines before the header; `ignored` are headers that are knowingly left
    out; `sheet` is the workbook's sheet; `currencies` are the currencies that an OFX statement may be in; `joins`
    fills a column from several headers; `drop_rows` are the rows that are left out; `negated` are amounts whose sign is turned round.
    """

    table: str
    columns: collections.abc.Mapping[str, str] = field(default_factory=dict)
    dialect: collections.abc.Mapping[str, object] = field(default_factory=dict)
    constants: collections.abc.Mapping[str, str] = field(default_factory=dict)
    value_maps: collections.abc.Mapping[str, collections.abc.Mapping[str, str]] = field(default_factory=dict)
    skip_rows: int = 0
    copies: collections.abc.Mapping[str, str] = field(default_factory=dict)
    lookups: collections.abc.Mapping[str, Lookup] = field(default_factory=dict)
    match: tuple[str, ...] = ()
    sheet: str | None = None
    ignored: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ("BRL",)
    joins: collections.abc.Mapping[str, Join] = field(default_factory=dict)
    drop_rows: tuple[DroppedRows, ...] = ()
    negated: tuple[str, ...] = ()
    path: Path | None = None

    def matches(self, file_name: str) -> bool:
        """Whether one of the globs fits the file's name, in any case."""
        return is_called(file_name, self.match)

    def filled_columns(self) -> set[str]:
        """Contract columns that the mapping gives a value, whether or not the file has a header for them."""
        return {*self.columns.values(), *self.constants, *self.copies, *self.lookups, *self.joins}

    def further_headers(self) -> tuple[str, ...]:
        """Headers of the file that joins and dropped rows look at."""
        joined = [header for join in self.joins.values() for header in join.headers]
        return (*joined, *(drop.header for drop in self.drop_rows))

    def dialect_over(self, usual: Dialect) -> Dialect:
        """The contract's dialect with this mapping's overrides."""
        return dataclasses.replace(usual, **dict(self.dialect))


def load_mapping(path: Path, contracts: collections.abc.Mapping[str, Contract]) -> Mapping:
    """Read and check one mapping file.

    Raises MappingError, naming file, line and remedy, for YAML that cannot be read, an unknown key, table or column,
    a column filled twice, or a wrong dialect. That every required column is filled can only be seen with the file.
    """
    if not path.is_file():
        raise MappingError(f"{path}: there is no such mapping file. Check the path.")
    try:
        top = read_yaml(path)
        top.what = "the mapping"
        top.only(_KEYS)
        return _mapping(top, contracts)
    except MappingError:
        raise
    except ContractError as error:
        raise MappingError(str(error)) from error


def _mapping(top: Place, contracts: collections.abc.Mapping[str, Contract]) -> Mapping:
    table = top.text("table")
    contract = contracts.get(table)
    if contract is None:
        raise top.error(f'table "{table}" has no contract{near_in_brackets(table, contracts)}', "table")
    header_line = top.node.get("header_line", 1)
    if not isinstance(header_line, int) or isinstance(header_line, bool) or header_line < 1:
        raise top.error('"header_line" must be a whole number from 1: the line that holds the headers', "header_line")
    columns = _texts_by_name(top, "columns")
    constants = _texts_by_name(top, "constants")
    copies = _texts_by_name(top, "copies")
    lookups_place = top.inner("lookups", "lookups")
    lookups = {column: _lookup(lookups_place, column) for column in lookups_place.node}
    joins_place = top.inner("joins", "joins")
    joins = {column: join_of(joins_place, column) for column in joins_place.node}
    negated = top.texts("negate") if "negate" in top.node else ()
    values_place = top.inner("values", "values")
    value_maps = {column: _texts_by_name(values_place, column) for column in values_place.node}
    for section, names in (
        ("columns", tuple(columns.values())),
        ("constants", tuple(constants)),
        ("copies", (*copies, *copies.values())),
        ("lookups", (*lookups, *(lookup.from_column for lookup in lookups.values()))),
        ("joins", tuple(joins)),
        ("negate", negated),
        ("values", tuple(value_maps)),
    ):
        place = top if section == "negate" else top.inner(section, section)
        for name in names:
            _known_column(place, name, contract, next((key for key, to in columns.items() if to == name), name))
    _filled_once(top, columns, {"constants": constants, "copies": copies, "lookups": lookups, "joins": joins})
    return Mapping(
        table=table,
        columns=columns,
        dialect=_dialect(top.inner("dialect", "dialect")),
        constants=constants,
        value_maps=value_maps,
        skip_rows=header_line - 1,
        copies=copies,
        lookups=lookups,
        match=top.texts("match") if "match" in top.node else (),
        sheet=top.text("sheet") if "sheet" in top.node else None,
        ignored=top.texts("ignore") if "ignore" in top.node else (),
        currencies=top.texts("currencies") if "currencies" in top.node else ("BRL",),
        joins=joins,
        drop_rows=dropped_rows(top),
        negated=negated,
        path=top.path,
    )


def _texts_by_name(place: Place, key: str) -> dict[str, str]:
    inner = place.inner(key, key)
    result: dict[str, str] = {}
    for name, value in inner.node.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise inner.error(f'{key}: "{name}" must be followed by one text', name)
        if not isinstance(value, str):
            # 01 or 1.0 would already have lost its zeros when YAML read it as a number.
            raise inner.error(f'{key}: write "{name}" as a text, in quotation marks: "{value}"', name)
        result[str(name)] = str(value)
    return result


def _lookup(place: Place, column: str) -> Lookup:
    inner = place.inner(column, f"lookups, {column}")
    inner.only(_LOOKUP_KEYS)
    otherwise = inner.text("otherwise") if "otherwise" in inner.node else None
    return Lookup(inner.text("from"), _texts_by_name(inner, "values"), otherwise)


def _known_column(place: Place, name: str, contract: Contract, key: str) -> None:
    names = [column.name for column in contract.columns]
    if name not in names:
        raise place.error(f'{place.what}: {contract.name} has no column "{name}"{near_in_brackets(name, names)}. Known are: '
                          f"{', '.join(names)}", key)  # fmt: skip


def _filled_once(
    top: Place, columns: dict[str, str], others: collections.abc.Mapping[str, collections.abc.Iterable[str]]
) -> None:
    seen: dict[str, str] = {}
    by_section = [
        ("columns", [(column, f'header "{header}"', header) for header, column in columns.items()]),
        *((section, [(column, section, column) for column in names]) for section, names in others.items()),
    ]
    for section, filled in by_section:
        for column, where, key in filled:
            if column in seen:
                raise top.inner(section, section).error(
                    f'column "{column}" is filled twice: by {seen[column]} and by {where}. Keep one', key
                )
            seen[column] = where
    headers: dict[str, str] = {}
    for header in columns:
        if fold(header) in headers:
            raise top.inner("columns", "columns").error(
                f'headers "{headers[fold(header)]}" and "{header}" are the same (case, accents and spaces do not '
                "count). Keep one",
                header,
            )
        headers[fold(header)] = header


def _dialect(place: Place) -> dict[str, object]:
    place.only(_DIALECT_KEYS)
    overrides: dict[str, object] = {}
    for key in place.node:
        if key == "encodings":
            encodings = place.texts(key)
            for encoding in encodings:
                if encoding not in ENCODINGS:
                    raise place.error(f'encoding "{encoding}" is not one of {", ".join(ENCODINGS)}', key)
            overrides[key] = encodings
            continue
        value = place.text(key)
        if key in ("delimiter", "quote") and len(value) != 1:
            raise place.error(f'{key} must be one character ("\\t" for a tab)', key)
        if key == "decimal" and value not in (",", "."):
            raise place.error('decimal must be "," or "."', key)
        if key.endswith("_format"):
            left = value
            for part in FORMAT_PARTS:
                left = left.replace(part, "")
            if any(mark.isalpha() and mark not in "TZ" for mark in left):
                raise place.error(f'{key} "{value}" may use only {", ".join(FORMAT_PARTS)}', key)
        overrides[key] = value
    return overrides

"""A mapping's constants, copies, lookups and value maps, laid over a text relation in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ingestion.contracts import Contract, fold
from ingestion.mapping import OTHERWISE
from ingestion.mapping import Mapping as MappingFile

if TYPE_CHECKING:
    import duckdb


def lay_mapping(
    connection: duckdb.DuckDBPyConnection, relation: str, contract: Contract, mapping: MappingFile | None
) -> str:
    """Name of a temporary view over `relation` with the mapping's columns filled; `relation` itself without a mapping.

    Copies and lookups take the text of the file; value maps come last and hold for every column, filled or read.
    Columns that the contract does not have are left out, so one mapping may serve both tables of an OFX file.
    """
    if mapping is None or not (mapping.constants or mapping.copies or mapping.lookups or mapping.value_maps):
        return relation
    names = {column.name for column in contract.columns}
    present = [row[0] for row in connection.execute(f'describe "{relation}"').fetchall()]
    expressions = {name: _name(name) for name in present}
    for column, origin in mapping.copies.items():
        if column in names and origin in present:
            expressions[column] = _name(origin)
    for column, lookup in mapping.lookups.items():
        if column in names and lookup.from_column in present:
            expressions[column] = _case(_name(lookup.from_column), lookup.values, lookup.otherwise)
    for column, text in mapping.constants.items():
        if column in names:
            expressions[column] = _text(text)
    for column, values in mapping.value_maps.items():
        if column in expressions:
            listed = {text: value for text, value in values.items() if text != OTHERWISE}
            inner = expressions[column]
            expressions[column] = _case(inner, listed, values.get(OTHERWISE), keep=inner)
    columns = ", ".join(f"{expression} as {_name(name)}" for name, expression in expressions.items())
    view = f"{relation}_mapped"
    select = f"select {columns} from {_name(relation)}"  # noqa: S608 (names and texts are quoted)
    connection.execute(f"create or replace temp view {_name(view)} as {select}")
    return view


def _case(expression: str, values: Mapping[str, str], otherwise: str | None, keep: str = "null") -> str:
    last = _text(otherwise) if otherwise is not None else keep
    if not values:
        return last
    folded = f"lower(strip_accents(trim(regexp_replace({expression}, '[\\s_]+', ' ', 'g'))))"
    whens = " ".join(f"when {_text(fold(text))} then {_text(value)}" for text, value in values.items())
    return f"case {folded} {whens} else {last} end"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

"""A mapping's joins, constants, copies, lookups, value maps and dropped rows, laid over a text relation in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ingestion.contracts import Contract, fold
from ingestion.extra_columns import PREFIX, read_as
from ingestion.mapping import OTHERWISE
from ingestion.mapping import Mapping as MappingFile
from ingestion.readers import RejectedFile

if TYPE_CHECKING:
    import duckdb


def lay_mapping(
    connection: duckdb.DuckDBPyConnection, relation: str, contract: Contract, mapping: MappingFile | None
) -> str:
    """Name of a temporary view over `relation` with the mapping's columns filled; `relation` itself without a mapping.

    Joins, copies and lookups take the text of the file; value maps come last and hold for every column, filled or
    read. Rows to be left out have the reason in `_left_out`, and `_closes` says whether they end what was known.
    Columns that the contract does not have are left out, so one mapping may serve both tables of an OFX file.
    Raises RejectedFile for a header of joins or dropped rows that the file does not have.
    """
    if mapping is None or not (
        mapping.constants
        or mapping.copies
        or mapping.lookups
        or mapping.value_maps
        or mapping.further_headers()
        or mapping.negated
    ):
        return relation
    names = {column.name for column in contract.columns}
    present = [row[0] for row in connection.execute(f'describe "{relation}"').fetchall()]
    _refuse_missing(present, contract, mapping)
    expressions = {name: _name(name) for name in present if not name.startswith(PREFIX)}
    for column, join in mapping.joins.items():
        if column in names:
            parts = ", ".join(
                f"nullif(trim({_name(read_as(contract, mapping, header))}), '')" for header in join.headers
            )
            expressions[column] = f"nullif(concat_ws({_text(join.separator)}, {parts}), '')"
    for column, origin in mapping.copies.items():
        if column in names and origin in present:
            expressions[column] = _name(origin)
    for column, lookup in mapping.lookups.items():
        if column in names and lookup.from_column in present:
            expressions[column] = _case(_name(lookup.from_column), lookup.values, lookup.otherwise)
    for column, text in mapping.constants.items():
        if column in names:
            expressions[column] = _text(text)
    for column in mapping.negated:
        if column in expressions:
            text = f"trim({expressions[column]})"
            turned = f"case when starts_with({text}, '-') then ltrim(substr({text}, 2)) else '-' || {text} end"
            expressions[column] = f"case when {text} <> '' then {turned} end"
    for column, values in mapping.value_maps.items():
        if column in expressions:
            listed = {text: value for text, value in values.items() if text != OTHERWISE}
            inner = expressions[column]
            expressions[column] = _case(inner, listed, values.get(OTHERWISE), keep=inner)
    if mapping.drop_rows:
        expressions |= _left_out(contract, mapping)
    columns = ", ".join(f"{expression} as {_name(name)}" for name, expression in expressions.items())
    view = f"{relation}_mapped"
    select = f"select {columns} from {_name(relation)}"  # noqa: S608 (names and texts are quoted)
    connection.execute(f"create or replace temp view {_name(view)} as {select}")
    return view


def _refuse_missing(present: list[str], contract: Contract, mapping: MappingFile) -> None:
    missing = [header for header in mapping.further_headers() if read_as(contract, mapping, header) not in present]
    if missing:
        # Without the column every row would stay, deleted and cancelled ones too.
        named = ", ".join(f'"{header}"' for header in dict.fromkeys(missing))
        raise RejectedFile(
            f"The mapping needs the headers {named} (joins, drop_rows), and the file does not have them.",
            "Export the file again with these columns, or correct the mapping.",
        )


def _left_out(contract: Contract, mapping: MappingFile) -> dict[str, str]:
    """Expressions of `_left_out` (the first reason that holds) and `_closes` (whether one of those that hold closes)."""
    reasons, closing = [], []
    for drop in mapping.drop_rows:
        values = ", ".join(_text(fold(value)) for value in drop.values)
        text = _folded(f"coalesce({_name(read_as(contract, mapping, drop.header))}, '')")
        if drop.condition == "starting_with":
            starts = " or ".join(f"starts_with({text}, {_text(fold(value))})" for value in drop.values)
            condition = f"({starts})"
        else:
            condition = f"{text} {'not in' if drop.condition == 'other_than' else 'in'} ({values})"
        reasons.append(f"when {condition} then {_text(drop.reason)}")
        if drop.closes:
            closing.append(f"({condition})")
    return {"_left_out": f"case {' '.join(reasons)} end", "_closes": " or ".join(closing) or "false"}


def _folded(expression: str) -> str:
    return f"lower(strip_accents(trim(regexp_replace({expression}, '[\\s_]+', ' ', 'g'))))"


def _case(expression: str, values: Mapping[str, str], otherwise: str | None, keep: str = "null") -> str:
    last = _text(otherwise) if otherwise is not None else keep
    if not values:
        return last
    # A blank cell is null; where a blank has a meaning of its own it must be compared.
    folded = _folded(f"coalesce({expression}, '')" if "" in values else expression)
    whens = " ".join(f"when {_text(fold(text))} then {_text(value)}" for text, value in values.items())
    return f"case {folded} {whens} else {last} end"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

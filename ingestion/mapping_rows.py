"""Parts of a mapping that look at headers which no contract has: columns joined from several, rows left out."""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.yaml_places import Place

_JOIN_KEYS = {"from", "separator"}
_DROP_KEYS = {"column", "values", "other_than", "starting_with", "reason", "closes"}
_DROP_CONDITIONS = ("values", "other_than", "starting_with")


@dataclass(frozen=True)
class Join:
    """A column filled from several headers of the file: their texts, blank ones left out, with `separator` between."""

    headers: tuple[str, ...]
    separator: str = "-"


@dataclass(frozen=True)
class DroppedRows:
    """Rows of the file that are none of the table's: counted and told with their reason, never loaded.

    `header` is a header of the file; `condition` says which of its texts leave a row out: one of `values` ("" is a
    blank cell), any `other_than` these, or one `starting_with` one of them. `closes`: such a row says that what was
    loaded before no longer holds (deleted, cancelled), so that the version known by its key is closed.
    """

    header: str
    values: tuple[str, ...]
    reason: str
    condition: str = "values"
    closes: bool = False


def join_of(place: Place, column: str) -> Join:
    """The join of a column, from the mapping's section `joins`. Raises ContractError for a mistake in it."""
    inner = place.inner(column, f"joins, {column}")
    inner.only(_JOIN_KEYS)
    return Join(inner.texts("from"), str(inner.node.get("separator", "-")))


def dropped_rows(top: Place) -> tuple[DroppedRows, ...]:
    """The conditions of the mapping's section `drop_rows`. Raises ContractError for a mistake in one."""
    nodes = top.node.get("drop_rows", [])
    if not isinstance(nodes, list):
        raise top.error('"drop_rows" must be a list of conditions: column, values (or other_than), reason', "drop_rows")
    return tuple(_dropped(Place(top.path, node, top.line_of("drop_rows"), "drop_rows")) for node in nodes)


def _dropped(place: Place) -> DroppedRows:
    place.only(_DROP_KEYS)
    given = [key for key in _DROP_CONDITIONS if key in place.node]
    if len(given) != 1:
        raise place.error(f"drop_rows: a condition has one of {', '.join(_DROP_CONDITIONS)}")
    values = place.node[given[0]]
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise place.error(f'drop_rows: "{given[0]}" must be a list of texts in quotation marks ("" is a blank cell)')
    closes = place.node.get("closes", False)
    if not isinstance(closes, bool):
        raise place.error('drop_rows: "closes" must be true or false')
    return DroppedRows(place.text("column"), tuple(map(str, values)), place.text("reason"), given[0], closes)

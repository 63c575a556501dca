"""What a connection file says: which tables come from where, checked before anything is opened.

A file `data/connections/NAME.yml` describes one database or one API. The format, with full examples, is in
docs/connections.md; every mistake is told with the file, the line and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from ingestion.connections.connection import (
    Authentication,
    Connection,
    ConnectionFault,
    Database,
    DatabaseTable,
    Paging,
    RestApi,
    RestTable,
)
from ingestion.connections.secrets import secret_at
from ingestion.contracts import Contract
from ingestion.near_names import near_in_brackets
from ingestion.yaml_places import ContractError, Place, read_yaml

PAGINGS = ("none", "page", "offset", "cursor", "next_link", "link_header")
AUTHENTICATIONS = ("bearer", "api_key", "basic")
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_OVERLAP = re.compile(r"(\d+) (second|minute|hour|day)s?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PAGING_KEYS = {
    "kind", "parameter", "first", "total", "more", "size", "size_parameter", "next", "body_path", "maximum_pages",
}  # fmt: skip


def load_connections(folder: Path, contracts: Mapping[str, Contract]) -> dict[str, Connection]:
    """All connections of a folder by name (the file's stem). Raises ConnectionFault with file, line and remedy."""
    found: dict[str, Connection] = {}
    for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        found[path.stem] = load_connection(path, contracts)
    return found


def load_connection(path: Path, contracts: Mapping[str, Contract]) -> Connection:
    """Read and check one connection file. Raises ConnectionFault with file, line and remedy."""
    try:
        top = read_yaml(path)
        top.what = "the connection"
        if not _NAME.fullmatch(path.stem):
            raise top.error(f'"{path.stem}" names files: use small letters, digits and _ only')
        kind = top.choice("kind", ("database", "rest"), "")
        return _database(top, contracts) if kind == "database" else _rest(top, contracts)
    except ConnectionFault:
        raise
    except ContractError as error:
        raise ConnectionFault(str(error)) from error


def _database(top: Place, contracts: Mapping[str, Contract]) -> Database:
    top.only({"kind", "url", "password", "tables", "batch_rows"})
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(top.text("url"))
    except ArgumentError:
        raise top.error('"url" must look like postgresql+psycopg://user@host:5432/database', "url") from None
    if address.password:
        raise top.error('"url" holds a password. Take it out, and name its place under "password"', "url")
    tables: list[DatabaseTable] = []
    for place in _tables(top, contracts):
        place.only({"query", "high_water", "overlap"})
        high_water = place.text("high_water") if "high_water" in place.node else None
        _not_for_full_exports(place, contracts, high_water)
        tables.append(DatabaseTable(place.what, _query(place), high_water, _overlap(place)))
    password = secret_at(top, "password") if "password" in top.node else None
    return Database(
        top.path.stem, top.path, top.text("url"), password, tuple(tables), _count(top, "batch_rows", 20_000)
    )


def _query(place: Place) -> str:
    query = place.text("query").strip().rstrip(";").strip()
    if not re.match(r"(?is)(select|with)\b", query):
        raise place.error(f"{place.what}: the query must begin with select or with; nothing is ever written", "query")
    return query


def _rest(top: Place, contracts: Mapping[str, Contract]) -> RestApi:
    top.only(
        {"kind", "base_url", "headers", "authentication", "tables", "attempts", "backoff_seconds", "timeout_seconds"}
    )
    base_url = top.text("base_url").rstrip("/")
    if not re.match(r"https?://[^/@\s]+", base_url):
        raise top.error('"base_url" must look like https://api.example/v1, without a user or a password', "base_url")
    tables: list[RestTable] = []
    for place in _tables(top, contracts):
        place.only({"path", "method", "parameters", "body", "rows", "paging", "high_water", "overlap"})
        water = place.inner("high_water", f"{place.what}, high_water")
        water.only({"field", "parameter"})
        high_water = water.text("field") if water.node else None
        _not_for_full_exports(place, contracts, high_water)
        tables.append(
            RestTable(
                place.what,
                place.text("path"),
                place.choice("method", ("GET", "POST"), "GET"),
                _values(place, "parameters"),
                _values(place, "body") if "body" in place.node else None,
                place.text("rows", "$"),
                _paging(place.inner("paging", f"{place.what}, paging")),
                high_water,
                water.text("parameter") if water.node else None,
                _overlap(place),
            )
        )
    return RestApi(
        top.path.stem,
        top.path,
        base_url,
        _values(top, "headers"),
        _authentication(top),
        tuple(tables),
        _count(top, "attempts", 5),
        _seconds(top, "backoff_seconds", 1.0),
        _seconds(top, "timeout_seconds", 60.0),
    )


def _authentication(top: Place) -> Authentication | None:
    place = top.inner("authentication", "authentication")
    if not place.node:
        return None
    place.only({"kind", "token", "user", "password", "name", "in"})
    kind = place.choice("kind", AUTHENTICATIONS, "")
    secret = secret_at(place, "password" if kind == "basic" else "token")
    user = place.text("user") if kind == "basic" else None
    return Authentication(
        kind, secret, user, place.text("name", "X-Api-Key"), place.choice("in", ("header", "query"), "header")
    )


def _paging(place: Place) -> Paging:
    place.only(_PAGING_KEYS)
    kind = place.choice("kind", PAGINGS, "none")
    needed = {"page": "parameter", "offset": "parameter", "cursor": "next", "next_link": "next"}.get(kind)
    if needed and needed not in place.node and "body_path" not in place.node:
        raise place.error(f'paging by {kind} needs "{needed}"', "kind")

    def text(key: str) -> str | None:
        return place.text(key) if key in place.node else None

    return Paging(
        kind,
        text("parameter"),
        _count(place, "first", 1, minimum=0),
        text("total"),
        text("more"),
        _count(place, "size", 100),
        text("size_parameter"),
        text("next"),
        text("body_path"),
        _count(place, "maximum_pages", 100_000),
    )


def _tables(top: Place, contracts: Mapping[str, Contract]) -> Iterator[Place]:
    """The places of the tables; each is named (`what`) by its contract."""
    places = top.inner("tables", "tables")
    if not places.node:
        raise top.error('"tables" must name at least one contract, e.g. erp.payables', "tables")
    for name in places.node:
        if name not in contracts:
            raise places.error(f'table "{name}" has no contract{near_in_brackets(name, contracts)}', name)
        yield places.inner(name, name)


def _not_for_full_exports(place: Place, contracts: Mapping[str, Contract], high_water: str | None) -> None:
    if high_water and contracts[place.what].export == "full":
        raise place.error(
            f"{place.what} is a full export: what an extract lacks is taken for deleted, so it cannot be read by "
            "high water. Take it out",
            "high_water",
        )


def _values(place: Place, key: str) -> dict[str, Any]:
    """A mapping as written, except that {environment: NAME} and {file: PATH} anywhere in it become secrets."""
    inner = place.inner(key, f"{place.what}, {key}")
    return {str(name): _value(inner, str(name)) for name in inner.node}


def _value(place: Place, key: str) -> Any:
    node = place.node[key]
    if isinstance(node, dict):
        if set(node) in ({"environment"}, {"file"}):
            return secret_at(place, key)
        inner = place.inner(key, f"{place.what}, {key}")
        return {str(name): _value(inner, str(name)) for name in inner.node}
    if isinstance(node, list):
        return [
            _value(Place(place.path, {"item": item}, place.line_of(key), place.what), "item")
            for item in cast(list[Any], node)
        ]
    return node


def _overlap(place: Place) -> timedelta:
    text = place.text("overlap", "15 minutes")
    match = _OVERLAP.fullmatch(text)
    if match is None:
        raise place.error(f'overlap "{text}" must look like "15 minutes" or "2 days"', "overlap")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _count(place: Place, key: str, default: int, minimum: int = 1) -> int:
    value = place.node.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
        raise place.error(f'{place.what}: "{key}" must be a whole number from {minimum}', key)
    return value


def _seconds(place: Place, key: str, default: float) -> float:
    value = place.number(key)
    if value is not None and value < 0:
        raise place.error(f'{place.what}: "{key}" must not be negative', key)
    return default if value is None else float(value)

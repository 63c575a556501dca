"""A connection as its file describes it: a database or an API with its tables, as plain immutable objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from ingestion.connections.secrets import Secret
from ingestion.yaml_places import ContractError


class ConnectionFault(ContractError):
    """A connection that cannot be used, or a source that does not answer; the text says what to do."""


@dataclass(frozen=True)
class DatabaseTable:
    """One contract's rows by one query. `high_water` names the column by which only what is new is read.

    `overlap` is read again each time, because a transaction may commit later than the moment it wrote into its rows;
    rows that have not changed since are recognised on loading.
    """

    table: str
    query: str
    high_water: str | None = None
    overlap: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Database:
    """A database: an SQLAlchemy address without a password, the place of the password, and the tables."""

    name: str
    path: Path
    url: str
    password: Secret | None
    tables: tuple[DatabaseTable, ...]
    batch_rows: int = 20_000


@dataclass(frozen=True)
class Paging:
    """How an API hands out page after page. `total`, `more` and `next` are JSON paths in the answer."""

    kind: str = "none"
    parameter: str | None = None
    first: int = 1
    total: str | None = None
    more: str | None = None
    size: int = 100
    size_parameter: str | None = None
    next: str | None = None
    body_path: str | None = None
    maximum_pages: int = 100_000


@dataclass(frozen=True)
class RestTable:
    """One contract's rows from one path of an API. Values of parameters and body may be secrets."""

    table: str
    request_path: str
    method: str = "GET"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    rows: str = "$"
    paging: Paging = Paging()
    high_water: str | None = None
    high_water_parameter: str | None = None
    overlap: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Authentication:
    """How an API is told who asks."""

    kind: str
    secret: Secret
    user: str | None = None
    name: str = "X-Api-Key"
    location: str = "header"


@dataclass(frozen=True)
class RestApi:
    """An API under one address; requests never leave its host, whatever an answer links to."""

    name: str
    path: Path
    base_url: str
    headers: Mapping[str, Any]
    authentication: Authentication | None
    tables: tuple[RestTable, ...]
    attempts: int = 5
    backoff_seconds: float = 1.0
    timeout_seconds: float = 60.0


Connection = Database | RestApi

"""Databases and APIs into the inbox: one extract file a table, which the next load takes like any other export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.connections import database, rest
from ingestion.connections.connection import Connection, Database, DatabaseTable, RestTable
from ingestion.connections.definition import load_connection, load_connections
from ingestion.connections.extracts import Book, Extract, WaterMark, write_extract
from ingestion.contracts import ContractError, load_contracts
from pipeline.failures import ExitCode, Failure
from pipeline.loading import open_for_writing
from pipeline.moments import now, stamp
from pipeline.progress import Narrator
from pipeline.run_log import note
from pipeline.settings import PROJECT_ROOT, DataFolder


@dataclass(frozen=True)
class FetchReport:
    """What was extracted, and what failed: one connection's failure does not keep the others from being read."""

    extracts: tuple[tuple[str, Extract], ...]
    failures: tuple[str, ...]

    @property
    def exit_code(self) -> ExitCode:
        """FAILED when a connection could not be read to its end."""
        return ExitCode.FAILED if self.failures else ExitCode.OK

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "extracts": [
                {"connection": name, "table": extract.table, "file": extract.path.name, "rows": extract.rows}
                for name, extract in self.extracts
            ],
            "failures": list(self.failures),
        }


ABOUT_VALUES = "DataError"  # SQLAlchemy's name for it, whatever the database
NOTHING_FETCHED = FetchReport((), ())


def has_connections(folder: DataFolder) -> bool:
    """Whether the company has described any database or API."""
    return folder.connections.is_dir() and any(folder.connections.glob("*.y*ml"))


def fetch(
    folder: DataFolder, narrator: Narrator, names: Sequence[str] = (), *, everything: bool = False
) -> FetchReport:
    """Extract what is new from the connections named (all without names). The caller holds the folder's lock.

    With `everything` the high-water marks are passed over, and all rows are read again.
    """
    connections = _connections(folder, names)
    loaded = _loaded_hashes(folder)
    extracts: list[tuple[str, Extract]] = []
    failures: list[str] = []
    for name, connection in connections.items():
        book = Book(folder.connections / "extracts" / f"{name}.ndjson")

        def since(table: DatabaseTable | RestTable, book: Book = book) -> WaterMark | None:
            if everything or table.high_water is None:
                return None
            return book.high_water(table.table, loaded, folder.inbox)

        try:
            for extract in _extracts(folder, narrator, connection, since):
                book.add(extract)
                extracts.append((name, extract))
        except ContractError as fault:
            narrator.warn(f"  ✗ {fault}")
            failures.append(_kept(fault))
    note("fetched", files=len(extracts), rows=sum(extract.rows for _, extract in extracts), failures=failures)
    return FetchReport(tuple(extracts), tuple(failures))


def _kept(fault: ContractError) -> str:
    """The fault as it may be kept: a database that cannot read a value quotes it, and it may be personal."""
    before, answers, told = str(fault).partition("the database answers: ")
    if type(fault.__cause__).__name__ != ABOUT_VALUES or not set(told) & set("'\""):
        return str(fault)
    return f"{before}{answers}a value cannot be read. `retaguarda fetch` shows it."


def _connections(folder: DataFolder, names: Sequence[str]) -> dict[str, Connection]:
    contracts = load_contracts(PROJECT_ROOT)
    if not names:
        return load_connections(folder.connections, contracts)
    found: dict[str, Connection] = {}
    for name in names:
        path = next(
            (p for p in (folder.connections / f"{name}.yml", folder.connections / f"{name}.yaml") if p.exists()), None
        )
        if path is None:
            known = ", ".join(sorted(each.stem for each in folder.connections.glob("*.y*ml"))) or "none"
            raise Failure(
                f'There is no connection "{name}" in {folder.connections}.', f"There are: {known}.", ExitCode.USAGE
            )
        found[name] = load_connection(path, contracts)
    return found


def _extracts(folder: DataFolder, narrator: Narrator, connection: Connection, since: Any) -> Any:
    if isinstance(connection, Database):
        with database.connected(connection) as opened:
            for table in connection.tables:
                pages = database.batches(opened, connection, table, since(table))
                yield from _written(folder, narrator, connection.name, table, pages)
        return
    for table in connection.tables:
        yield from _written(folder, narrator, connection.name, table, rest.batches(connection, table, since(table)))


def _written(
    folder: DataFolder, narrator: Narrator, name: str, table: DatabaseTable | RestTable, pages: Any
) -> list[Extract]:
    # The contract's own name comes first, so that the extract is recognised like a file of that export.
    target = folder.inbox / f"{table.table.split('.')[1]}_{name}_{stamp(now())}.ndjson"
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{table.table.split('.')[1]}_{name}_{stamp(now())}_{number}.ndjson")
    with narrator.bar(f"Reading {table.table} from {name}") as advance:
        extract = write_extract(
            table.table, target, pages, table.high_water, lambda rows: advance(f"{rows:,} rows", 0, 0)
        )
    if extract is None:
        narrator.say(f"  ✓ {name}, {table.table}: nothing new")
        return []
    narrator.say(f"  ✓ {name}, {table.table}: {extract.rows:,} rows → {extract.path.name}")
    return [extract]


def _loaded_hashes(folder: DataFolder) -> set[str]:
    raw = open_for_writing(folder)
    try:
        return {
            row[0]
            for row in raw.execute(
                "select distinct sha256 from load.files where state in ('loaded', 'unchanged')"
            ).fetchall()
        }
    finally:
        raw.close()

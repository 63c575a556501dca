"""Load one file: one transaction, all or nothing, and a report that tells what became of every row."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion.book import File, record_file, record_table, tables_of_earlier_load
from ingestion.choice import choose_contract, recipe
from ingestion.contracts import Contract
from ingestion.extra_columns import reading
from ingestion.mapping import Mapping as FileMapping
from ingestion.mapping import MappingError, load_mapping
from ingestion.mapping_choice import choose_mapping
from ingestion.quarantine import first_problems
from ingestion.readers import Reader, RejectedFile, reader_for, reader_name
from ingestion.reports import FileReport, TableReport, rows_in_words
from ingestion.versions import Load, RowsDoNotAddUp, load_text_table

BLOCK_BYTES = 4 << 20


def load_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    contracts: Mapping[str, Contract],
    *,
    table: str | None = None,
    mapping: FileMapping | Path | None = None,
    knowledge_at: datetime | None = None,
    batch_id: str,
    mappings_dir: Path | None = None,
) -> FileReport:
    """Load one export into the raw store opened by `open_raw`, in one transaction.

    `table` says which contract the file is (`erp.payables` or `payables`), `mapping` how its headers are called; by
    default both are found by the file's name and headers. `knowledge_at` is when its content was known (naive times
    are UTC); by default now. A file that was loaded before, with the same contract and mapping, changes nothing;
    but a full export says how things stand, so that one which comes back after another is compared row by row.
    Never raises for bad input: the report's state is then `rejected`. Raises duckdb.Error for a store that cannot be
    written, RowsDoNotAddUp if rows went missing (nothing is loaded then).
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    file = File(path, batch_id, now, _utc(knowledge_at) or now)
    try:
        return _load(connection, file, dict(contracts), table, mapping, mappings_dir)
    except RejectedFile as rejected:
        return _reject(connection, file, rejected.message, rejected.remedy)
    except MappingError as error:
        return _reject(connection, file, str(error), "Correct the mapping file and load again.")


def _load(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    contracts: dict[str, Contract],
    table: str | None,
    mapping: FileMapping | Path | None,
    mappings_dir: Path | None,
) -> FileReport:
    path = file.path
    if not path.is_file():
        raise RejectedFile(f"{path.name}: there is no such file.", "Check the path.")
    file.size_bytes, file.sha256 = path.stat().st_size, sha256_of(path)
    file.reader = reader_name(path)
    if isinstance(mapping, Path):
        mapping = load_mapping(mapping, contracts)
    if mapping is None and table is None:
        mapping = choose_mapping(mappings_dir, path, contracts)
    contract = choose_contract(path, contracts, table, mapping)
    used = [contract] if contract else [each for each in contracts.values() if file.reader in each.readers]
    file.recipe = recipe(used, mapping)
    full = [each.name for each in used if each.export == "full"]
    earlier = tables_of_earlier_load(connection, file.sha256, file.recipe, full, file.knowledge_at)
    if earlier is not None:
        return _unchanged(connection, file, earlier)
    reader = reader_for(path)
    try:
        return _load_in_transaction(connection, file, reader, contracts, contract, mapping)
    except (duckdb.InvalidInputException, RowsDoNotAddUp):
        # The quick way takes each line for one row. Where that fails, the careful way finds out which row is broken.
        if getattr(reader, "careful", None) is not False:
            raise
        reader.careful = True  # type: ignore[attr-defined]
        try:
            return _load_in_transaction(connection, file, reader, contracts, contract, mapping)
        except duckdb.InvalidInputException as error:
            reason = str(error).splitlines()[0].removeprefix("Invalid Input Error: ")
            raise RejectedFile(f"{path.name}: the file cannot be read: {reason}.", "Export it again.") from error
    finally:
        close = getattr(reader, "close", None)
        if close is not None:
            close()


def _load_in_transaction(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    reader: Reader,
    contracts: dict[str, Contract],
    contract: Contract | None,
    mapping: FileMapping | None,
) -> FileReport:
    connection.execute("begin")
    try:
        file.notes.clear()
        tables = reader.read(connection, file.path, contracts, *reading(contract, mapping))
        file.encoding = tables[0].encoding if tables else None
        file_id = record_file(connection, file, "loaded", "", "")
        load = Load(file_id, file.path.name, file.batch_id, file.knowledge_at)
        reports: list[TableReport] = []
        for text in tables:
            report, notes = load_text_table(connection, contracts[text.table], text, load)
            record_table(connection, contracts[text.table], file_id, report)
            reports.append(report)
            file.notes.extend(notes)
        message = f"{file.path.name}: " + " ".join([*map(rows_in_words, reports), *file.notes])
        connection.execute("update load.files set message = ?, encoding = ? where file_id = ?",
                           [message, file.encoding, file_id])  # fmt: skip
        problems = first_problems(connection, file_id, file.path.name)
        connection.execute("commit")
    except BaseException:
        _roll_back(connection)
        raise
    remedy = "Correct the quarantined rows in the system they come from and export again." if problems else ""
    return FileReport(file.path.name, "loaded", message, remedy, tuple(reports), problems, file_id, file.encoding,
                      tuple(file.notes))  # fmt: skip


def _unchanged(
    connection: duckdb.DuckDBPyConnection, file: File, earlier: tuple[tuple[Contract | str, TableReport], ...]
) -> FileReport:
    message = f"{file.path.name}: loaded before with the same content; nothing changed."
    connection.execute("begin")
    try:
        file_id = record_file(connection, file, "unchanged", message, "")
        for name, report in earlier:
            record_table(connection, name, file_id, report)
        connection.execute("commit")
    except BaseException:
        _roll_back(connection)
        raise
    reports = tuple(report for _, report in earlier)
    return FileReport(file.path.name, "unchanged", message, "", reports, (), file_id, file.encoding)


def _reject(connection: duckdb.DuckDBPyConnection, file: File, message: str, remedy: str) -> FileReport:
    file_id = record_file(connection, file, "rejected", message, remedy)
    return FileReport(file.path.name, "rejected", message, remedy, (), (), file_id, file.encoding)


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    # DuckDB has rolled back by itself after some errors; what matters is told by the error that led here.
    with contextlib.suppress(duckdb.TransactionException):
        connection.execute("rollback")
    connection.execute("set preserve_insertion_order = true")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _utc(time: datetime | None) -> datetime | None:
    if time is None or time.tzinfo is None:
        return time
    return time.astimezone(UTC).replace(tzinfo=None)

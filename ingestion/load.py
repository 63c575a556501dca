"""Load one file: one transaction, all or nothing, and a report that tells what became of every row."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion.book import File, record_file, record_table, tables_of_earlier_load
from ingestion.choice import choose_contract, recipe
from ingestion.contracts import Contract
from ingestion.currency import with_currency, with_currency_problems
from ingestion.extra_columns import reading
from ingestion.hashing import hashing
from ingestion.mapping import Mapping as FileMapping
from ingestion.mapping import MappingError, load_mapping
from ingestion.mapping_choice import choose_mapping
from ingestion.quarantine import first_problems
from ingestion.readers import Reader, RejectedFile, file_format, reader_for, reader_name
from ingestion.reports import FileReport, TableReport, rows_in_words
from ingestion.shrinking import DEFAULT_MAXIMUM_SHRINK, HeldFile
from ingestion.version_book import Load, RowsDoNotAddUp
from ingestion.versions import load_text_table, prepare_stages

UNFORESEEN = "its reader failed in a way that was not foreseen"
CORRECT_AND_EXPORT = "Correct the quarantined rows in the system they come from and export again."


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
    name: str | None = None,
    maximum_shrink: Mapping[str, float] | None = None,
    is_confirmed: bool = False,
) -> FileReport:
    """Load one export into the raw store opened by `open_raw`, in one transaction.

    `table` says which contract the file is (`erp.payables` or `payables`), `mapping` how its headers are called; by
    default both are found by the file's name and headers. `knowledge_at` is when its content was known (naive times
    are UTC); by default now. `name` is what the file is called in reports, by default its own name. A file that was
    loaded before, with the same contract and mapping, changes nothing; but a full export says how things stand, so
    that one which comes back after another is compared row by row.

    A full export that lacks more than the share `maximum_shrink` (by table; else the contract's, else a fifth) of its
    rows is held, unless `is_confirmed`: the report's state is then `held`, and nothing is applied. Never raises for
    bad input: the state is then `rejected`. Raises duckdb.Error for a store that cannot be written, RowsDoNotAddUp
    if rows went missing (nothing is loaded then). An archive, or a document of a kind that comes a file each, is
    for `load_files` (ingestion.load_many).
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    file = File(path, batch_id, now, utc(knowledge_at) or now, name or path.name)
    shrink = None if is_confirmed else maximum_shrink or {}
    try:
        with hashing(connection, file) as hashed:
            return _load(connection, file, hashed, dict(contracts), table, mapping, mappings_dir, shrink)
    except RejectedFile as rejected:
        return refuse(connection, file, "rejected", rejected.message, rejected.remedy)
    except HeldFile as held:
        return refuse(connection, file, "held", held.message, held.remedy)
    except MappingError as error:
        return refuse(connection, file, "rejected", str(error), "Correct the mapping file and load again.")
    except Exception as error:
        if not is_fault_of_file(error):
            raise
        # One file that no reader foresaw must not stop the others; what happened is told in full.
        message = f"{file.name}: {UNFORESEEN} ({type(error).__name__}: {str(error)[:200]})."
        return refuse(connection, file, "rejected", message, "Export it again; if that does not help, report this.")


def contracts_read_by(reader: str | None, contracts: Mapping[str, Contract]) -> list[Contract]:
    """The contracts that a reader may find in a file."""
    return [each for each in contracts.values() if reader in each.readers]


def is_fault_of_file(error: Exception) -> bool:
    """Whether an error that nobody foresaw comes from the content of a file, and not from store, disk or memory."""
    if isinstance(error, duckdb.Error | RowsDoNotAddUp | MemoryError):
        return False
    return not isinstance(error, OSError) or error.errno in (None, errno.EINVAL)


def _load(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    hashed: Callable[[], None],
    contracts: dict[str, Contract],
    table: str | None,
    mapping: FileMapping | Path | None,
    mappings_dir: Path | None,
    maximum_shrink: Mapping[str, float] | None,
) -> FileReport:
    path = file.path
    file.reader = reader_name(path)
    if isinstance(mapping, Path):
        mapping = load_mapping(mapping, contracts)
    if mapping is None:
        mapping = choose_mapping(mappings_dir, path, contracts, table)
    contract = choose_contract(path, contracts, table, mapping)
    used = [contract] if contract else contracts_read_by(file.reader, contracts)
    file.recipe = recipe(used, mapping)
    full = [each.name for each in used if each.export == "full"]
    if file.sha256 is not None:  # else it is of a size that no file had before
        earlier = tables_of_earlier_load(connection, file.sha256, file.recipe, full, file.knowledge_at)
        if earlier is not None:
            return _unchanged(connection, file, *earlier)
    reader = reader_for(path)
    try:
        return _load_in_transaction(connection, file, reader, hashed, contracts, contract, mapping, maximum_shrink)
    except (duckdb.InvalidInputException, RowsDoNotAddUp) as error:
        # The quick way takes each line for one row. Where that fails, the careful way finds out which row is broken.
        if getattr(reader, "careful", None) is not False:
            if isinstance(error, RowsDoNotAddUp):
                raise
            raise _unreadable(path, error) from error
        reader.careful = True  # type: ignore[attr-defined]
        try:
            return _load_in_transaction(connection, file, reader, hashed, contracts, contract, mapping, maximum_shrink)
        except duckdb.InvalidInputException as second:
            raise _unreadable(path, second) from second
    finally:
        close = getattr(reader, "close", None)
        if close is not None:
            close()


def _unreadable(path: Path, error: duckdb.Error) -> RejectedFile:
    reason = str(error).splitlines()[0].removeprefix("Invalid Input Error: ").replace(str(path), path.name)
    return RejectedFile(f"{path.name}: the file cannot be read: {reason}.", "Export it again.")


def _load_in_transaction(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    reader: Reader,
    hashed: Callable[[], None],
    contracts: dict[str, Contract],
    contract: Contract | None,
    mapping: FileMapping | None,
    maximum_shrink: Mapping[str, float] | None,
) -> FileReport:
    # A statement holds transactions and balances, whichever of the two it was said to be.
    is_table = file_format(file.path).is_table
    one = [contract] if contract is not None and is_table else None
    prepare_stages(connection, one or contracts_read_by(file.reader, contracts))
    connection.execute("begin")
    try:
        file.notes.clear()
        read_as = with_currency(contract) if contract is not None and is_table else contract
        tables = reader.read(connection, file.path, contracts, *reading(read_as, mapping))
        accepted = mapping.currencies if mapping is not None else ("BRL",)
        file.encoding = tables[0].encoding if tables else None
        hashed()
        file_id = record_file(connection, file, "loaded", "", "")
        reports: list[TableReport] = []
        for text in tables:
            held_above = _held_above(contracts[text.table], maximum_shrink)
            load = Load(file_id, file.name, file.batch_id, file.knowledge_at, maximum_shrink=held_above)
            in_reais = with_currency_problems(connection, text, accepted)
            report, notes = load_text_table(connection, contracts[text.table], in_reais, load, mapping)
            record_table(connection, contracts[text.table], file_id, report)
            reports.append(report)
            file.notes.extend(notes)
        message = f"{file.name}: " + " ".join([*map(rows_in_words, reports), *file.notes])
        connection.execute("update load.files set message = ?, encoding = ? where file_id = ?",
                           [message, file.encoding, file_id])  # fmt: skip
        problems = first_problems(connection, f"_file_id = {file_id}")
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise
    remedy = CORRECT_AND_EXPORT if problems else ""
    return FileReport(file.name, "loaded", message, remedy, tuple(reports), problems, file_id, file.encoding,
                      tuple(file.notes), (file.path,))  # fmt: skip


def _held_above(contract: Contract, maximum_shrink: Mapping[str, float] | None) -> float | None:
    """The share of its rows that a full export may lack: the company's, else the contract's, else the usual one."""
    if maximum_shrink is None:
        return None
    usual = DEFAULT_MAXIMUM_SHRINK if contract.maximum_shrink is None else contract.maximum_shrink
    return maximum_shrink.get(contract.name, usual)


def _unchanged(
    connection: duckdb.DuckDBPyConnection, file: File, earlier_id: int, reports: tuple[TableReport, ...]
) -> FileReport:
    message = f"{file.name}: loaded before with the same content; nothing changed."
    rows = sum(report.rows_quarantined for report in reports)
    if rows:
        # Such a row is not in the table, however often its file is loaded.
        message += f" {rows:,} of its rows {'is' if rows == 1 else 'are'} in quarantine."
    connection.execute("begin")
    try:
        file_id = record_file(connection, file, "unchanged", message, "")
        for report in reports:
            record_table(connection, report.table, file_id, report)
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise
    problems = first_problems(connection, f"_file_id = {earlier_id}") if rows else ()
    remedy = CORRECT_AND_EXPORT if problems else ""
    return FileReport(file.name, "unchanged", message, remedy, reports, problems, file_id, file.encoding,
                      paths=(file.path,))  # fmt: skip


def refuse(connection: duckdb.DuckDBPyConnection, file: File, state: str, message: str, remedy: str) -> FileReport:
    """Record a file of which nothing is loaded (rejected or held), and report it."""
    if file.name != file.path.name and message.startswith(file.path.name):
        message = file.name + message.removeprefix(file.path.name)
    if state == "held":
        # A member of an archive is confirmed with its archive: the member itself lies nowhere.
        remedy = remedy.replace("FILE", f'"{file.name.partition("/")[0]}"')
    file_id = record_file(connection, file, state, message, remedy)
    return FileReport(file.name, state, message, remedy, (), (), file_id, file.encoding, paths=(file.path,))


def roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    """Undo what is open, and what a transaction does not undo."""
    # DuckDB has rolled back by itself after some errors; what matters is told by the error that led here.
    with contextlib.suppress(duckdb.TransactionException):
        connection.execute("rollback")
    connection.execute("set preserve_insertion_order = true")


def utc(time: datetime | None) -> datetime | None:
    """A time as naive UTC; naive times are UTC already."""
    if time is None or time.tzinfo is None:
        return time
    return time.astimezone(UTC).replace(tzinfo=None)

"""Exports into raw: which files, in which order, and what happened to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from ingestion.contracts import load_contracts
from ingestion.load_many import load_files
from ingestion.near_names import did_you_mean
from ingestion.quarantine_files import quarantined, write_quarantine_files
from ingestion.raw import open_raw
from pipeline.company import read_company
from pipeline.failures import ExitCode, Failure
from pipeline.inbox import is_export
from pipeline.moments import now, stamp
from pipeline.progress import Narrator
from pipeline.run_log import note
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.storage import telling_storage

if TYPE_CHECKING:
    from ingestion.contracts import Contract
    from ingestion.reports import FileReport, TableReport

PROBLEMS_SHOWN = 3
QUARANTINE_FILES = 200  # written at a load; thousands of broken documents are no work for a spreadsheet
TOLD = {
    "read": "read", "loaded": "loaded", "versioned": "of them new versions", "unchanged": "unchanged",
    "quarantined": "quarantined", "left_out": "left out", "closed": "closed, no longer in the export",
}  # fmt: skip
ALWAYS_TOLD = ("read", "loaded", "unchanged", "quarantined")
COUNTS = ("rows_read", "rows_loaded", "rows_versioned", "rows_unchanged", "rows_closed", "rows_quarantined",
          "rows_left_out")  # fmt: skip


@dataclass(frozen=True)
class LoadReport:
    """What one batch did, in the order of loading: a report a file, and one for documents that were taken together."""

    batch_id: str
    files: tuple[FileReport, ...]

    @property
    def rejected(self) -> int:
        """Files of which nothing was loaded."""
        return sum(report.state == "rejected" for report in self.files)

    @property
    def held(self) -> int:
        """Full exports that wait for a confirmation."""
        return sum(report.state == "held" for report in self.files)

    @property
    def members(self) -> int:
        """Files that were taken, counting those in archives one by one."""
        return sum(report.members for report in self.files)

    def total(self, name: str) -> int:
        """Sum of one of the row counts (`rows_read`, `rows_loaded`, `rows_unchanged`, `rows_quarantined`, …)."""
        return sum(getattr(table, name) for report in self.files for table in report.tables)

    def by_path(self) -> dict[Path, list[FileReport]]:
        """The reports that tell of each file."""
        found: dict[Path, list[FileReport]] = {}
        for report in self.files:
            for path in report.paths:
                found.setdefault(path, []).append(report)
        return found

    def exit_code(self, strict: bool = False) -> ExitCode:
        """REJECTED when a file was rejected or held, and when strict also when a row was quarantined."""
        bad = self.rejected or self.held or (strict and self.total("rows_quarantined"))
        return ExitCode.REJECTED if bad else ExitCode.OK

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the batch, its sums, and every file."""
        return {
            "batch_id": self.batch_id,
            "rejected_files": self.rejected,
            "held_files": self.held,
            **{name: self.total(name) for name in COUNTS},
            "files": [report.as_dict() for report in self.files],
        }


def exports_in(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named (with subfolders), in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise Failure(f"{path} does not exist.", "Name an export or a folder of exports.", ExitCode.USAGE)
        found.extend(sorted(filter(is_export, path.rglob("*"))) if path.is_dir() else [path])
    return found


def knowledge_of(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """The latest moment at which something was loaded (naive UTC), or None when raw is empty."""
    row = connection.execute(
        "select max(knowledge_at) from load.files where state in ('loaded', 'unchanged')"
    ).fetchone()
    return row[0] if row else None


def open_for_writing(folder: DataFolder) -> duckdb.DuckDBPyConnection:
    """Open raw for writing, with a plain message when another program holds it."""
    contracts = load_contracts(PROJECT_ROOT)
    try:
        return open_raw(folder.raw, contracts)
    except duckdb.IOException as error:
        raise raw_in_use(folder, error) from error


def raw_in_use(folder: DataFolder, error: Exception) -> Failure:
    """The failure for a raw database that cannot be opened."""
    if "lock" in str(error).lower():
        return Failure(
            f"{folder.raw} is open in another program.", "Close it (a database tool?) and try again.", ExitCode.BUSY
        )
    return Failure(f"{folder.raw} cannot be opened: {error}", "Run `retaguarda doctor`.")


def contract_name(contracts: Mapping[str, Contract], table: str) -> str:
    """The full name of a contract given as `erp.payables` or, where that is clear, as `payables`.

    Raises Failure with USAGE, naming those that exist.
    """
    if table in contracts:
        return table
    found = [name for name, contract in contracts.items() if contract.table == table]
    if len(found) == 1:
        return found[0]
    raise Failure(f'There is no table "{table}".', did_you_mean(table, contracts), ExitCode.USAGE)


def load(
    folder: DataFolder,
    paths: Sequence[Path],
    narrator: Narrator,
    *,
    table: str | None = None,
    mapping: Path | None = None,
    knowledge_at: datetime | None = None,
    batch_prefix: str = "batch",
    mappings: Path | None = None,
    is_confirmed: bool = False,
) -> LoadReport:
    """Load files into raw, one transaction each, in name order. The caller holds the folder's lock.

    `mappings` is the folder of mapping files to choose from; the data folder's own by default. `is_confirmed`: full
    exports that lack many rows are applied all the same.

    Without `knowledge_at` a file is known from now on; from the latest earlier load on, should that lie later
    (a clock that was wrong, or a demonstration company that lives in another year).
    """
    contracts = load_contracts(PROJECT_ROOT)
    if table is not None:
        table = contract_name(contracts, table)
    files = exports_in(paths)
    company = read_company(folder.company)
    batch_id = f"{batch_prefix}-{stamp(now())}"
    with telling_storage(folder.raw):
        connection = open_for_writing(folder)
        try:
            moment = knowledge_at or max(filter(None, (now(), knowledge_of(connection))))
            with narrator.bar(f"Loading {len(files)} file{'s' if len(files) != 1 else ''}") as advance:
                reports = load_files(
                    connection,
                    files,
                    contracts,
                    table=table,
                    mapping=mapping,
                    knowledge_at=moment,
                    batch_id=batch_id,
                    mappings_dir=mappings or folder.mappings,
                    maximum_shrink=company.maximum_shrink if company else None,
                    is_confirmed=is_confirmed,
                    told=lambda report: tell(narrator, report),
                    advance=advance,
                )
            write_quarantined(folder, connection, batch_id, narrator)
        finally:
            connection.close()
    report = LoadReport(batch_id, tuple(reports))
    sums = {name: report.total(name) for name in COUNTS}
    note("loaded", files=report.members, rejected=report.rejected, held=report.held, **sums)
    return report


def write_quarantined(
    folder: DataFolder, connection: duckdb.DuckDBPyConnection, batch_id: str, narrator: Narrator
) -> None:
    """Write the quarantined rows of a batch in the layout of their files, to be mended and loaded again."""
    found = [each for each in quarantined(connection, batch_id=batch_id) if each.rows > each.resolved]
    paths = write_quarantine_files(connection, found[:QUARANTINE_FILES], folder.quarantine)
    if paths:
        narrator.say(f"  Quarantined rows, to be mended and loaded again: {folder.quarantine}")
    if len(found) > len(paths):
        narrator.say(f"    of {len(paths)} of {len(found)} files; the others: `retaguarda quarantine FILE`")


def tell(narrator: Narrator, report: FileReport) -> None:
    """One line a file; the reason when it was rejected or held, or rows were quarantined."""
    if report.state in ("rejected", "held"):
        named = "" if report.message.startswith(report.file_name) else f"{report.file_name}: "
        narrator.warn(f"  ✗ {named}{report.message} File {report.state}.")
        if report.remedy:
            narrator.warn(f"    → {report.remedy}")
        return
    counts = {name: sum(getattr(table, f"rows_{name}") for table in report.tables) for name in TOLD}
    parts = [f"{counts[name]:,} {word}" for name, word in TOLD.items() if counts[name] or name in ALWAYS_TOLD]
    narrator.say(f"  ✓ {report.file_name}: " + " · ".join(parts))
    for table in report.tables:
        if table.control_read is not None:
            narrator.say(f"    {control_in_words(table)}")
    for remark in report.notes:
        narrator.say(f"    {remark}")
    for problem in report.quarantine[:PROBLEMS_SHOWN]:
        narrator.warn(f"    {problem.message}")
    if counts["quarantined"] > PROBLEMS_SHOWN:
        narrator.warn("    … the others are in the file of quarantined rows, and on the data page")


def control_in_words(table: TableReport) -> str:
    """The control sum of one table: what was read is what was loaded, unchanged, quarantined and left out."""
    parts = {
        "loaded": table.control_loaded,
        "unchanged": table.control_unchanged,
        "quarantined": table.control_quarantined,
        "left out": table.control_left_out,
    }
    told = " + ".join(f"{part:,.2f} {word}" for word, part in parts.items() if part)
    return f"{table.table}, {table.control_column}: {table.control_read:,.2f} read = {told or '0.00'}"

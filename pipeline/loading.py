"""Exports into raw: which files, in which order, and what happened to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from ingestion.contracts import load_contracts
from ingestion.load import load_file
from ingestion.raw import open_raw
from pipeline.failures import ExitCode, Failure
from pipeline.moments import now, stamp
from pipeline.progress import Narrator
from pipeline.settings import PROJECT_ROOT, DataFolder

if TYPE_CHECKING:
    from ingestion.contracts import Contract
    from ingestion.load import FileReport

UNFINISHED_SUFFIXES = (".part", ".partial", ".crdownload", ".tmp", ".filepart", ".download")
PROBLEMS_SHOWN = 3
NOT_EXPORTS = ("company.yml", "README.md")


@dataclass(frozen=True)
class LoadReport:
    """What one batch did, a report a file, in the order of loading."""

    batch_id: str
    files: tuple[tuple[Path, FileReport], ...]

    @property
    def rejected(self) -> int:
        """Files of which nothing was loaded."""
        return sum(report.state == "rejected" for _, report in self.files)

    def total(self, name: str) -> int:
        """Sum of one of the row counts (`rows_read`, `rows_loaded`, `rows_unchanged`, `rows_quarantined`)."""
        return sum(getattr(table, name) for _, report in self.files for table in report.tables)

    def exit_code(self, strict: bool = False) -> ExitCode:
        """REJECTED when a file was rejected, and when strict also when a row was quarantined."""
        bad = self.rejected or (strict and self.total("rows_quarantined"))
        return ExitCode.REJECTED if bad else ExitCode.OK

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the batch, its sums, and every file."""
        sums = {name: self.total(name) for name in ("rows_read", "rows_loaded", "rows_unchanged", "rows_quarantined")}
        return {
            "batch_id": self.batch_id,
            "rejected_files": self.rejected,
            **sums,
            "files": [report.as_dict() for _, report in self.files],
        }


def is_export(path: Path) -> bool:
    """Whether a file is meant to be loaded: not hidden, not still being written, not the company's description."""
    lowered = path.name.lower()
    return not (
        path.name.startswith((".", "~$"))
        or lowered.endswith(UNFINISHED_SUFFIXES)
        or path.name in NOT_EXPORTS
        or not path.is_file()
    )


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
    raise Failure(f'There is no table "{table}".', f"Choose one of: {', '.join(sorted(contracts))}.", ExitCode.USAGE)


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
) -> LoadReport:
    """Load files into raw, one transaction each, in name order. The caller holds the folder's lock.

    `mappings` is the folder of mapping files to choose from; the data folder's own by default.

    Without `knowledge_at` a file is known from now on; from the latest earlier load on, should that lie later
    (a clock that was wrong, or a demonstration company that lives in another year).
    """
    contracts = load_contracts(PROJECT_ROOT)
    if table is not None:
        table = contract_name(contracts, table)
    files = exports_in(paths)
    batch_id = f"{batch_prefix}-{stamp(now())}"
    reports: list[tuple[Path, FileReport]] = []
    connection = open_for_writing(folder)
    try:
        moment = knowledge_at or max(filter(None, (now(), knowledge_of(connection))))
        with narrator.bar(f"Loading {len(files)} file{'s' if len(files) != 1 else ''}") as advance:
            for done, path in enumerate(files):
                advance(path.name, done, len(files))
                report = load_file(
                    connection,
                    path,
                    contracts,
                    table=table,
                    mapping=mapping,
                    knowledge_at=moment,
                    batch_id=batch_id,
                    mappings_dir=mappings or folder.mappings,
                )
                reports.append((path, report))
                tell(narrator, report)
    finally:
        connection.close()
    return LoadReport(batch_id, tuple(reports))


def tell(narrator: Narrator, report: FileReport) -> None:
    """One line a file; the reason when it was rejected or rows were quarantined."""
    if report.state == "rejected":
        named = "" if report.message.startswith(report.file_name) else f"{report.file_name}: "
        narrator.warn(f"  ✗ {named}{report.message} File rejected.")
        if report.remedy:
            narrator.warn(f"    → {report.remedy}")
        return
    counts = {
        name: sum(getattr(table, f"rows_{name}") for table in report.tables)
        for name in ("loaded", "unchanged", "quarantined")
    }
    closed = sum(table.rows_closed for table in report.tables)
    parts = [f"{count:,} {name}" for name, count in counts.items()]
    parts += [f"{closed:,} closed, no longer in the export"] if closed else []
    narrator.say(f"  ✓ {report.file_name}: " + " · ".join(parts))
    for note in report.notes:
        narrator.say(f"    {note}")
    for problem in report.quarantine[:PROBLEMS_SHOWN]:
        narrator.warn(f"    {problem.message}")
    if counts["quarantined"] > PROBLEMS_SHOWN:
        narrator.warn("    … the others are in load.quarantine, and on the data page")

"""`retaguarda quarantine`: which rows wait in quarantine, and their files to be mended and loaded again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.contracts import load_contracts
from ingestion.quarantine_files import Quarantined, quarantined, write_quarantine_files
from ingestion.raw import open_raw
from pipeline.failures import ExitCode, Failure
from pipeline.loading import open_for_writing
from pipeline.locking import holding
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.storage import telling_storage


@dataclass(frozen=True)
class QuarantineReport:
    """What waits in quarantine, a row a file and table, and the files that were written."""

    found: tuple[Quarantined, ...]
    paths: tuple[Path, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "quarantine": [
                {
                    "file_id": each.file_id,
                    "file_name": each.file_name,
                    "table": f"{each.source}.{each.table}",
                    "rows": each.rows,
                    "resolved": each.resolved,
                    "loaded_at": each.loaded_at,
                }
                for each in self.found
            ],
            "written": [str(path) for path in self.paths],
        }

    def lines(self) -> list[str]:
        """For people."""
        if not self.found:
            return ["Nothing is in quarantine."]
        told = [
            f"{each.file_id:>6}  {each.file_name}  {each.source}.{each.table}: {each.rows:,} "
            + ("row" if each.rows == 1 else "rows")
            + (f", {each.resolved:,} of them in good order since" if each.resolved else "")
            for each in self.found
        ]
        return [*told, *(f"Written: {path}" for path in self.paths)]


def quarantine(folder: DataFolder, file: str | None, output: Path | None) -> QuarantineReport:
    """What is in quarantine, of all files or of one (its name or id).

    With a file or an output folder, the rows are written there (by default to the data folder's `quarantine/`).
    Raises Failure with USAGE when nothing of the file named is in quarantine.
    """
    if not folder.raw.exists():
        return QuarantineReport((), ())
    with holding(folder, folder.lock, "quarantine"):
        open_for_writing(folder).close()  # a store of an earlier version gains what is read here
        connection = open_raw(folder.raw, load_contracts(PROJECT_ROOT), read_only=True)
        try:
            found = quarantined(connection, file)
            if file is not None and not found:
                raise Failure(
                    f'Nothing of "{file}" is in quarantine.',
                    "`retaguarda quarantine` lists the files by name and number.",
                    ExitCode.USAGE,
                )
            paths: list[Path] = []
            if file is not None or output is not None:
                target = output or folder.quarantine
                with telling_storage(target):
                    paths = write_quarantine_files(
                        connection, [each for each in found if each.rows > each.resolved], target
                    )
        finally:
            connection.close()
    return QuarantineReport(tuple(found), tuple(paths))

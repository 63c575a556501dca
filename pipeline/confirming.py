"""Full exports that were held because they lack many rows: found by name, loaded when confirmed, then archived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.inbox import REASON_SUFFIX, put_away
from pipeline.loading import LoadReport, open_for_writing
from pipeline.progress import Narrator
from pipeline.settings import DataFolder
from pipeline.storage import telling_storage

if TYPE_CHECKING:
    import duckdb

    from ingestion.reports import FileReport

# Files of the same tables that were loaded between the last time that this content was held and now.
LOADED_SINCE = """
with held as (
    select arg_max(files.file_id, files.file_id) as file_id, arg_max(files.batch_id, files.file_id) as batch_id
    from load.files as files
    inner join load.files as confirmed on confirmed.sha256 = files.sha256
    where files.state = 'held' and confirmed.file_id = $file and files.file_id < $file
)
select tables.source || '.' || tables.table_name, count(distinct files.file_id)
from load.files as files
inner join load.tables as tables on tables.file_id = files.file_id
cross join held
where
    files.state = 'loaded'
    and files.file_id between held.file_id and $file - 1
    and files.batch_id <> held.batch_id
    and tables.rows_loaded + tables.rows_closed > 0
    and (tables.source, tables.table_name) in (select source, table_name from load.tables where file_id = $file)
group by 1
order by 1
"""


def held_files(folder: DataFolder, paths: Sequence[Path]) -> list[Path]:
    """The paths as given; a name that is no file here is looked for among the held files."""
    found: list[Path] = []
    for path in paths:
        held = sorted(each for each in folder.held.rglob("*") if each.name == path.name) if not path.exists() else []
        found.append(held[0] if held else path)
    return found


def with_later_loads(folder: DataFolder, loaded: LoadReport, narrator: Narrator) -> LoadReport:
    """The report of confirmed files, with a note on each that is older than what was loaded after it was held."""
    with telling_storage(folder.raw):
        connection = open_for_writing(folder)
        try:
            files = tuple(_noted(connection, report, narrator) for report in loaded.files)
        finally:
            connection.close()
    return replace(loaded, files=files)


def _noted(connection: duckdb.DuckDBPyConnection, report: FileReport, narrator: Narrator) -> FileReport:
    if report.state != "loaded" or report.file_id is None:
        return report
    notes = tuple(
        f"Loaded since it was held: {count:,} {'file' if count == 1 else 'files'} of {table}. Where they say something "
        "else, this older one counts now; load them again, the latest last, if it should not."
        for table, count in connection.execute(LOADED_SINCE, {"file": report.file_id}).fetchall()
    )
    for note in notes:
        narrator.warn(f"    {report.file_name}: {note}")
    return replace(report, notes=(*report.notes, *notes))


def archive_confirmed(folder: DataFolder, loaded: LoadReport) -> None:
    """Move held files that are now loaded into the archive; the reason why they were held goes with its file."""
    with telling_storage(folder.root):
        for path, reports in loaded.by_path().items():
            states = {each.state for each in reports}
            is_taken = "held" not in states and bool(states & {"loaded", "unchanged"})
            if path.is_relative_to(folder.held) and is_taken:
                put_away(folder, path, reports)
                path.with_name(path.name + REASON_SUFFIX).unlink(missing_ok=True)

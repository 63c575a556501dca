"""One refresh, end to end: what lies in the inbox is loaded, put away, built and published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.building import build
from pipeline.failures import ExitCode
from pipeline.fetching import NOTHING_FETCHED, FetchReport, fetch, has_connections
from pipeline.freezing import freeze_missed, is_overdue
from pipeline.inbox import put_away, settled_exports
from pipeline.loading import LoadReport, load, open_for_writing
from pipeline.locking import writing
from pipeline.moments import now
from pipeline.progress import Narrator
from pipeline.published_files import open_published
from pipeline.publishing import Publication, publish
from pipeline.settings import DataFolder
from pipeline.snapshot_files import frozen_weeks
from pipeline.snapshot_verifying import damage_of, published_weeks
from pipeline.storage import telling_storage


@dataclass(frozen=True)
class RefreshReport:
    """What a refresh did. `publication` is None when there was nothing new to publish."""

    loaded: LoadReport
    waiting: tuple[str, ...]
    publication: Publication | None
    fetched: FetchReport = NOTHING_FETCHED
    frozen_late: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "fetch": self.fetched.as_dict(),
            "load": self.loaded.as_dict(),
            "still_being_written": list(self.waiting),
            "publication": self.publication.as_dict() if self.publication else None,
            "frozen_late": list(self.frozen_late),
        }


def refresh(
    folder: DataFolder, narrator: Narrator, *, as_of: datetime | None = None, always_build: bool = False
) -> RefreshReport:
    """Load the inbox, archive it, build and publish. Raises Failure (BUSY) when another process writes."""
    folder.prepare()
    with writing(folder, "refresh") as record:
        fetched = fetch(folder, narrator) if has_connections(folder) else NOTHING_FETCHED
        settled, waiting = settled_exports(folder.inbox)
        for path in waiting:
            narrator.warn(f"  … {path.name} is still being written: left for the next refresh.")
        loaded = load(folder, settled, narrator, knowledge_at=as_of)
        with telling_storage(folder.root):
            for path, reports in loaded.by_path().items():
                put_away(folder, path, reports)
        # What a failed or killed build left behind is tried again, and fails again where it must.
        nothing_new = (
            not is_behind(folder)
            and not loaded.total("rows_loaded")
            and not loaded.total("rows_quarantined")
            and not loaded.rejected
            and not loaded.held
        )
        if nothing_new and not settled and folder.current.exists() and not always_build and not is_overdue(folder):
            narrator.say("The inbox is empty: nothing to do.")
            record.exit_code = fetched.exit_code
            return RefreshReport(loaded, names(waiting), None, fetched)
        late = freeze_missed(folder, narrator, as_of or now())
        build(folder, narrator, as_of=as_of)
        publication = publish(folder, narrator, freezes=True)
        report = RefreshReport(loaded, names(waiting), publication, fetched, tuple(late))
        record.exit_code = exit_code(report, strict=False)
        return report


def is_behind(folder: DataFolder) -> bool:
    """Whether raw holds loads, or a week was frozen by hand, that the published file has never seen."""
    if not folder.current.exists():
        return True
    raw = open_for_writing(folder)
    try:
        loaded = raw.execute("select coalesce(max(file_id), 0) from load.files where state = 'loaded'").fetchall()
    finally:
        raw.close()
    published = open_published(folder)
    try:
        seen = published.execute("select coalesce(max(file_id), 0) from meta.files where state = 'loaded'").fetchall()
        weeks = published_weeks(published)
    finally:
        published.close()
    return bool(loaded[0][0] > seen[0][0]) or any(
        # One that was damaged since is never published.
        one.path.name not in weeks and not damage_of(one)
        for one in frozen_weeks(folder)
    )


def names(paths: list[Path]) -> tuple[str, ...]:
    """The file names of paths."""
    return tuple(path.name for path in paths)


def exit_code(report: RefreshReport, strict: bool) -> ExitCode:
    """FAILED when a source did not answer; else REJECTED when a file was rejected (when strict also for quarantined rows)."""
    return report.fetched.exit_code or report.loaded.exit_code(strict)

"""Full exports that were held because they lack many rows: found by name, loaded when confirmed, then archived."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.inbox import REASON_SUFFIX, put_away
from pipeline.loading import LoadReport
from pipeline.settings import DataFolder
from pipeline.storage import telling_storage


def held_files(folder: DataFolder, paths: Sequence[Path]) -> list[Path]:
    """The paths as given; a name that is no file here is looked for among the held files."""
    found: list[Path] = []
    for path in paths:
        held = sorted(each for each in folder.held.rglob("*") if each.name == path.name) if not path.exists() else []
        found.append(held[0] if held else path)
    return found


def archive_confirmed(folder: DataFolder, loaded: LoadReport) -> None:
    """Move held files that are now loaded into the archive; the reason why they were held goes with its file."""
    with telling_storage(folder.root):
        for path, reports in loaded.by_path().items():
            states = {each.state for each in reports}
            is_taken = "held" not in states and bool(states & {"loaded", "unchanged"})
            if path.is_relative_to(folder.held) and is_taken:
                put_away(folder, path, reports)
                path.with_name(path.name + REASON_SUFFIX).unlink(missing_ok=True)

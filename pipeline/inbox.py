"""The inbox: which of its files are ready, and where they go once they have been taken.

Loaded files go to archive/yyyy-mm, rejected ones to rejected/yyyy-mm, full exports that wait for a confirmation to
held/: out of the inbox, so that no later refresh meets them again, and each beside the reason. A file keeps the
subfolder that it lay in; nothing is ever written over.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.durable import force_to_disk, write_text
from pipeline.moments import local_day, now, stamp
from pipeline.settings import DataFolder

if TYPE_CHECKING:
    from ingestion.reports import FileReport

UNFINISHED_SUFFIXES = (".part", ".partial", ".crdownload", ".tmp", ".filepart", ".download", ".!ut", ".opdownload")
NOT_EXPORTS = ("company.yml", "README.md")
REASON_SUFFIX = ".reason.txt"
# A file that changed this short a time ago may still be on its way.
SETTLING_SECONDS = 2.0
PROCESSES = Path("/proc")
_WRITING = os.O_WRONLY | os.O_RDWR


def is_export(path: Path) -> bool:
    """Whether a file is meant to be loaded: not hidden, not still being written, not the company's description."""
    lowered = path.name.lower()
    return not (
        path.name.startswith((".", "~$"))
        or lowered.endswith((*UNFINISHED_SUFFIXES, REASON_SUFFIX))
        or path.name in NOT_EXPORTS
        or not path.is_file()
    )


def settled_exports(inbox: Path) -> tuple[list[Path], list[Path]]:
    """The inbox's files (with subfolders) that have stopped changing, and those that are still being written.

    A file waits while its size or time changes within two seconds, or while a process has it open for writing (as
    far as the system tells: on Linux).
    """
    before = {
        path: (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(inbox.rglob("*"))
        # Hidden folders hold what is not yet to be taken, such as uploads that are still being looked at.
        if is_export(path) and not any(part.startswith(".") for part in path.relative_to(inbox).parts)
    }
    if not before:
        return [], []
    if any(time.time() - changed / 1e9 < SETTLING_SECONDS for _, changed in before.values()):
        time.sleep(SETTLING_SECONDS)
    written = open_for_writing(before)
    settled: list[Path] = []
    waiting: list[Path] = []
    for path, seen in before.items():
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        is_settled = (status.st_size, status.st_mtime_ns) == seen and path not in written
        (settled if is_settled else waiting).append(path)
    return settled, waiting


def open_for_writing(paths: Iterable[Path]) -> set[Path]:
    """Those of the files that some process has open for writing. Empty where the system does not tell."""
    wanted = {os.path.realpath(path): path for path in paths}
    found: set[Path] = set()
    for descriptor in PROCESSES.glob("[0-9]*/fd/*"):
        try:
            target = str(descriptor.readlink())
            if target in wanted and _flags(descriptor) & _WRITING:
                found.add(wanted[target])
        except OSError:
            continue  # another user's process, or one that has ended meanwhile
    return found


def _flags(descriptor: Path) -> int:
    information = descriptor.parents[1] / "fdinfo" / descriptor.name
    for line in information.read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name == "flags":
            return int(value, 8)
    return 0


def put_away(folder: DataFolder, path: Path, reports: Sequence[FileReport]) -> Path:
    """Move a file that was taken; returns its new place.

    An archive of which a member is held waits to be confirmed; else it counts as loaded if any of its members was.
    """
    states = {report.state for report in reports}
    month = f"{local_day(now()):%Y-%m}"
    if "held" in states:
        place = folder.held
    else:
        place = (folder.archive if states & {"loaded", "unchanged"} else folder.rejected) / month
    if path.is_relative_to(folder.inbox):
        place = place / path.relative_to(folder.inbox).parent
    moved = move(path, place)
    reasons = [report for report in reports if report.state in ("held", "rejected")]
    if reasons:
        lines = [f"{report.message}\n{report.remedy or ''}\n" for report in reasons]
        write_text(moved.with_name(moved.name + REASON_SUFFIX), "\n".join(lines))
    return moved


def move(path: Path, folder: Path) -> Path:
    """Move a file into a folder in one step, under another name where its own is taken; returns its new place."""
    folder.mkdir(parents=True, exist_ok=True)
    place = free_place(folder / path.name)
    try:
        path.rename(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # Another filesystem: the copy is put in place whole before the original goes.
        beside = place.with_name(f".{place.name}.part")
        shutil.copy2(path, beside)
        force_to_disk(beside)
        beside.rename(place)
        force_to_disk(folder)
        path.unlink()
    return place


def free_place(place: Path) -> Path:
    """A path like this one that no file has."""
    if not place.exists():
        return place
    stem = f"{place.stem}_{stamp(now())}"
    number = 1
    candidate = place.with_name(f"{stem}{place.suffix}")
    while candidate.exists():
        number += 1
        candidate = place.with_name(f"{stem}_{number}{place.suffix}")
    return candidate

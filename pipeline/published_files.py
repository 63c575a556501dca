"""The published files of a data folder: put in place in one step, found again, pruned."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from pipeline.durable import force_to_disk, write_text
from pipeline.failures import ExitCode, Failure
from pipeline.settings import VERSIONS_KEPT, DataFolder

PUBLISHED_PATTERN = "retaguarda_*.duckdb"


def published_path(folder: DataFolder) -> Path:
    """The file that `current` names. Raises Failure with NOTHING_PUBLISHED when there is none."""
    remedy = "Run `retaguarda refresh`, or `retaguarda demo` for the sample company."
    try:
        name = folder.current.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise Failure(f"Nothing has been published in {folder.root}.", remedy, ExitCode.NOTHING_PUBLISHED) from error
    path = folder.serving / name
    # The pointer holds a plain file name: anything else was not written by us.
    if not name or Path(name).name != name or not path.is_file():
        raise Failure(f'{folder.current} names "{name}", which is not there.', remedy, ExitCode.NOTHING_PUBLISHED)
    return path


def published_before(folder: DataFolder) -> Path | None:
    """The published file, where there is one."""
    try:
        return published_path(folder)
    except Failure:
        return None


def open_published(folder: DataFolder) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published file; the caller closes it."""
    path = published_path(folder)
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise Failure(
            f"{path} cannot be opened: {error}", "Run `retaguarda build` and `retaguarda publish`."
        ) from error


def put_in_place(folder: DataFolder, built: Path, name: str) -> Path:
    """Make a finished, closed database the published one: on disk first, then named by the pointer.

    Killed anywhere before the last step, the version published before stays live.
    """
    wal = built.with_name(built.name + ".wal")
    if wal.exists():
        raise Failure(f"{built} was not closed completely ({wal.name} is left).", "Run `retaguarda build` again.")
    folder.serving.mkdir(parents=True, exist_ok=True)
    force_to_disk(built)
    built.chmod(0o444)
    published = folder.serving / name
    built.replace(published)
    force_to_disk(folder.serving)
    force_to_disk(built.parent)
    write_text(folder.current, name + "\n")
    return published


def prune(folder: DataFolder, keep: int = VERSIONS_KEPT) -> list[Path]:
    """Delete all but the newest published files, never the current one; returns what was deleted.

    A reader that has an old file open keeps it until it closes it: the system frees the space only then.
    """
    current = published_path(folder)
    newest_first = sorted(folder.serving.glob(PUBLISHED_PATTERN), reverse=True)
    doomed = [path for path in newest_first[keep:] if path != current]
    for path in doomed:
        path.unlink(missing_ok=True)
    for leftover in folder.serving.glob(".*.part"):
        # Written by a process that was killed; one that still runs holds the lock, so it is not ours.
        if str(os.getpid()) not in leftover.name:
            leftover.unlink(missing_ok=True)
    return doomed

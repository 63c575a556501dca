"""Disks that are full and folders that cannot be written: said in one sentence with the path and what to do."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.failures import Failure

_FULL = ("no space left", "disk quota", "file too large", "out of disk", "failed to allocate space")
_CLOSED = ("permission denied", "read-only file system", "operation not permitted")
_FULL_CODES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED_CODES = (errno.EACCES, errno.EPERM, errno.EROFS)
NOTHING_LOST = "What was loaded before is whole; of the file that was being loaded nothing is in."


@contextmanager
def telling_storage(folder: Path) -> Iterator[None]:
    """Turn the system's complaints about writing below `folder` into a Failure that names path and remedy."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        failure = storage_failure(error, folder)
        if failure is None:
            raise
        raise failure from error


def storage_failure(error: Exception, folder: Path) -> Failure | None:
    """What to tell of an error that comes from a disk or folder that refuses; None for any other error."""
    path, code = folder, None
    if isinstance(error, OSError):
        path, code = Path(error.filename) if error.filename else folder, error.errno
    elif not isinstance(error, duckdb.Error):
        return None
    lowered = str(error).lower()
    if code in _FULL_CODES or (code is None and any(words in lowered for words in _FULL)):
        temporary = tempfile.gettempdir()
        return Failure(
            f"There is no space left to write {path}, or in the folder of temporary files, {temporary}. {NOTHING_LOST}",
            "Free some space there, or name another folder for temporary files in TMPDIR, and try again.",
        )
    if code in _CLOSED_CODES or (code is None and any(words in lowered for words in _CLOSED)):
        return Failure(
            f"{path} cannot be written: the folder or file is read-only for this user. {NOTHING_LOST}",
            "Give this user the right to write there, or choose another folder with --data.",
        )
    return None

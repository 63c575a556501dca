"""One writer at a time per data folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.failures import ExitCode, Failure
from pipeline.run_log import Record, recorded
from pipeline.settings import DataFolder


@contextmanager
def writing(folder: DataFolder, step: str) -> Iterator[Record]:
    """Hold the folder's lock for a step, which is entered in the log of runs; what is yielded is its record there.

    Raises Failure with BUSY, naming the process and the step, when another process holds it.
    """
    with holding(folder, folder.lock, step), recorded(folder, step) as record:
        yield record


@contextmanager
def holding(folder: DataFolder, lock: Path, step: str) -> Iterator[None]:
    """Hold one of the folder's locks. The system lets go of it when the process ends, however it ends.

    Raises Failure with BUSY, naming the process and the step, when another process holds it.
    """
    folder.root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 200).decode(errors="replace").strip() or "another process"
            raise Failure(
                f"{folder.root} is being written by {holder}.",
                "Wait until it has ended and try again.",
                ExitCode.BUSY,
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{step} (process {os.getpid()})".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)

"""The SHA-256 of a file's bytes, by which a file that was loaded before is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingestion.book import File
from ingestion.readers import RejectedFile

BLOCK_BYTES = 4 << 20
LARGE_BYTES = 4 << 20


@contextmanager
def hashing(connection: duckdb.DuckDBPyConnection, file: File) -> Iterator[Callable[[], None]]:
    """Set the file's size and SHA-256; gives a function that waits for it. At the end it is known in any case.

    A large file of a size that no file of the book has is none that was loaded before: it is hashed while it is read,
    and its `sha256` is None until then. Raises RejectedFile for a file that is not there or cannot be read.
    """
    if not file.path.is_file():
        raise RejectedFile(f"{file.path.name}: there is no such file.", "Check the path.")
    try:
        file.size_bytes = file.path.stat().st_size
        known = "select 1 from load.files where size_bytes = ? limit 1"
        if file.size_bytes <= LARGE_BYTES or connection.execute(known, [file.size_bytes]).fetchall():
            file.sha256 = sha256_of(file.path)
    except OSError as error:
        raise _unreadable(file.path, error) from error
    if file.sha256 is not None:
        yield lambda: None
        return
    with ThreadPoolExecutor(max_workers=1) as beside:
        digest = beside.submit(sha256_of, file.path)

        def wait() -> None:
            try:
                file.sha256 = digest.result()
            except OSError as error:
                raise _unreadable(file.path, error) from error

        try:
            yield wait
        finally:
            wait()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _unreadable(path: Path, error: OSError) -> RejectedFile:
    return RejectedFile(f"{path.name}: it cannot be read: {error.strerror}.", "Check who may read it.")

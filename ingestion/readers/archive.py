"""Packed files (.zip, .gz) → their members, unpacked into a private temporary folder; dangerous ones are refused.

Nothing is written outside that folder and no member's name decides where: names that try are a reason to refuse the
whole archive. Sizes are checked as declared before unpacking and as they come out during it.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Protocol

from ingestion.readers import RejectedFile, TextTable

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract
    from ingestion.mapping import Mapping

MEBIBYTE = 1 << 20
CHUNK = 1 << 20
GZIP_START = b"\x1f\x8b"
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
WORKBOOKS = (".xlsx", ".xlsm", ".ods")  # zip files as well, and checked by their own readers
SYSTEM_NAMES = ("__macosx", "thumbs.db", "desktop.ini")  # what Windows and macOS put in by themselves
LONGEST_NAME = 255
ENCRYPTED = 0x1
ENCRYPTED_METHOD = 99
# What the libraries raise for bytes that are no archive, or no longer one.
DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError)
UNPACK_IT = "Unpack it and load the files in it."


class SupportsRead(Protocol):
    """What gives bytes, piece by piece."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        ...


@dataclass(frozen=True)
class Limits:
    """What an archive may unpack to. `ratio` (unpacked ÷ packed) counts only above `ratio_from` bytes unpacked."""

    unpacked_bytes: int = 8 << 30
    ratio: int = 200  # exports pack 5 to 60 times; a bomb 1,000 times and more
    ratio_from: int = 16 << 20
    members: int = 20_000


@dataclass(frozen=True)
class ArchiveMember:
    """One file of an archive: `name` for people (`archive.zip/member.csv`), `path` of its unpacked private copy."""

    name: str
    path: Path


@dataclass
class Unpacking:
    """How far the unpacking of an archive is."""

    path: Path
    packed_bytes: int
    limits: Limits
    bytes: int = 0


class ArchiveReader:
    """Stands in the registry for what is unpacked before reading: only an archive within an archive comes here."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """Always raises RejectedFile: whoever loads takes the members one by one (see `unpacked`)."""
        raise RejectedFile(f"{path.name}: an archive is loaded file by file.", UNPACK_IT)


def is_archive(path: Path) -> bool:
    """Whether a file's name says that it is packed."""
    return path.suffix.lower() in (".zip", ".gz")


@contextlib.contextmanager
def unpacked(path: Path, limits: Limits | None = None) -> Iterator[tuple[ArchiveMember, ...]]:
    """All members of an archive, in its order, as files that exist until the block ends.

    Folders and what operating systems add are no members. Raises RejectedFile for an archive that is damaged, empty,
    encrypted or dangerous: a bomb, an archive in an archive, names that lead elsewhere or stand twice, links.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="retaguarda_") as folder:
        try:
            unpack = _gunzip if path.suffix.lower() == ".gz" else _unzip
            found = unpack(path, Path(folder), limits)
        except DAMAGED as error:
            raise _damaged(path, error) from error
        except OSError as error:
            if error.errno != errno.EINVAL:  # a full disk is not the archive's fault; a place that is none is
                raise
            raise _damaged(path, error) from error
        yield found


def members(path: Path, limits: Limits | None = None) -> Iterator[ArchiveMember]:
    """The members of an archive one by one; their files exist until the last one was taken. See `unpacked`."""
    with unpacked(path, limits) as found:
        yield from found


def _damaged(path: Path, error: Exception) -> RejectedFile:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return RejectedFile(f"{path.name} is damaged or no archive ({reason}).", "Download or pack it again.")


def _gunzip(path: Path, folder: Path, limits: Limits) -> tuple[ArchiveMember, ...]:
    _require(path, (GZIP_START,), "a gzip file")
    name = path.stem
    target = folder / _safe_name(path, name)
    with gzip.open(path) as source, target.open("wb") as copy:
        unpacking = Unpacking(path, path.stat().st_size, limits)
        _copy(source, copy, name, unpacking.packed_bytes, unpacking)
    return (ArchiveMember(path.name, target),)


def _unzip(path: Path, folder: Path, limits: Limits) -> tuple[ArchiveMember, ...]:
    _require(path, ZIP_STARTS, "a zip file")
    found: list[ArchiveMember] = []
    with zipfile.ZipFile(path) as package:
        listed = package.infolist()
        _refuse_dangerous(path, listed, limits)
        kept = [part for part in listed if not part.is_dir() and not _is_system(part.filename)]
        if not kept:
            raise RejectedFile(f"{path.name}: the archive holds no file.", "Pack the exports again.")
        unpacking = Unpacking(path, path.stat().st_size, limits)
        for number, part in enumerate(kept):
            target = folder / PurePosixPath(part.filename).name
            if target.exists():
                target = folder / f"{number:05d}" / target.name
                target.parent.mkdir()
            with package.open(part) as source, target.open("xb") as copy:
                _copy(source, copy, part.filename, part.compress_size, unpacking)
            found.append(ArchiveMember(f"{path.name}/{part.filename}", target))
    return tuple(found)


def _require(path: Path, starts: tuple[bytes, ...], kind: str) -> None:
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise RejectedFile(f"{path.name} is empty.", "Export or download it again.")
    if not start.startswith(starts):
        raise RejectedFile(f"{path.name} is not {kind}, whatever its name says.", "Give it its right suffix.")


def _refuse_dangerous(path: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.members:
        raise RejectedFile(
            f"{path.name} holds {len(parts):,} files; an archive may hold {limits.members:,}.",
            "Pack fewer files at a time.",
        )
    seen: dict[str, str] = {}
    for part in parts:
        _safe_name(path, part.filename)
        kind = stat.S_IFMT(part.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise RejectedFile(f'{path.name}: "{_shown(part.filename)}" is a link, not a file.', "Pack the files.")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, ENCRYPTED_METHOD):
            raise RejectedFile(f"{path.name} is packed in an unusual way, which is not read.", "Pack it as plain zip.")
        if part.flag_bits & ENCRYPTED or part.compress_type == ENCRYPTED_METHOD:
            raise RejectedFile(f"{path.name} is protected by a password.", "Pack it again without one.")
        folded = unicodedata.normalize("NFC", part.filename).casefold()
        if folded in seen:
            raise RejectedFile(
                f'{path.name} holds "{_shown(part.filename)}" twice: nobody can tell which one counts.',
                "Pack it again with each file once.",
            )
        seen[folded] = part.filename
    _refuse_bomb(path, sum(part.file_size for part in parts), path.stat().st_size, limits)
    for part in parts:
        _refuse_bomb(path, part.file_size, part.compress_size, limits)


def _refuse_bomb(path: Path, unpacked_bytes: int, packed_bytes: int, limits: Limits) -> None:
    """Raise RejectedFile if so many bytes from so few are too many."""
    if unpacked_bytes > limits.unpacked_bytes:
        raise RejectedFile(
            f"{path.name} would unpack to more than {limits.unpacked_bytes / MEBIBYTE:,.0f} MiB: refused.",
            "Export a shorter period, or load the file unpacked.",
        )
    if unpacked_bytes > limits.ratio_from and unpacked_bytes > limits.ratio * max(packed_bytes, 1):
        raise RejectedFile(
            f"{path.name} would unpack to more than {limits.ratio} times its size: refused as dangerous.",
            "If it is a real export, unpack it and load the file itself.",
        )


def _copy(source: SupportsRead, copy: BinaryIO, name: str, packed: int, so_far: Unpacking) -> None:
    """Unpack one member. What a header declares may be a lie, so the bytes are counted as they come out."""
    size = 0
    while chunk := source.read(CHUNK):
        if not size:
            _refuse_nested(so_far.path, name, chunk)
        size += len(chunk)
        so_far.bytes += len(chunk)
        _refuse_bomb(so_far.path, size, packed, so_far.limits)
        _refuse_bomb(so_far.path, so_far.bytes, so_far.packed_bytes, so_far.limits)
        copy.write(chunk)


def _safe_name(path: Path, name: str) -> str:
    """The name, if it stays below the folder it is unpacked to on every system. Raises RejectedFile if not."""
    parts = name.rstrip("/").split("/")
    if (
        not name
        or name.startswith("/")
        or "\\" in name
        or ":" in name
        or any(unicodedata.category(mark) in ("Cc", "Cf", "Cs") for mark in name)
        or any(part in ("", ".", "..") or len(part.encode(errors="replace")) > LONGEST_NAME for part in parts)
    ):
        raise RejectedFile(
            f'{path.name}: the name "{_shown(name)}" in it leads elsewhere or is no name of a file.',
            "Do not trust this archive. If you made it, pack it again from within the folder of the files.",
        )
    return name


def _refuse_nested(path: Path, name: str, start: bytes) -> None:
    """Raise RejectedFile for a member that is packed itself, whatever it is called; workbooks are, and may be."""
    if start.startswith(GZIP_START) or (start.startswith(ZIP_STARTS) and not name.lower().endswith(WORKBOOKS)):
        raise RejectedFile(f'{path.name}: "{_shown(name)}" in it is another archive: refused.', UNPACK_IT)


def _is_system(name: str) -> bool:
    parts = name.casefold().split("/")
    return parts[0] in SYSTEM_NAMES or parts[-1] in SYSTEM_NAMES or parts[-1].startswith(".")


def _shown(name: str) -> str:
    """A name for a message: one line, short, nothing that a terminal would obey."""
    plain = "".join(mark if mark.isprintable() else "?" for mark in name)
    return plain if len(plain) <= 80 else plain[:80] + "…"

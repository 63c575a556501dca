"""The folder of one frozen week: parquet and a manifest, put in place in one step, each chained to the one before.

A week lies under its own name only when all of it is on the disk. Weeks are chained in the order in which they were
frozen: a manifest holds the SHA-256 of each of its files and of the manifest before it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.durable import force_to_disk, read_json, write_json
from pipeline.settings import DataFolder
from pipeline.snapshot_weeks import Week

MANIFEST = "manifest.json"
HEAD = "head.json"
WEEK_PATTERN = "[0-9][0-9][0-9][0-9]-W[0-9][0-9]"


@dataclass(frozen=True)
class FrozenWeek:
    """One frozen week: its folder, its manifest, and the manifest's own hash."""

    path: Path
    manifest: Mapping[str, Any]
    manifest_sha256: str

    @property
    def week(self) -> Week:
        """Which week it is, by the name of its folder."""
        return Week.parse(self.path.name)

    @property
    def sequence(self) -> int:
        """Its place in the chain, from 1 on."""
        return int(self.manifest.get("sequence", 0))

    def table(self, name: str) -> pl.DataFrame:
        """One of its tables."""
        return pl.read_parquet(self.path / f"{name}.parquet")


def snapshots_folder(folder: DataFolder) -> Path:
    """Where the frozen weeks lie."""
    return folder.root / "snapshots"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def frozen_weeks(folder: DataFolder) -> list[FrozenWeek]:
    """The frozen weeks in the order of their chain. A folder whose manifest cannot be read is not among them."""
    found = []
    for path in sorted(snapshots_folder(folder).glob(WEEK_PATTERN)):
        manifest = read_json(path / MANIFEST)
        if manifest is not None:
            found.append(FrozenWeek(path, manifest, sha256_of(path / MANIFEST)))
    return sorted(found, key=lambda one: (one.sequence, one.path.name))


def is_frozen(folder: DataFolder, week: Week) -> bool:
    """Whether a week is there."""
    return (snapshots_folder(folder) / str(week)).is_dir()


def put_week_in_place(
    folder: DataFolder, week: Week, tables: Mapping[str, pl.DataFrame], facts: Mapping[str, Any]
) -> FrozenWeek:
    """Write a week and give it its name in one step. The caller holds the folder's lock; the week is not there yet.

    Killed anywhere, the week is wholly there or not at all: what was begun lies under a name that nothing reads, and
    the next freeze removes it.
    """
    root = snapshots_folder(folder)
    root.mkdir(parents=True, exist_ok=True)
    for leftover in root.glob(".*.part"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
    before = frozen_weeks(folder)
    last = before[-1] if before else None
    beside = root / f".{week}.part"
    beside.mkdir()
    files = []
    for name, frame in tables.items():
        path = beside / f"{name}.parquet"
        frame.write_parquet(path, compression="zstd", statistics=False)
        seal(path)
        content = {"name": path.name, "rows": frame.height, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        files.append(content)
    manifest = {
        "week": str(week),
        "sequence": last.sequence + 1 if last else 1,
        "previous_week": str(last.week) if last else None,
        "previous_manifest_sha256": last.manifest_sha256 if last else None,
        **facts,
        "files": files,
    }
    path = beside / MANIFEST
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    seal(path)
    force_to_disk(beside)
    final = beside.rename(root / str(week))
    force_to_disk(root)
    frozen = FrozenWeek(final, json.loads((final / MANIFEST).read_text(encoding="utf-8")), sha256_of(final / MANIFEST))
    # Only so that a last week which is taken away is missed: the chain itself cannot know what should have followed.
    write_json(
        root / HEAD,
        {"week": str(week), "sequence": frozen.sequence, "manifest_sha256": frozen.manifest_sha256},
    )
    return frozen


def seal(path: Path) -> None:
    """Read-only, and on the disk."""
    path.chmod(0o444)
    force_to_disk(path)

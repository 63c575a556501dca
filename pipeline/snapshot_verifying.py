"""Whether the frozen weeks are what they were when they were frozen: every file, every manifest, and their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from pipeline.durable import read_json
from pipeline.published_files import open_published, published_before
from pipeline.settings import DataFolder
from pipeline.snapshot_files import HEAD, MANIFEST, WEEK_PATTERN, FrozenWeek, frozen_weeks, sha256_of, snapshots_folder


@dataclass(frozen=True)
class Discrepancy:
    """One thing that is not as it was frozen: the week, the file, what is wrong (for programs) and in words."""

    week: str
    file: str
    problem: str
    message: str


@dataclass(frozen=True)
class Verification:
    """What was looked at, and what is wrong; nothing is wrong with an empty list."""

    weeks: tuple[str, ...]
    files: int
    discrepancies: tuple[Discrepancy, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"is_intact": not self.discrepancies, **asdict(self)}


def verify(folder: DataFolder) -> Verification:
    """Compare every frozen week with its manifest, every manifest with the next, and all with what was published."""
    weeks = frozen_weeks(folder)
    found: list[Discrepancy] = []
    readable = {one.path.name for one in weeks}
    found += [
        _wrong(path.name, MANIFEST, "missing", "the manifest is missing or cannot be read")
        for path in sorted(snapshots_folder(folder).glob(WEEK_PATTERN))
        if path.name not in readable
    ]
    for one in weeks:
        found += damage_of(one)
    found += _chain(weeks)
    found += _last(folder, weeks)
    found += _published(folder, weeks)
    return Verification(tuple(one.path.name for one in weeks), sum(len(_files(one)) for one in weeks), tuple(found))


def damage_of(frozen: FrozenWeek) -> list[Discrepancy]:
    """What is wrong inside one week's folder."""
    week, found = frozen.path.name, []
    if frozen.manifest.get("week") != week:
        said = frozen.manifest.get("week")
        found.append(_wrong(week, MANIFEST, "renamed", f"the manifest is that of week {said}"))
    files = _files(frozen)
    for name, sha256 in files.items():
        path = frozen.path / name
        if not path.is_file():
            found.append(_wrong(week, name, "missing", "the file is missing"))
        elif sha256_of(path) != sha256:
            found.append(_wrong(week, name, "altered", "the file is not the one that was frozen"))
    added = [path.name for path in sorted(frozen.path.iterdir()) if path.name not in (*files, MANIFEST)]
    return [*found, *(_wrong(week, name, "added", "the file was not there when the week was frozen") for name in added)]


def _chain(weeks: list[FrozenWeek]) -> list[Discrepancy]:
    found = []
    expected, last = 1, None
    for one in weeks:
        before = str(one.manifest.get("previous_week"))
        if one.sequence != expected:
            message = f"it is number {one.sequence} of the chain, where number {expected} should stand"
            found.append(_wrong(one.path.name, MANIFEST, "reordered", f"{message}: week {before} came before it"))
        elif one.manifest.get("previous_manifest_sha256") != (last.manifest_sha256 if last else None):
            named = last.path.name if last else "none"
            message = f"it was chained to another manifest of {before}: that of {named} has been altered or replaced"
            found.append(_wrong(named if last else one.path.name, MANIFEST, "altered", message))
        expected, last = one.sequence + 1, one
    return found


def _last(folder: DataFolder, weeks: list[FrozenWeek]) -> list[Discrepancy]:
    head = read_json(snapshots_folder(folder) / HEAD)
    if head is None:
        # A freeze that was killed right after the very first week was in place had not written it yet.
        is_lost = len(weeks) > 1
        return [_wrong(weeks[-1].path.name, HEAD, "missing", "the name of the last week is missing")] if is_lost else []
    by_sequence = {one.sequence: one for one in weeks}
    known = by_sequence.get(int(head["sequence"]))
    if known is None:
        return [_wrong(str(head["week"]), "", "missing", "the week was frozen and is missing")]
    if known.manifest_sha256 != head["manifest_sha256"]:
        return [_wrong(known.path.name, MANIFEST, "altered", "the manifest is not the one that was frozen")]
    return []


def _published(folder: DataFolder, weeks: list[FrozenWeek]) -> list[Discrepancy]:
    """What the published file still knows of weeks that are gone or replaced."""
    if published_before(folder) is None:
        return []
    connection = open_published(folder)
    try:
        known = published_weeks(connection)
    finally:
        connection.close()
    there: Mapping[str, str] = {one.path.name: one.manifest_sha256 for one in weeks}
    found = []
    for week, sha256 in known.items():
        if week not in there:
            found.append(_wrong(week, "", "missing", "the week was published and is missing"))
        elif there[week] != sha256:
            found.append(_wrong(week, MANIFEST, "altered", "the manifest is not the one that was published"))
    return found


def published_weeks(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The frozen weeks in a published file, with the hashes of their manifests; none in older files."""
    tables = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'kpi' and table_name = 'snapshot_weeks'"
    ).fetchall()
    if not tables:
        return {}
    return dict(connection.execute("select week, manifest_sha256 from kpi.snapshot_weeks order by week").fetchall())


def _files(frozen: FrozenWeek) -> dict[str, str]:
    return {str(one["name"]): str(one["sha256"]) for one in frozen.manifest.get("files", ())}


def _wrong(week: str, file: str, problem: str, message: str) -> Discrepancy:
    return Discrepancy(week, file, problem, message)

"""The sample company: its exports loaded in the order in which they became known, built, and published.

A second demonstration does only what is needed: nothing while sample, models and code are what they were.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ingestion.contracts import load_contracts
from ingestion.raw import open_raw
from pipeline.building import build
from pipeline.company import Company, read_company
from pipeline.durable import read_json, write_json
from pipeline.failures import Failure
from pipeline.loading import load
from pipeline.locking import writing
from pipeline.moments import end_of_local_day
from pipeline.progress import Narrator
from pipeline.publishing import publish
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.snapshot_files import snapshots_folder

SAMPLE = PROJECT_ROOT / "data" / "sample"
FROZEN = SAMPLE / "snapshots"
BATCH_PREFIX = "sample"
LOADING_SOURCES = ("ingestion/**/*.py", "models/staging/*/_*__sources.yml")
BUILDING_SOURCES = (
    *("dbt_project.yml", "profiles.yml", "macros/**/*.sql", "seeds/**/*", "models/**/*", "tests/models/**/*.sql"),
    *(
        "kpis/**/*.py",
        "pipeline/publish*.py",
        "pipeline/lineage.py",
        "pipeline/snapshot*.py",
        "pipeline/company_targets.py",
        "pipeline/bound_key_results.py",
    ),
)


def content_hash(paths: Iterable[Path], root: Path) -> str:
    """SHA-256 over the names and contents of files."""
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def matching(patterns: Iterable[str]) -> Iterable[Path]:
    """The project's files that match any of the patterns."""
    return (path for pattern in patterns for path in PROJECT_ROOT.glob(pattern))


def knowledge_folders() -> list[tuple[date, Path]]:
    """The sample's folders by the day on which their exports became known."""
    folders = [(date.fromisoformat(path.name), path) for path in sorted(SAMPLE.glob("????-??-??")) if path.is_dir()]
    if not folders:
        raise Failure(f"{SAMPLE} holds no exports.", "Get the whole repository: the sample is part of it.")
    return folders


def sample_company() -> Company:
    """The sample's company.yml."""
    company = read_company(SAMPLE / "company.yml")
    if company is None or company.as_of is None:
        raise Failure(f"{SAMPLE / 'company.yml'} is missing or has no as_of.", "Get the whole repository.")
    return company


def prepare_demonstration(folder: DataFolder, narrator: Narrator) -> bool:
    """Bring the folder's published file up to date with the sample; returns whether anything was done.

    Raises Failure when the folder holds a company's own data: the sample is never mixed into it.
    """
    marker = folder.root / "demonstration.json"
    company = sample_company()
    folder.prepare()
    exports = [path for path in SAMPLE.rglob("*") if FROZEN not in path.parents]
    loading = content_hash([*exports, *matching(LOADING_SOURCES)], PROJECT_ROOT)
    building = content_hash([*matching(BUILDING_SOURCES), *FROZEN.rglob("*")], PROJECT_ROOT)
    done = read_json(marker) or {}
    if (
        done.get("loading") == loading
        and done.get("building") == building
        and folder.raw.exists()
        and folder.current.exists()
    ):
        narrator.say(f"{company.label}: published already, nothing has changed since.")
        return False
    with writing(folder, "demo"):
        if done.get("loading") != loading or not folder.raw.exists():
            refuse_own_data(folder, bool(done))
            for path in folder.root.glob("raw.duckdb*"):
                path.unlink()
            write_json(marker, {"loading": "started"})
            narrator.say(f"Loading the exports of {company.label} as they became known …")
            load_sample(folder, narrator)
            write_json(marker, {"loading": loading})
        shutil.copyfile(SAMPLE / "company.yml", folder.root / "company.yml")
        own_files = files_not_of_sample(folder)
        put_sample_weeks(folder)
        build(folder, narrator, as_of=None if own_files else end_of_local_day(company.as_of or date.max))
        publish(folder, narrator, company_label=company.label)
        write_json(marker, {"loading": loading, "building": building})
    return True


def load_sample(folder: DataFolder, narrator: Narrator) -> None:
    """Load every folder of the sample as it became known on its day. One line a folder: its bad rows are planted."""
    quiet = Narrator(quiet=True)
    mappings = SAMPLE / "mappings"
    for day, exports in knowledge_folders():
        known_at = end_of_local_day(day)
        loaded = load(folder, [exports], quiet, knowledge_at=known_at, batch_prefix=BATCH_PREFIX, mappings=mappings)
        rows = {name: loaded.total(f"rows_{name}") for name in ("loaded", "unchanged", "quarantined")}
        counts = " · ".join(f"{count:,} {name}" for name, count in rows.items())
        rejected = f" · {loaded.rejected} rejected file" if loaded.rejected else ""
        narrator.say(f"  {day.isoformat()}: {loaded.members} files · {counts}{rejected}")


def put_sample_weeks(folder: DataFolder) -> None:
    """Put the sample's frozen weeks into the folder, unless weeks have been frozen there since."""
    target = snapshots_folder(folder)
    committed = {path.name for path in FROZEN.glob("*")}
    if not committed or {path.name for path in target.glob("*")} - committed:
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(FROZEN, target)
    for path in target.glob("*/*"):
        # A repository does not keep that they are read-only.
        path.chmod(0o444)


def files_not_of_sample(folder: DataFolder) -> int:
    """How many loaded files are not of the sample."""
    connection = open_raw(folder.raw, load_contracts(PROJECT_ROOT), read_only=True)
    try:
        query = f"select count(*) from load.files where batch_id not like '{BATCH_PREFIX}-%'"  # noqa: S608 (constant)
        return connection.execute(query).fetchall()[0][0]
    finally:
        connection.close()


def refuse_own_data(folder: DataFolder, is_demonstration: bool) -> None:
    """Raise Failure when loading the sample anew would lose a company's own data."""
    if folder.raw.exists() and (not is_demonstration or files_not_of_sample(folder)):
        raise Failure(
            f"{folder.root} holds data that are not the sample's.",
            "Keep the demonstration apart: `retaguarda demo --data data/demo`. Or delete raw.duckdb, if you mean it.",
        )

"""The sample company's frozen weeks, made anew: `python -m pipeline.sample_weeks FOLDER`, FOLDER holding a demonstration.

They are committed beside the exports, so that a demonstration has them without building the past. Each is frozen as of
its own date, from what the sample had said by then; the later exports restate it, with the causes that STORIES.md tells.
Definitions that change after they were made show as changed definitions: make them anew then.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from pipeline.demonstration import FROZEN
from pipeline.failures import Failure
from pipeline.freezing import freeze_late
from pipeline.locking import writing
from pipeline.progress import Narrator
from pipeline.settings import DataFolder
from pipeline.snapshot_files import frozen_weeks, snapshots_folder
from pipeline.snapshot_weeks import Week

FIRST, LAST = Week.parse("2026-W44"), Week.parse("2026-W46")


def freeze_sample(folder: DataFolder, narrator: Narrator) -> list[str]:
    """Freeze the sample's weeks in a folder that holds the sample, and copy them beside the exports."""
    if not (folder.root / "demonstration.json").exists():
        raise Failure(f"{folder.root} holds no demonstration.", "Run `retaguarda demo --no-serve` with --data first.")
    with writing(folder, "freeze"):
        shutil.rmtree(snapshots_folder(folder), ignore_errors=True)
        week = FIRST
        while week <= LAST:
            freeze_late(folder, week, narrator)
            week = week.later(1)
    shutil.rmtree(FROZEN, ignore_errors=True)
    shutil.copytree(snapshots_folder(folder), FROZEN)
    return [one.path.name for one in frozen_weeks(folder)]


if __name__ == "__main__":
    freeze_sample(DataFolder(Path(sys.argv[1]).resolve()), Narrator())

"""What a scheduler of the system is to start: the program, the data folder, and when."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pipeline.failures import ExitCode, Failure
from pipeline.schedule import Schedule, in_words
from pipeline.settings import DataFolder

DAY = timedelta(days=1)
SHORTEST = timedelta(minutes=5)


@dataclass(frozen=True)
class Job:
    """The runs of one data folder. Its name belongs to the folder: installed again, it replaces itself alone."""

    name: str
    program: tuple[str, ...]
    data: Path
    schedule: Schedule

    def command(self, *options: str) -> list[str]:
        """The command line of one run."""
        return [*self.program, "--data", str(self.data), "run", "--once", *options]

    @property
    def description(self) -> str:
        """One line for lists of jobs."""
        return f"Retaguarda: refresh, freeze, deliver and alert ({self.data})"


def job_of(folder: DataFolder, schedule: Schedule) -> Job:
    """The job of a data folder. Raises Failure for what no scheduler can hold."""
    path = str(folder.root)
    if any(ord(character) < 32 for character in path):
        raise Failure(f"{path!r} holds control characters.", "Move the data folder.", ExitCode.USAGE)
    every = schedule.every
    if every is not None and (every < SHORTEST or every > DAY or DAY % every):
        raise Failure(
            f"A day does not consist of whole periods of {in_words(every)}.",
            "Choose 5m, 10m, 15m, 20m, 30m, 1h, 2h, 3h, 4h, 6h, 8h, 12h or 1d, or times of day by --at.",
            ExitCode.USAGE,
        )
    digest = hashlib.sha256(path.encode()).hexdigest()[:8]
    return Job(f"retaguarda-{digest}", program(), folder.root, schedule)


def program() -> tuple[str, ...]:
    """The command that is running now, by its full path."""
    script = Path(sys.executable).with_name("retaguarda")
    return (str(script),) if script.exists() else (sys.executable, "-m", "pipeline.cli")

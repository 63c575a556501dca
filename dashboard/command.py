"""The command line as a subprocess: the one way in which a page changes anything, or asks what would change.

Pages, people and schedulers so take the same path. What a command reports comes back as plain values.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from dashboard.published import data_folder

QUICK_SECONDS = 300
REFRESH_SECONDS = 3600
OK, REJECTED = 0, 3  # exit codes of the command line under which there is a report
LINES_SHOWN = 4


@dataclass(frozen=True)
class Answer:
    """How a command ended. `content` is its report (None where there is none), `message` what it told on the way."""

    code: int
    content: Any
    message: str

    @property
    def is_done(self) -> bool:
        """Whether there is a report, though a file may have been rejected."""
        return self.content is not None


def run(
    *arguments: str,
    seconds: float = QUICK_SECONDS,
    reporting: tuple[int, ...] = (OK, REJECTED),
    asking: str = "--format",
) -> Answer:
    """Run `retaguarda ARGUMENTS --format json` on the data folder of these pages and wait for it.

    Never raises for a command that fails: the answer then has its message and no content. `reporting` are the exit
    codes under which the command prints a report, `asking` the option by which it is asked for JSON.
    """
    environment = os.environ | {
        "RETAGUARDA_DATA": str(data_folder().resolve()), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "COLUMNS": "200",
        "RETAGUARDA_STARTED_BY": "page",
    }  # fmt: skip
    command = [sys.executable, "-m", "pipeline.cli", *arguments, asking, "json"]
    try:
        ended = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return Answer(1, None, f"retaguarda {arguments[0]}: no answer within {seconds:,.0f} s.")
    told = ended.stderr.decode("utf-8", errors="replace").strip().splitlines()
    try:
        content = json.loads(ended.stdout) if ended.returncode in reporting else None
    except ValueError:
        content = None
    return Answer(ended.returncode, content, "\n".join(line.strip() for line in told[-LINES_SHOWN:]))

"""`retaguarda run --every 1h`: a plain loop for containers. Each run is a process of its own.

So a run that crashes, or is killed for its memory, does not take the loop with it, and nothing piles up in months.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from types import FrameType

from pipeline.failures import ExitCode
from pipeline.moments import local_moment
from pipeline.progress import Narrator
from pipeline.run_log import STARTED_BY_VARIABLE
from pipeline.schedule import Schedule
from pipeline.settings import DATA_VARIABLE, DataFolder
from pipeline.turns import next_turn, now_exactly
from pipeline.waiting import is_anything_waiting

# The clock is looked at so often: it may be set, and the machine may sleep.
LONGEST_SLEEP_SECONDS = 30.0
# So long until it is tried again where another writer was at work.
BUSY_SECONDS = 60.0
# So long where messages wait and cannot even be tried (settings that are wrong): the log of runs is not for that alone.
STUCK_SECONDS = 300.0
COMMAND = (
    sys.executable,
    "-m",
    "pipeline.cli",
    "run",
    "--once",
)  # asks again whether it is due, and then holds the lock


class Loop:
    """Runs when runs are due, until it is asked to end."""

    def __init__(self, folder: DataFolder, narrator: Narrator, schedule: Schedule) -> None:
        self.folder, self.narrator, self.schedule = folder, narrator, schedule
        self.is_stopping = False
        self.child: subprocess.Popen[bytes] | None = None
        self._told: datetime | None = None

    def run(self) -> int:
        """Loop until SIGTERM or SIGINT; a run that is at work then may finish its step."""
        # What a signal writes into this pipe ends the sleep: nothing that waits for a lock is safe in a handler.
        self._awake, writing = os.pipe()
        os.set_blocking(writing, False)
        woken = signal.set_wakeup_fd(writing)
        before = [(number, signal.signal(number, self._stop)) for number in (signal.SIGTERM, signal.SIGINT)]
        self.narrator.say(f"Runs {self.schedule}, data in {self.folder.root}. SIGTERM ends the loop.")
        try:
            while not self.is_stopping:
                select.select([self._awake], [], [], self.turn())
        finally:
            for number, handler in before:
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken)
            os.close(self._awake)
            os.close(writing)
        self.narrator.say("Stopped.")
        return ExitCode.OK

    def turn(self) -> float:
        """Run if a run is due; returns for how many seconds to sleep."""
        present = now_exactly()
        due = next_turn(self.folder, self.schedule, present)
        if due is None:
            return LONGEST_SLEEP_SECONDS
        if due > present and not self._can_send():
            self._tell_next(due)
            return min(LONGEST_SLEEP_SECONDS, (due - present).total_seconds())
        code = self._run_child([*COMMAND, *self.schedule.options])
        if code == ExitCode.BUSY:
            self.narrator.say(f"Another process is at work: tried again in {BUSY_SECONDS:.0f} s.")
            return BUSY_SECONDS
        if code != ExitCode.OK and not self.is_stopping:
            self.narrator.warn(f"The run ended with exit code {code}; the loop goes on.")
        if due <= present:
            return 0.0
        # What was sent between two runs, or could not be, leads to no turn by itself.
        is_stuck = code != ExitCode.OK and self._can_send()
        return min(STUCK_SECONDS if is_stuck else LONGEST_SLEEP_SECONDS, (due - present).total_seconds())

    def _can_send(self) -> bool:
        """Whether anything is to be sent now; what it takes to know exactly is imported when something waits."""
        if not is_anything_waiting(self.folder):
            return False
        from pipeline.between_turns import has_something_to_send

        return has_something_to_send(self.folder)

    def _run_child(self, command: Sequence[str]) -> int:
        environment = os.environ | {STARTED_BY_VARIABLE: "schedule", DATA_VARIABLE: str(self.folder.root)}
        self.narrator.say(f"── Run of {local_moment(now_exactly()):%Y-%m-%d %H:%M}")
        # A session of its own: Ctrl+C and the end of a terminal reach the loop alone, which tells the run.
        self.child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            if self.is_stopping:
                self.child.terminate()
            return self.child.wait()
        finally:
            self.child = None

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True
        if self.child is not None:
            self.child.terminate()

    def _tell_next(self, due: datetime) -> None:
        if due != self._told:
            self._told = due
            self.narrator.say(f"Next run: {local_moment(due):%Y-%m-%d %H:%M:%S} ({self.schedule.time_zone})")

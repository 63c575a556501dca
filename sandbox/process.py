"""One child process for one statement: started beforehand, asked once, killed when its time is over."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from sandbox.child import LONG_ANSWER
from sandbox.limits import Cancelled, Limits, Refused, TooLarge, TooSlow

CHILD = Path(__file__).with_name("child.py")
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")  # of the environment; secrets of the server are not


@dataclass(frozen=True)
class Answer:
    """The rows of a statement; `is_cut` when there were more than the limit."""

    frame: pl.DataFrame
    is_cut: bool = False


class Child:
    """A process that waits for one statement."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self._killed = False
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment | {"PYTHONIOENCODING": "utf-8", "POLARS_MAX_THREADS": "1"},
            cwd="/",
        )

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once; who waits for its answer gets Cancelled."""
        self._killed = True
        self._process.kill()

    def close(self) -> None:
        """Let a process that was never asked end."""
        self._process.kill()
        self._process.communicate()

    def ask(self, path: Path, statement: str, limits: Limits) -> Answer:
        """The answer to one statement on the file at `path`. Raises Refused, TooSlow, TooLarge or Cancelled."""
        request = {"path": str(path), "statement": statement, **asdict(limits)}
        try:
            out, told = self._process.communicate(json.dumps(request).encode() + b"\n", timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise TooSlow(f"The query took longer than {limits.seconds:g} seconds and was stopped.") from None
        code = self._process.returncode
        if self._killed:
            raise Cancelled("The query was cancelled.")
        if code == 0:
            frame = pl.read_ipc_stream(io.BytesIO(out))
            if limits.rows is not None and frame.height > limits.rows:
                return Answer(frame.head(limits.rows), is_cut=True)
            return Answer(frame)
        message = told.decode(errors="replace").strip()
        if code == 1 and message:
            raise Refused(message)
        if code == LONG_ANSWER:
            raise TooLarge(f"The answer is larger than {limits.answer_mebibytes} MiB.")
        raise TooLarge(f"The query needed more memory than {limits.memory_mebibytes} MiB and was stopped.")


def ask_once(path: Path, statement: str, limits: Limits) -> Answer:
    """The answer to one statement, in a child started for it."""
    return Child().ask(path, statement, limits)

"""Children that wait, so that a reader does not; at most so many statements at once, the others queue."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.limits import Cancelled, Limits, Unanswered
from sandbox.process import Answer, Child


class Running:
    """One statement on its way: waiting for its turn, running, or done."""

    def __init__(self, pool: Pool, path: Path, statement: str, limits: Limits) -> None:
        self.statement = statement
        self.began = time.monotonic()
        self.seconds = 0.0  # the time that it took, once it is done; its turn not counted
        self._pool, self._limits, self._path = pool, limits, path
        self._child: Child | None = None
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._answer: Answer | None = None
        self._failure: BaseException | None = None
        threading.Thread(target=self._run, name="sandboxed statement", daemon=True).start()

    @property
    def is_done(self) -> bool:
        """Whether `result` returns or raises at once."""
        return self._ended.is_set()

    @property
    def is_waiting(self) -> bool:
        """Whether other statements have to end first."""
        return self._child is None and not self.is_done

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is done, or for so long; whether it is done."""
        return self._ended.wait(seconds)

    def cancel(self) -> None:
        """Kill it, or take it out of the queue. Nothing when it is done."""
        with self._lock:
            self._is_cancelled = True
            if self._child is not None and not self.is_done:
                self._child.kill()
        self._pool.wake()

    def result(self) -> Answer:
        """Wait for the answer. Raises Unanswered."""
        self._ended.wait()
        if self._failure is not None:
            raise self._failure
        if self._answer is None:
            raise Unanswered("There is no answer.")
        return self._answer

    def _run(self) -> None:
        try:
            self._pool.enter(lambda: self._is_cancelled)
            try:
                self._ask()
            finally:
                self._pool.leave()
        except BaseException as failure:
            self._failure = failure
        finally:
            self._ended.set()
        # Only now: another child that loads its libraries would slow down the statement.
        self._pool.prepare()

    def _ask(self) -> None:
        child = self._pool.take()
        with self._lock:
            if self._is_cancelled:
                child.close()
                raise Cancelled("The query was cancelled.")
            self._child = child
        began = time.monotonic()
        try:
            self._answer = child.ask(self._path, self.statement, self._limits)
        finally:
            self.seconds = time.monotonic() - began


class Pool:
    """Warm children. Nothing is started before the first statement or `prepare`."""

    def __init__(self, *, warm: int = 2, at_once: int = 2) -> None:
        self._warm, self._at_once = warm, at_once
        self._idle: list[Child] = []
        self._running = 0
        self._turn = threading.Condition()
        self._is_closed = False

    def prepare(self) -> None:
        """Start the children that are missing; they load their libraries while nobody waits."""
        with self._turn:
            for child in [child for child in self._idle if not child.is_alive]:
                child.close()
                self._idle.remove(child)
            while not self._is_closed and len(self._idle) < self._warm:
                self._idle.append(Child())

    def start(self, path: Path, statement: str, limits: Limits) -> Running:
        """Start a statement on the file at `path` and return at once."""
        return Running(self, path, statement, limits)

    def take(self) -> Child:
        """A child that nobody else has: one that waits, else a new one."""
        with self._turn:
            while self._idle:
                child = self._idle.pop(0)
                if child.is_alive:
                    return child
                child.close()
        return Child()

    def enter(self, is_cancelled: Callable[[], bool]) -> None:
        """Wait for a turn. Raises Cancelled."""
        with self._turn:
            self._turn.wait_for(lambda: self._running < self._at_once or is_cancelled())
            if is_cancelled():
                raise Cancelled("The query was cancelled.")
            self._running += 1

    def leave(self) -> None:
        """Give the turn to the next one."""
        with self._turn:
            self._running -= 1
            self._turn.notify_all()

    def wake(self) -> None:
        """Let those who wait look whether they were cancelled."""
        with self._turn:
            self._turn.notify_all()

    def close(self) -> None:
        """End the children that wait; statements on their way go on."""
        with self._turn:
            self._is_closed = True
            for child in self._idle:
                child.close()
            self._idle.clear()

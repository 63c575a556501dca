"""Failures that a person or a scheduler can act on: a message, a remedy and an exit code."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller. The numbers are part of the interface: never renumber them."""

    OK = 0
    FAILED = 1
    USAGE = 2
    REJECTED = 3
    NOT_PUBLISHED = 4
    BUSY = 5
    NOTHING_PUBLISHED = 6


EXIT_CODES_HELP = (
    "Exit codes: 0 done; 1 failed; 2 wrong usage; 3 done, but a file was rejected or held "
    "(with --strict also when rows were quarantined); 4 the build or a test failed, so the version "
    "published before stays live; 5 another load, build or refresh is running; 6 nothing has been published yet."
)


class Failure(Exception):
    """A step could not be done. Shown as a message with its remedy, never as a traceback."""

    def __init__(self, message: str, remedy: str = "", code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code

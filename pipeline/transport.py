"""How handing a message over may end, whatever carries it. Texts of these errors never hold a secret."""

from __future__ import annotations

LONGEST_ANSWER = 300


class Refused(Exception):
    """For good: another attempt would end the same way."""


class Unavailable(Exception):
    """For now: nothing was taken, and another attempt may succeed. `seconds` is the patience that was asked for."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Unanswered(Exception):
    """It was handed over, and no answer came: nobody can know whether it arrived."""


def answer_text(code: int, answer: bytes | str) -> str:
    """What the other side said, on one line."""
    text = answer.decode("utf-8", errors="replace") if isinstance(answer, bytes) else answer
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"{code} {' '.join(printable.split())}".strip()[:LONGEST_ANSWER]

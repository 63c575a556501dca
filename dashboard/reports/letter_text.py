"""The plain-text part of a letter: the same words, in lines that fit a narrow window."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

WIDTH = 76


def wrapped(text: str, first: str = "", others: str = "") -> str:
    """A paragraph; no-break spaces hold numbers and their units together."""
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def item(text: str) -> str:
    """A point of a list."""
    return wrapped(text, "- ", "  ")


def heading(text: str) -> str:
    """A heading with its line."""
    return f"\n{text}\n{'-' * min(WIDTH, len(text))}"


def joined(parts: Iterable[str | None]) -> str:
    """The parts that say something, each on a line of its own; ends with a line break."""
    return "\n".join(part for part in parts if part is not None).strip("\n") + "\n"

"""A notice: what a message says in few lines. Webhooks and short mails are made from it, of packs and alerts alike."""

from __future__ import annotations

from dataclasses import dataclass

MARKS = {"better": "▲", "worse": "■", "changed": "◆", "recovered": "✓", "trouble": "!"}


@dataclass(frozen=True)
class Line:
    """One sentence: its mark (a key of MARKS, or ""), the name that stands in bold, the sentence, and its page."""

    mark: str
    name: str
    sentence: str
    link: str | None = None

    @property
    def sign(self) -> str:
        """The mark as a character; empty where there is none."""
        return MARKS.get(self.mark, "")


@dataclass(frozen=True)
class Link:
    """A page and what the button to it says."""

    words: str
    address: str


@dataclass(frozen=True)
class Notice:
    """Title, a line below it (the state of the figures), sentences, small print and the link to the whole."""

    title: str
    language: str
    status: str = ""
    lines: tuple[Line, ...] = ()
    nothing: str = ""  # what is said where there are no lines
    notes: tuple[str, ...] = ()
    link: Link | None = None

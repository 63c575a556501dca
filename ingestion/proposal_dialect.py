"""Which date format and which decimal mark the values of a whole file decide; what they leave open is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingestion.contracts import Dialect
from ingestion.proposal_values import MARKS, Profile

SAME = 1e-9


@dataclass(frozen=True)
class Question:
    """Something that the values do not decide and a person must: `what` is date_format, timestamp_format or decimal.

    `choices` come in no order of likelihood; `headers` are the columns concerned, `example` a value that reads both ways.
    """

    what: str
    choices: tuple[str, ...]
    headers: tuple[str, ...]
    example: str

    @property
    def text(self) -> str:
        """The question in one sentence."""
        named = ", ".join(f'"{header}"' for header in self.headers)
        thing = "decimal mark" if self.what == "decimal" else "order of day and month"
        return f'The {thing} of {named} is not decided: "{self.example}" reads as {" and as ".join(self.choices)}.'


@dataclass(frozen=True)
class Decision:
    """What was found: the value, or None and the question; `share` of the values that read so."""

    value: str | None
    share: float
    question: Question | None = None


def decide_moment(what: str, columns: Sequence[tuple[str, Profile]], usual: str) -> Decision:
    """The one format of the file's dates (or timestamps) that reads the most values, all columns taken together.

    Formats that read equally many values are a question, unless they read each value as the same day; the contract's
    usual format is not preferred, for a guess that is wrong swaps day and month without an error. No column or only
    native dates decide nothing: `usual` stays.
    """
    concerned = [(header, profile) for header, profile in columns if any(form for form in profile.dates)]
    if not concerned:
        return Decision(usual, 1.0)
    filled = sum(profile.filled for _, profile in concerned)
    forms = {form for _, profile in concerned for form in profile.dates if form}
    totals = {
        form: sum(profile.dates.get(form, 0.0) * profile.filled for _, profile in concerned) / filled for form in forms
    }
    # 01/07/2026 reads as d/m/yyyy as well: the form of fixed width is preferred where it reads as many.
    totals = {form: share for form, share in totals.items() if not _reads_as_many(full_form(form), form, totals)}
    best = max(totals.values())
    leading = sorted(form for form, share in totals.items() if share > best - SAME)
    if len(leading) == 1:
        return Decision(leading[0], best)
    example = next(iter(concerned[0][1].counts))
    headers = tuple(header for header, _ in concerned)
    return Decision(None, best, Question(what, tuple(leading), headers, example))


def decide_decimal(columns: Sequence[tuple[str, Profile]], usual: str) -> Decision:
    """The decimal mark that the values decide: those that read with one mark only. Both at once: the commoner one.

    Values such as 1.234 alone decide nothing. Without any mark in the values `usual` stays.
    """
    decisive = {mark: sum(profile.decisive.get(mark, 0) for _, profile in columns) for mark in MARKS}
    filled = sum(profile.filled for _, profile in columns)
    ambiguous = [(header, profile) for header, profile in columns if profile.ambiguous]
    if not any(decisive.values()):
        if not ambiguous:
            return Decision(usual, 1.0)
        _header, profile = ambiguous[0]
        example = next(text for text in profile.counts if "." in text or "," in text)
        return Decision(None, 1.0, Question("decimal", MARKS, tuple(header for header, _ in ambiguous), example))
    mark = max(MARKS, key=lambda each: decisive[each])
    against = sum(decisive[other] for other in MARKS if other != mark)
    return Decision(mark, 1.0 - against / max(filled, 1))


def overrides(usual: Dialect, **found: str | None) -> dict[str, object]:
    """The keys of a dialect that are known and differ from the contract's."""
    return {key: value for key, value in found.items() if value is not None and value != getattr(usual, key)}


def full_form(form: str) -> str:
    """A date format with two digits for d, m and h."""
    return re.sub(r"(?<![a-z])([dmh])(?![a-z])", r"\1\1", form)


def _reads_as_many(other: str, form: str, totals: Mapping[str, float]) -> bool:
    return other != form and totals.get(other, -1.0) >= totals[form] - SAME

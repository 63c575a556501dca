"""How alike two column names are: words that say little weigh little, usual abbreviations count as their word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from ingestion.contracts import fold
from ingestion.proposal_words import EMPTY, PHRASES, SAME, WEAK

ALIKE = 80.0  # percent: words less alike than this are different words
MISTYPED = 85.0  # percent: how alike a mistyped word is to the one that was meant
LONG = 6  # letters: shorter words are too easily others
_KNOWN = {*SAME, *WEAK, *(word for meaning in SAME.values() for word in meaning.split())}
_LONG_WORDS = tuple(sorted(word for word in _KNOWN if len(word) >= LONG))
# What the first words of a header say of its values, and the types that they cannot be then.
_NOT_OF_TYPE = {"codigo": ("date", "timestamp", "money"), "data": ("money", "integer", "boolean"),
                "valor": ("date", "timestamp", "boolean")}  # fmt: skip


@dataclass(frozen=True)
class Likeness:
    """How alike a header and a column are, from 0 to 1, and the name of the column that it was like."""

    share: float
    alias: str
    header: str = ""


def words(name: str) -> tuple[str, ...]:
    """The words of a header: `dtVencto` → data, vencimento; `Due date` → vencimento, data."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    plain = re.sub(r"\bn[ºo°]\.?(?=\W|$)", "numero ", fold(apart.replace("º", "o").replace("°", "o")))
    found = re.findall(r"[^\W_]+", plain)
    kept = " ".join(meaning_of(word) for word in found if word not in EMPTY) or " ".join(found)
    for phrase, meaning in PHRASES.items():
        kept = re.sub(rf"\b{phrase}\b", meaning, kept)
    return tuple(dict.fromkeys(kept.split()))


@lru_cache(maxsize=20_000)
def meaning_of(word: str) -> str:
    """The word that a word means: abbreviations, the other language, and long words with a typing error."""
    if word in _KNOWN or len(word) < LONG:
        return SAME.get(word, word)
    near = process.extractOne(word, _LONG_WORDS, scorer=fuzz.ratio, score_cutoff=MISTYPED)
    return SAME.get(near[0], near[0]) if near is not None else word


class NameIndex:
    """Likeness of headers to names; words are compared with each other once, all at a time."""

    def __init__(self, headers: Iterable[str], names: Iterable[str]) -> None:
        self._words = {name: words(name) for name in {*headers, *names}}
        vocabulary = sorted({word for found in self._words.values() for word in found})
        self._place = {word: place for place, word in enumerate(vocabulary)}
        self._alike = process.cdist(vocabulary, vocabulary, scorer=fuzz.ratio, score_cutoff=ALIKE, workers=1)

    def likeness(self, header: str, names: Iterable[str]) -> Likeness:
        """The name most like the header. Equal but for case, accents and spaces is 1; never more than 0.97 otherwise."""
        best = Likeness(0.0, "", header)
        for name in names:
            if fold(header) == fold(name):
                return Likeness(1.0, name, header)
            share = min(0.97, self._share(self._words[header], self._words[name]))
            if share > best.share:
                best = Likeness(share, name, header)
        return best

    def _share(self, first: tuple[str, ...], second: tuple[str, ...]) -> float:
        """Mean of how much of each name is found in the other, by weight of the words; the poorer side counts more."""
        if not first or not second:
            return 0.0
        there, back = self._covered(first, second), self._covered(second, first)
        return 0.0 if not there + back else 2 * there * back / (there + back)

    def _covered(self, first: tuple[str, ...], second: tuple[str, ...]) -> float:
        found = total = 0.0
        for word in first:
            weight = WEAK.get(word, 1.0)
            row = self._alike[self._place[word]]
            found += weight * max(float(row[self._place[other]]) for other in second) / 100
            total += weight
        return found / total


def contradicts(header: str, column_type: str) -> bool:
    """Whether the words of a header say another type than a column's: a code is no date, an amount no yes or no."""
    return any(column_type in _NOT_OF_TYPE[word] for word in words(header) if word in _NOT_OF_TYPE)

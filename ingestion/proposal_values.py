"""What the values of a column are: the share of them that read as a date, an amount, a tax number … in each way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from validate_docbr import CNPJ, CPF

from ingestion.contracts import Column, fold
from ingestion.values import DECIMALS, FALSE_WORDS, FIRST_YEAR, LAST_YEAR, TRUE_WORDS

# Texts that exports write where there is nothing.
NOTHING = {"null", "none", "nan", "n/a", "na", "-", "--", "/ /", "00/00/0000", "0000-00-00", "00000000", "#n/a"}
_BASES = {
    "dd/mm/yyyy": (r"\d{2}/\d{2}/\d{4}", "%d/%m/%Y"), "mm/dd/yyyy": (r"\d{2}/\d{2}/\d{4}", "%m/%d/%Y"),
    "yyyy-mm-dd": (r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"), "yyyy/mm/dd": (r"\d{4}/\d{2}/\d{2}", "%Y/%m/%d"),
    "dd-mm-yyyy": (r"\d{2}-\d{2}-\d{4}", "%d-%m-%Y"), "mm-dd-yyyy": (r"\d{2}-\d{2}-\d{4}", "%m-%d-%Y"),
    "dd.mm.yyyy": (r"\d{2}\.\d{2}\.\d{4}", "%d.%m.%Y"), "mm.dd.yyyy": (r"\d{2}\.\d{2}\.\d{4}", "%m.%d.%Y"),
    "yyyymmdd": (r"\d{8}", "%Y%m%d"), "ddmmyyyy": (r"\d{8}", "%d%m%Y"), "mmddyyyy": (r"\d{8}", "%m%d%Y"),
    "dd/mm/yy": (r"\d{2}/\d{2}/\d{2}(?!\d)", "%d/%m/%y"), "mm/dd/yy": (r"\d{2}/\d{2}/\d{2}(?!\d)", "%m/%d/%y"),
    "d/m/yyyy": (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"), "m/d/yyyy": (r"\d{1,2}/\d{1,2}/\d{4}", "%m/%d/%Y"),
    "d/m/yy": (r"\d{1,2}/\d{1,2}/\d{2}(?!\d)", "%d/%m/%y"), "m/d/yy": (r"\d{1,2}/\d{1,2}/\d{2}(?!\d)", "%m/%d/%y"),
}  # fmt: skip
_MONEY, _NUMBER = DECIMALS["money"], DECIMALS["number"]
_CLOCKS = (
    ("hh:mm:ss", r"\d{2}:\d{2}:\d{2}"), ("hh:mm", r"\d{2}:\d{2}"),
    ("h:mm:ss", r"\d{1,2}:\d{2}:\d{2}"), ("h:mm", r"\d{1,2}:\d{2}"),
)  # fmt: skip
_SEPARATED = {mark: {places: re.compile(
    r"[-+−]?\s*(?:R\$)?[\s\u00a0]*[-−]?(?:[1-9]\d{0,2}(?:" + group + r"\d{3})+|\d+)(?:" + point + r"\d{1," + str(places)
    + r"}0*)?[-−]?|\(\s*(?:R\$)?[\s\u00a0]*(?:[1-9]\d{0,2}(?:" + group + r"\d{3})+|\d+)(?:" + point + r"\d{1," + str(places)
    + r"}0*)?\)") for places in (_MONEY, _NUMBER)} for mark, point, group in ((",", ",", r"\."), (".", r"\.", ","))}  # fmt: skip
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2}(\.\d+)?)?")
MARKS = (",", ".")


@dataclass(frozen=True)
class Profile:
    """One column of a file. Shares are of the values that are there (`filled`), words for "nothing" not counted.

    `dates` has a share for each format that reads at least one value; `decimals` for each decimal mark (as money
    has them), `numbers` likewise (as numbers have them). `decisive` counts values that read with that mark only, `ambiguous`
    those that read with both, as different numbers. `wordy` is the share of texts of several words. `is_native`: the file itself knows numbers and dates.
    """

    rows: int
    filled: int
    counts: Mapping[str, int]
    dates: Mapping[str, float] = field(default_factory=dict)
    decimals: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    decisive: Mapping[str, int] = field(default_factory=dict)
    ambiguous: int = 0
    integers: float = 0.0
    booleans: float = 0.0
    tax_ids: float = 0.0
    wordy: float = 0.0
    nothing: tuple[str, ...] = ()
    is_native: bool = False

    @property
    def distinct(self) -> int:
        """Number of different values."""
        return len(self.counts)

    @property
    def has_decimals(self) -> bool:
        """Whether some value has a decimal or thousands mark."""
        return self.ambiguous > 0 or any(self.decisive.values())

    def best_date(self) -> tuple[str, float]:
        """The format that reads the most values, and its share; ("", 0) where none reads any."""
        return max(self.dates.items(), key=lambda pair: pair[1], default=("", 0.0))

    def share_of(self, column: Column) -> float:
        """The share of the values that may stand in a contract's column, under the best of formats."""
        if not self.filled:
            return 0.0
        if column.type in ("date", "timestamp"):
            return self.best_date()[1]
        if column.type == "money":
            return max(self.decimals.values(), default=0.0)
        if column.type in DECIMALS:
            return max(self.numbers.values(), default=0.0)
        if column.type == "integer":
            return self.integers
        if column.type == "boolean":
            return self.booleans
        if column.allowed:
            known = {fold(word) for value, words in column.allowed.items() for word in (value, *words)}
            return self._share(lambda text: fold(text) in known)
        if column.pattern is not None:
            pattern = re.compile(column.pattern)
            return self._share(lambda text: pattern.fullmatch(text) is not None)
        return 1.0

    def _share(self, holds) -> float:
        return sum(count for text, count in self.counts.items() if holds(text)) / self.filled


def profile(values: list[str | None], *, is_native: bool = False) -> Profile:
    """The profile of a column's texts. `is_native`: they were numbers and dates before, and read as ISO and 1234.5."""
    texts = [value.strip() for value in values if value is not None and value.strip()]
    counts = Counter(texts)
    nothing = tuple(text for text in counts if fold(text) in NOTHING)
    for text in nothing:
        del counts[text]
    filled = sum(counts.values())
    if not filled:
        return Profile(len(values), 0, {}, nothing=nothing, is_native=is_native)

    def share(holds) -> float:
        return sum(count for text, count in counts.items() if holds(text)) / filled

    fits = {
        places: {mark: {text for text in counts if _SEPARATED[mark][places].fullmatch(text)} for mark in MARKS}
        for places in (_MONEY, _NUMBER)
    }
    if is_native:
        plain = {text for text in counts if re.fullmatch(r"-?\d+(\.\d+)?([eE]-?\d+)?", text)}
        fits = {places: {mark: found | plain for mark, found in by_mark.items()} for places, by_mark in fits.items()}
    both = fits[_NUMBER][","] & fits[_NUMBER]["."]
    weighed = {places: {mark: sum(counts[text] for text in found) / filled for mark, found in by_mark.items()}
               for places, by_mark in fits.items()}  # fmt: skip
    flags = {*TRUE_WORDS, *FALSE_WORDS}
    return Profile(
        rows=len(values),
        filled=filled,
        counts=counts,
        dates=_dates(counts, filled, is_native),
        decimals=weighed[_MONEY],
        numbers=weighed[_NUMBER],
        decisive={mark: sum(counts[text] for text in fits[_NUMBER][mark] - both) for mark in MARKS},
        ambiguous=0 if is_native else sum(counts[text] for text in both if "." in text or "," in text),
        integers=share(lambda text: _INTEGER.fullmatch(text) is not None),
        booleans=share(lambda text: fold(text) in flags),
        tax_ids=share(is_tax_id),
        wordy=share(lambda text: len(re.findall(r"[^\W\d_]{2,}", text)) > 1),
        nothing=nothing,
        is_native=is_native,
    )


@lru_cache(maxsize=50_000)
def is_tax_id(text: str) -> bool:
    """Whether a text is a CNPJ (with letters too) or CPF whose check digits agree."""
    bare = re.sub(r"[.\-/\s]", "", text).upper()
    if len(bare) == 14:
        return bool(CNPJ().validate(bare))
    return len(bare) == 11 and bare.isdigit() and bool(CPF().validate(bare))


def _dates(counts: Mapping[str, int], filled: int, is_native: bool) -> dict[str, float]:
    if is_native and all(_ISO.fullmatch(text) for text in counts):
        return {"": 1.0}  # the file's own dates need no format
    shares: dict[str, float] = {}
    for form, (pattern, code) in _BASES.items():
        tails: Counter[str] = Counter()
        prefix = re.compile(pattern)
        for text, count in counts.items():
            found = prefix.match(text)
            if found is not None and _is_day(found.group(), code):
                tails[text[found.end() :]] += count
        for tail, number in _forms_of_tails(tails).items():
            shares[form + tail] = number / filled
    return shares


def _forms_of_tails(tails: Counter[str]) -> dict[str, int]:
    """The commonest way in which the text after the day goes on: nothing, the same text always, or a time."""
    if not tails:
        return {}
    if len(tails) == 1:
        ((tail, number),) = tails.items()
        if not tail or re.fullmatch(r"[ T]00:00(:00)?(\.0+)?Z?", tail):
            return {tail: number}
    found: Counter[str] = Counter({"": tails[""]} if "" in tails else {})
    for tail, number in tails.items():
        for clock, pattern in _CLOCKS:
            matched = re.fullmatch(rf"([ T]|, ){pattern}((?:\.0+)?Z?)", tail)
            if matched is not None:
                found[matched.group(1) + clock + matched.group(2)] += number
    return dict(found.most_common(1))


@lru_cache(maxsize=50_000)
def _is_day(text: str, code: str) -> bool:
    try:
        return FIRST_YEAR <= datetime.strptime(text, code).year <= LAST_YEAR  # noqa: DTZ007 - a calendar date
    except ValueError:
        return False

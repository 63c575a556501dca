"""How well a file's columns fit a contract: every header against every column, by name and by values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ingestion.contracts import Column, Contract, fold
from ingestion.export_names import is_called
from ingestion.proposal_assignment import assign
from ingestion.proposal_names import Likeness, NameIndex, contradicts
from ingestion.proposal_shape import Shape
from ingestion.proposal_values import Profile
from ingestion.values import DECIMALS

ENOUGH = 0.5  # below this a pair is not proposed
SCOPE = ("company", "business_unit")  # in every contract, and in few exports: they tell no table from another
LEFT_OVER = 0.5  # confidence of what is proposed by elimination
NAMING = ("name", "title", "description")
SURE_NAME = 0.85
MOST_UNITS = 60
NAME_BONUS = 0.1
TYPED = (*DECIMALS, "integer", "date", "timestamp", "boolean")


@dataclass(frozen=True)
class Match:
    """One header and the contract column proposed for it, with the reasons."""

    header: str
    position: int
    column: str
    confidence: float
    likeness: Likeness
    values_share: float
    reason: str


@dataclass(frozen=True)
class Fit:
    """A contract, the matches that fit it best, and how well they do, from 0 to 1."""

    contract: Contract
    matches: tuple[Match, ...]
    score: float


def pair_score(likeness: Likeness, profile: Profile, column: Column) -> tuple[float, float]:
    """Confidence that a file's column is a contract's, and the share of its values that may stand there.

    The name weighs more than the values, for many columns hold dates and only one of them is the due date; values that
    cannot stand in the column speak against any name.
    """
    share = profile.share_of(column)
    name = likeness.share * (0.4 if contradicts(likeness.header, column.type) else 1.0)
    if not profile.filled:
        return (name * 0.9 if name >= 0.75 else 0.0), 0.0
    if column.name in SCOPE and (name < SURE_NAME or profile.distinct > max(MOST_UNITS, 0.1 * profile.filled)):
        return 0.0, share
    is_checked = column.type in TYPED or column.allowed or column.pattern is not None
    if column.name.endswith("tax_id"):
        share = max(profile.tax_ids, 0.0)
        return max(name * (0.6 + 0.4 * share), 0.75 * share if share > 0.8 else 0.0), share
    if not is_checked:
        if column.name.endswith("_id"):
            name *= 1.0 - 0.4 * profile.wordy  # names are no codes
        # A text may hold anything, but a column of dates or of amounts with decimals is seldom a text.
        speaks_against = max(profile.best_date()[1], _amounts(profile))
        return name * (1.0 - 0.35 * speaks_against), 1.0
    if column.type == "integer":
        share = share if not profile.is_native else max(share, profile.numbers.get(".", 0.0))
    if column.allowed and column.type == "text":
        # Codes of one's own ("A", "B") are mapped by hand: they do not speak against the name.
        return name * (0.75 + 0.25 * share) if name >= 0.4 else 0.55 * share * (profile.distinct > 1), share
    if column.type in DECIMALS and profile.integers > 0.99 and not profile.has_decimals and not profile.is_native:
        # Whole numbers only: rather a code than an amount, where the name does not say so.
        return name * (0.6 + 0.3 * share), share
    if share < 0.2:
        return name * 0.3, share
    return name * (0.6 + 0.4 * share), share


def fit_contract(
    contract: Contract, shape: Shape, profiles: Sequence[Profile], index: NameIndex, file_name: str
) -> Fit:
    """The best matches of a contract's columns with a file's, and how well the contract fits."""
    pairs = {
        (position, place): (likeness, *pair_score(likeness, profiles[position], column))
        for position, header in enumerate(shape.headers)
        for place, column in enumerate(contract.columns)
        if (likeness := _likeness(index, contract, header, column, profiles[position])) and header
    }
    scores = [
        [max(0.0, pairs[position, place][1]) if (position, place) in pairs else 0.0 for place in range(len(contract.columns))]
        for position in range(len(shape.headers))
    ]  # fmt: skip
    scores = [[score if score >= ENOUGH else 0.0 for score in row] for row in scores]
    matches = []
    for position, place in assign(scores):
        likeness, score, share = pairs[position, place]
        column = contract.columns[place]
        reason = reason_in_words(likeness, profiles[position], column, share)
        matches.append(Match(shape.headers[position], position, column.name, min(score, 1.0), likeness, share, reason))
    score = _score(contract, shape, matches, file_name)
    matches.extend(_left_over(contract, shape, profiles, matches, index))
    return Fit(contract, tuple(sorted(matches, key=lambda match: match.position)), score)


def _left_over(
    contract: Contract, shape: Shape, profiles: Sequence[Profile], matches: Sequence[Match], index: NameIndex
) -> list[Match]:
    """Required dates and amounts without a match, where the file has just one more column of the kind."""
    taken, filled = {match.position for match in matches}, {match.column for match in matches}
    found = []
    for kinds, is_one in (
        (("date", "timestamp"), lambda profile: profile.best_date()[1] > 0.9),
        (("money",), lambda profile: profile.has_decimals and max(profile.decimals.values(), default=0.0) > 0.9),
    ):
        columns = [each for each in missing_columns(contract, filled) if each.type in kinds]
        positions = [place for place, header in enumerate(shape.headers)
                     if header and place not in taken and profiles[place].filled and is_one(profiles[place])]  # fmt: skip
        if len(columns) == len(positions) == 1:
            header, column = shape.headers[positions[0]], columns[0]
            likeness, share = index.likeness(header, column.names()), profiles[positions[0]].share_of(column)
            kind = "dates" if kinds[0] == "date" else "amounts"
            reason = f"the only other column of {kind} in the file; {share:.0%} of the values are {kind}"
            found.append(Match(header, positions[0], column.name, LEFT_OVER, likeness, share, reason))
    return found


def _likeness(index: NameIndex, contract: Contract, header: str, column: Column, profile: Profile) -> Likeness:
    """Likeness to the column's names; a column of names is also called as the thing itself (Fornecedor, productName)."""
    own = index.likeness(header, column.names())
    naming = next((each.name for each in contract.columns if each.name in NAMING), None)
    code = contract.column(contract.key[-1])
    if column.name != naming or not code.name.endswith("_id"):
        return own
    thing = index.likeness(header, code.names())
    share = 0.85 * thing.share * profile.wordy
    return own if own.share >= share else replace(thing, share=share)


def reason_in_words(likeness: Likeness, profile: Profile, column: Column, share: float) -> str:
    """Why a header is proposed for a column, in one line."""
    if likeness.share == 1.0:
        name = "the header is one of the column's names"
    elif likeness.share >= 0.4:
        name = f'the header is {likeness.share:.0%} like "{likeness.alias}"'
    else:
        name = "the name says little"
    if not profile.filled:
        return f"{name}; the column is empty"
    kinds = {"date": "dates", "timestamp": "dates and times", "money": "amounts", "number": "numbers",
             "integer": "whole numbers", "boolean": "yes or no"}  # fmt: skip
    if column.name.endswith("tax_id"):
        return f"{name}; {share:.0%} are CNPJ or CPF with right check digits"
    if column.type in kinds:
        form, best = profile.best_date() if column.type in ("date", "timestamp") else ("", 0.0)
        if list(profile.dates.values()).count(best) > 1:
            form = ""  # two formats read as many: that is a question, not a reason
        return f"{name}; {share:.0%} of the values are {kinds[column.type]}{f' ({form})' if form else ''}"
    if column.allowed:
        return f"{name}; {share:.0%} of the values are known words"
    if column.pattern is not None:
        return f"{name}; {share:.0%} of the values have the form {column.pattern}"
    return name


def missing_columns(contract: Contract, filled: set[str]) -> list[Column]:
    """Required columns without a default that nothing fills."""
    return [each for each in contract.columns if each.required and each.default is None and each.name not in filled]


def all_names(contracts: Mapping[str, Contract]) -> set[str]:
    """Every name under which a column of some contract is known."""
    return {name for contract in contracts.values() for column in contract.columns for name in column.names()}


def _amounts(profile: Profile) -> float:
    return max(profile.decimals.values(), default=0.0) if profile.has_decimals else 0.0


def _score(contract: Contract, shape: Shape, matches: Sequence[Match], file_name: str) -> float:
    """Mean of: the required columns that are there, the file's columns that are explained, by confidence.

    Key columns and required ones count double, columns of every contract (company, unit) hardly.
    """
    sure = {match.column: match.confidence for match in matches}
    weights = {
        column.name: 0.1 if column.name in SCOPE
        else 2.0 if column.name in contract.key
        else 1.5 if column.required and column.default is None and not column.allowed
        else 0.4
        for column in contract.columns
    }  # fmt: skip
    needed = sum(weights.values())
    found = sum(weights[name] * confidence**2 for name, confidence in sure.items())
    explained = sum(confidence**2 for confidence in sure.values()) / max(1, min(len(shape.headers), 25))
    named = is_called(file_name, contract.files)
    said = any(
        fold(contract.table) in fold(file_name) or fold(label) in fold(file_name) for label in contract.label.values()
    )
    return (found / needed + min(explained, 1.0)) / 2 + NAME_BONUS * (named or said)

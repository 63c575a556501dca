"""What an unknown export probably is: contract, header mapping and dialect, each with its confidence and reason.

A proposal is never loaded by itself: a person, or a script that says `--yes`, turns it into a mapping file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz, process

from ingestion.contracts import Column, Contract, fold
from ingestion.mapping import Mapping as MappingFile
from ingestion.proposal_dialect import Question, decide_decimal, decide_moment, overrides
from ingestion.proposal_names import Likeness, NameIndex
from ingestion.proposal_shape import Shape, shapes
from ingestion.proposal_tables import Fit, Match, all_names, fit_contract, missing_columns
from ingestion.proposal_values import Profile, profile
from ingestion.values import DECIMALS

SURE_WORD = 85.0  # percent of likeness at which a file's word is taken for one of the contract's
CLOSE = 0.12  # contracts whose fits differ less than this are not told apart
MOST_WORDS = 40
RANKED = 5


@dataclass(frozen=True)
class Choices:
    """What a person, a script or a preset has already decided.

    `columns` maps headers to columns ("" leaves one out), `values` a column's words to those of the contract.
    """

    table: str | None = None
    columns: Mapping[str, str] | None = None
    constants: Mapping[str, str] | None = None
    copies: Mapping[str, str] | None = None
    values: Mapping[str, Mapping[str, str]] | None = None
    date_format: str | None = None
    timestamp_format: str | None = None
    decimal: str | None = None
    preset: MappingFile | None = None


@dataclass(frozen=True)
class Proposal:
    """The proposal for one file: `mapping` is ready to be written, as far as it goes.

    `questions` are left for a person; `missing` are required columns that nothing fills; `unmapped` headers that are
    not loaded; `unknown_words` per column the texts that are none of its allowed values; `ranking` the contracts that
    fit best; `is_table_certain` whether one of them stands out or was given.
    """

    path: Path
    contract: Contract
    shape: Shape
    profiles: tuple[Profile, ...]
    matches: tuple[Match, ...]
    mapping: MappingFile
    questions: tuple[Question, ...]
    missing: tuple[Column, ...]
    unmapped: tuple[str, ...]
    unknown_words: Mapping[str, tuple[str, ...]]
    ranking: tuple[tuple[str, float], ...]
    is_table_certain: bool


def propose(path: Path, contracts: Mapping[str, Contract], choices: Choices | None = None) -> Proposal:
    """The proposal for a file. Raises RejectedFile for a file that is no table, or that needs no mapping."""
    choices = choices or Choices()
    tables = shapes(path)
    if choices.preset is not None:
        return _from_preset(path, contracts, choices, tables)
    table = choices.table
    candidates = (
        [contracts[table]] if table else [each for each in contracts.values() if tables[0].reader in each.readers]
    )
    fits: list[tuple[Fit, Shape, tuple[Profile, ...]]] = []
    index = NameIndex({header for shape in tables for header in shape.headers}, all_names(contracts))
    for shape in tables:
        profiles = tuple(profile(column, is_native=shape.is_native) for column in shape.columns)
        fits.extend((fit_contract(each, shape, profiles, index, path.name), shape, profiles) for each in candidates)
    fits.sort(key=lambda fit: fit[0].score, reverse=True)
    fit, shape, profiles = fits[0]
    ranking: dict[str, float] = {}
    for other, _, _ in fits:
        ranking.setdefault(other.contract.name, other.score)
    ranked = tuple(ranking.items())[:RANKED]
    certain = table is not None or len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= CLOSE
    matches = _chosen(fit, shape, profiles, choices)
    return _proposal(path, fit.contract, shape, profiles, matches, choices, ranked, certain)


def _from_preset(path: Path, contracts: Mapping[str, Contract], choices: Choices, tables: Sequence[Shape]) -> Proposal:
    preset = choices.preset
    assert preset is not None  # noqa: S101 - the caller looked
    contract = contracts[preset.table]
    named = {fold(header): column for header, column in preset.columns.items()}
    shape = max(tables, key=lambda each: sum(fold(header) in named for header in each.headers))
    profiles = tuple(profile(column, is_native=shape.is_native) for column in shape.columns)
    matches = tuple(
        Match(header, position, named[fold(header)], 1.0, Likeness(1.0, header),
              profiles[position].share_of(contract.column(named[fold(header)])), "the preset says so")
        for position, header in enumerate(shape.headers) if fold(header) in named
    )  # fmt: skip
    matches = _chosen(Fit(contract, matches, 1.0), shape, profiles, choices)
    return _proposal(path, contract, shape, profiles, matches, choices, ((contract.name, 1.0),), True)


def _match(path: Path, preset: MappingFile) -> tuple[str, ...]:
    """Names of the files that the mapping is for: those of the preset, and this one's if it is called otherwise."""
    if preset.matches(path.name):
        return preset.match
    return (glob_of(path.name), *preset.match)


def _chosen(fit: Fit, shape: Shape, profiles: Sequence[Profile], choices: Choices) -> tuple[Match, ...]:
    """The matches with a person's choices laid over: each header and each column once."""
    given = {fold(header): column for header, column in (choices.columns or {}).items()}
    filled = {*given.values(), *(choices.constants or {}), *(choices.copies or {})}
    kept = [match for match in fit.matches if fold(match.header) not in given and match.column not in filled]
    for position, header in enumerate(shape.headers):
        column = given.get(fold(header))
        if column:
            share = profiles[position].share_of(fit.contract.column(column))
            kept.append(Match(header, position, column, 1.0, Likeness(1.0, header), share, "chosen"))
    return tuple(sorted(kept, key=lambda match: match.position))


def _proposal(
    path: Path, contract: Contract, shape: Shape, profiles: tuple[Profile, ...], matches: tuple[Match, ...],
    choices: Choices, ranking: tuple[tuple[str, float], ...], certain: bool,
) -> Proposal:  # fmt: skip
    preset = choices.preset or MappingFile(contract.name)
    by_type: dict[str, list[tuple[str, Profile]]] = {}
    for match in matches:
        by_type.setdefault(contract.column(match.column).type, []).append((match.header, profiles[match.position]))
    dialect, questions = _dialect(contract, shape, by_type, choices, preset)
    constants = {**preset.constants, **(choices.constants or {})}
    columns = {match.header: match.column for match in matches}
    copies = {**preset.copies, **(choices.copies or {})}
    columns_of_file = {column: header for header, column in columns.items()}
    constants = {column: text for column, text in constants.items() if column not in columns_of_file}
    copies = {to: origin for to, origin in copies.items() if to not in columns_of_file and to not in constants}
    values, unknown = _values(contract, matches, profiles)
    further = {fold(header) for header in preset.further_headers()}
    unmapped = tuple(
        header for header in shape.headers if header and header not in columns and fold(header) not in further
    )
    index = contract.header_index()
    mapping = replace(
        preset,
        columns=columns,
        dialect=dialect,
        constants=constants,
        copies=copies,
        value_maps={**values, **preset.value_maps, **_laid_over(values, preset.value_maps, choices.values or {})},
        skip_rows=shape.header_line - 1,
        match=_match(path, preset),
        sheet=shape.sheet,
        # Headers that the contract would take by itself are named, or they would come back as another column's rival.
        ignored=tuple(header for header in unmapped if fold(header) in index),
        path=None,
    )
    missing = tuple(missing_columns(contract, mapping.filled_columns()))
    said = {column: {*words} for column, words in (choices.values or {}).items()}
    unknown = {
        column: left
        for column, words in unknown.items()
        if column not in preset.value_maps
        and (left := tuple(word for word in words if word not in said.get(column, ())))
    }
    return Proposal(path, contract, shape, profiles, matches, mapping, questions, missing, unmapped, unknown, ranking,
                    certain)  # fmt: skip


def _dialect(
    contract: Contract, shape: Shape, by_type: Mapping[str, list[tuple[str, Profile]]], choices: Choices,
    preset: MappingFile,
) -> tuple[dict[str, object], tuple[Question, ...]]:  # fmt: skip
    usual = preset.dialect_over(contract.dialect)
    numbers = [pair for kind in DECIMALS for pair in by_type.get(kind, [])]
    decisions = {
        "date_format": decide_moment("date_format", by_type.get("date", []), usual.date_format),
        "timestamp_format": decide_moment("timestamp_format", by_type.get("timestamp", []), usual.timestamp_format),
        "decimal": decide_decimal(numbers, usual.decimal),
    }
    found: dict[str, str | None] = {}
    questions: list[Question] = []
    for key, decision in decisions.items():
        given = getattr(choices, key) or (preset.dialect.get(key) if decision.value is None else None)
        found[key] = str(given) if given else decision.value
        if found[key] is None and decision.question is not None:
            questions.append(decision.question)
    if shape.delimiter is not None:
        found["delimiter"] = shape.delimiter
    kept = {key: value for key, value in preset.dialect.items() if key not in found}
    return kept | overrides(contract.dialect, **found), tuple(questions)


def _values(
    contract: Contract, matches: Sequence[Match], profiles: Sequence[Profile]
) -> tuple[dict[str, dict[str, str]], dict[str, tuple[str, ...]]]:
    """Value maps that can be proposed (words much like known ones, words for nothing), and words that nobody knows."""
    maps: dict[str, dict[str, str]] = {}
    unknown: dict[str, tuple[str, ...]] = {}
    for match in matches:
        column, found = contract.column(match.column), profiles[match.position]
        blanks = {text: "" for text in found.nothing if column.type != "text" or column.allowed or not column.required}
        if column.allowed:
            words, strange = _words(column, found)
            blanks |= words
            if strange:
                unknown[column.name] = strange
        if blanks:
            maps[column.name] = blanks
    return maps, unknown


def _laid_over(
    proposed: Mapping[str, Mapping[str, str]],
    preset: Mapping[str, Mapping[str, str]],
    said: Mapping[str, Mapping[str, str]],
) -> dict[str, dict[str, str]]:
    """What a person said of words, over what the preset or else the values say of the same column."""
    return {column: {**(preset.get(column) or proposed.get(column, {})), **words} for column, words in said.items()}


def _words(column: Column, found: Profile) -> tuple[dict[str, str], tuple[str, ...]]:
    known = {fold(word): value for value, words in column.allowed.items() for word in (value, *words)}
    strange = [text for text in found.counts if fold(text) not in known]
    maps: dict[str, str] = {}
    for text in strange[:MOST_WORDS]:
        near = process.extractOne(fold(text), list(known), scorer=fuzz.ratio, score_cutoff=SURE_WORD)
        if near is not None:
            maps[text] = known[near[0]]
    return maps, tuple(text for text in strange[:MOST_WORDS] if text not in maps)


def glob_of(file_name: str) -> str:
    """File names of the same export: words with digits vary. `titulos_2026_07.csv` → `titulos_*.csv`.

    A name of digits alone stands for itself, or it would stand for every file.
    """
    stem, dot, suffix = file_name.rpartition(".")
    parts = re.split(r"([_\- ])", stem)
    if not any(part.isalpha() for part in parts):
        return file_name
    pattern = "".join("*" if any(mark.isdigit() for mark in part) else part for part in parts)
    return re.sub(r"\*([_\- ]*\*)+", "*", pattern) + dot + suffix

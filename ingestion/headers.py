"""Headers of a file → columns of a contract: case, accents and spaces do not count, two meanings are refused."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.contracts import Column, Contract, fold
from ingestion.mapping import Mapping
from ingestion.readers import RejectedFile

HEADERS_NAMED = 12


@dataclass(frozen=True)
class HeaderMatch:
    """`columns` names, position by position, the contract column of each header (None: not in the contract)."""

    headers: tuple[str, ...]
    columns: tuple[str | None, ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that the contract does not have: their values are not loaded."""
        return tuple(header for header, column in zip(self.headers, self.columns, strict=True) if column is None)

    @property
    def written(self) -> dict[str, str]:
        """Contract column → the header as the file writes it."""
        return {column: header for header, column in zip(self.headers, self.columns, strict=True) if column is not None}


def headers_in_words(headers: Sequence[str]) -> str:
    """Headers for a message: the first of them by name, and how many there are besides."""
    named = ", ".join(f'"{header}"' for header in headers[:HEADERS_NAMED])
    return named if len(headers) <= HEADERS_NAMED else f"{named} and {len(headers) - HEADERS_NAMED:,} more"


def match_headers(contract: Contract, headers: Sequence[str], mapping: Mapping | None, path: Path) -> HeaderMatch:
    """Which contract column each header stands for; a mapping's headers come before the contract's own.

    Raises RejectedFile for a header that stands twice, two headers for one column, or a required column (without a
    default, and not filled by the mapping) that no header stands for.
    """
    headers = [header.strip() for header in headers]
    _refuse_twice(headers, path)
    chosen = _assign(contract, headers, mapping)
    _refuse_rivals(contract, headers, chosen, mapping, path)
    if not any(chosen.values()):
        raise RejectedFile(
            f"{path.name}: none of the headers of {contract.name} is in the file. Its first line is: "
            f"{_shortened(headers)}.",
            f"Check that the file is {contract.label['en']} and that its first line holds the headers; "
            f"`retaguarda template {contract.name}` writes an example.",
        )
    found = {column for column in chosen.values() if column}
    filled = {*mapping.constants, *mapping.copies, *mapping.lookups, *mapping.joins} if mapping else set()
    missing = [
        column.header("pt_BR")
        for column in contract.columns
        if is_needed(column) and column.name not in found and column.name not in filled
    ]
    if missing:
        raise RejectedFile(
            f"{path.name}: the required {'header' if len(missing) == 1 else 'headers'} "
            f"{headers_in_words(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing.",
            f"Export it again with these columns, or write a mapping: `retaguarda map {shlex.quote(path.name)}`.",
        )
    return HeaderMatch(tuple(headers), tuple(chosen[position] for position in range(len(headers))))


def fit(contract: Contract, headers: Sequence[str]) -> float:
    """How well a header line fits a contract: 0 when a required header is missing, else the share of it matched."""
    chosen = assigned_columns(contract, headers)
    if any(is_needed(column) and column.name not in chosen for column in contract.columns):
        return 0.0
    return len(chosen) / max(len(headers), len(contract.columns))


def assigned_columns(contract: Contract, headers: Sequence[str]) -> set[str]:
    """The contract's columns that some header of a line stands for, without any mapping."""
    return {column for column in _assign(contract, [header.strip() for header in headers], None).values() if column}


def is_needed(column: Column) -> bool:
    """Whether an export must have a column: it is required, and nothing stands in for it."""
    return column.required and column.default is None


def header_row(contract: Contract, rows: Sequence[Sequence[str]], mapping: Mapping | None) -> int:
    """Which of the first rows of a file (from 0) is its header: the mapping's, else the one that knows most columns.

    Titles, dates and notes that programs write above a table know none. The first row where no row knows any.
    """
    if mapping is not None and mapping.skip_rows:
        return mapping.skip_rows
    if not rows:
        return 0
    known = [
        sum(column is not None for column in _assign(contract, [header.strip() for header in row], mapping).values())
        for row in rows
    ]
    return known.index(max(known))


def _assign(contract: Contract, headers: Sequence[str], mapping: Mapping | None) -> dict[int, str | None]:
    mapped = {fold(header): column for header, column in mapping.columns.items()} if mapping else {}
    names = {column.name for column in contract.columns}
    index = contract.header_index()
    left_out = {fold(header) for header in mapping.ignored} if mapping else set()
    chosen: dict[int, str | None] = {place: None for place, header in enumerate(headers) if fold(header) in left_out}
    taken: set[str] = set()

    def take(position: int, candidates: Iterable[str]) -> None:
        free = [column for column in candidates if column in names and column not in taken]
        if position not in chosen and free:
            chosen[position] = free[0]
            taken.add(free[0])

    # From the surest to the least sure: the mapping, the contract's own name, a header of one column, of several.
    for position, header in enumerate(headers):
        take(position, [mapped[fold(header)]] if fold(header) in mapped else [])
    for position, header in enumerate(headers):
        take(position, [header])
    for several in (False, True):
        for position, header in enumerate(headers):
            candidates = index.get(fold(header), [])
            if (len(candidates) > 1) is several:
                take(position, candidates)
    return {position: chosen.get(position) for position in range(len(headers))}


def _refuse_twice(headers: Sequence[str], path: Path) -> None:
    seen: dict[str, str] = {}
    for header in headers:
        if header and fold(header) in seen:
            raise RejectedFile(
                f'{path.name}: the header "{header}" stands twice in the first line.',
                "Rename or remove one of the two columns and export the file again.",
            )
        seen[fold(header)] = header


def _refuse_rivals(
    contract: Contract, headers: Sequence[str], chosen: dict[int, str | None], mapping: Mapping | None, path: Path
) -> None:
    mapped = set(mapping.columns.values()) | {fold(header) for header in mapping.ignored} if mapping else set()
    index = contract.header_index()
    for position, header in enumerate(headers):
        candidates = [column for column in index.get(fold(header), []) if column not in mapped]
        if chosen[position] is None and candidates and fold(header) not in mapped:
            column = candidates[0]
            other = next(headers[place] for place, name in chosen.items() if name == column)
            raise RejectedFile(
                f'{path.name}: the headers "{other}" and "{header}" both stand for {column}.',
                "Say in a mapping which of the two counts and which is ignored, or remove one from the export.",
            )


def _shortened(headers: Sequence[str], length: int = 120) -> str:
    text = "; ".join(headers)
    return text if len(text) <= length else text[:length] + "…"

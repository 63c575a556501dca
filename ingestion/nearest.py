"""Which contract a file is nearest to that no contract takes: a message that can be read, with the remedy."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.contracts import Column, Contract
from ingestion.headers import assigned_columns, headers_in_words, is_needed
from ingestion.readers import RejectedFile

LEAST_HEADERS = 2  # company and unit are in every contract: fewer headers say nothing
SHARED = ("company", "business_unit")
NAMED = 6


@dataclass(frozen=True)
class Nearest:
    """A contract that knows some of a file's headers, and the columns that it would need besides."""

    contract: Contract
    known: int
    lacking: tuple[Column, ...]


def nearest_contract(headers: Mapping[str, Sequence[str]], contracts: Iterable[Contract]) -> Nearest | None:
    """The contract that knows most and lacks least of the headers, which stand by the contract's name; or None."""
    found: list[Nearest] = []
    for contract in contracts:
        chosen = assigned_columns(contract, headers[contract.name])
        lacking = tuple(column for column in contract.columns if is_needed(column) and column.name not in chosen)
        telling = len(chosen - set(SHARED))
        if telling >= LEAST_HEADERS:
            found.append(Nearest(contract, telling, lacking))
    return max(found, key=lambda one: (one.known, -len(one.lacking)), default=None)


def unknown_export(path: Path, headers: Mapping[str, Sequence[str]], contracts: Iterable[Contract]) -> RejectedFile:
    """The refusal of a file that is no export known: what it is nearest to, what that lacks, and the remedy."""
    remedy = (
        f"Run `retaguarda map {shlex.quote(path.name)}`, which proposes how to load it; or say which with --as TABLE."
    )
    nearest = nearest_contract(headers, contracts)
    if nearest is None:
        first = next((row for row in headers.values() if row), [])
        shown = headers_in_words([header for header in first if header][:NAMED])
        message = f"{path.name}: neither its name nor its headers say which export this is."
        return RejectedFile(f"{message} It begins with {shown}." if shown else message, remedy)
    named = f"{nearest.contract.name} ({nearest.contract.label['pt_BR']})"
    if not nearest.lacking:
        return RejectedFile(
            f"{path.name}: neither its name nor its headers say which export this is; they fit {named} and another "
            "table as well.",
            remedy,
        )
    lacking = [column.header("pt_BR") for column in nearest.lacking]
    more = f" and {len(lacking) - NAMED:,} more" if len(lacking) > NAMED else ""
    return RejectedFile(
        f"{path.name}: neither its name nor its headers say which export this is. Nearest is {named}, "
        f"which also needs {headers_in_words(lacking[:NAMED])}{more}.",
        remedy,
    )

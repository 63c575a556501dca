"""Which contract a file is: told by name, by its mapping, by the file's name, or by its headers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from ingestion.contracts import Contract
from ingestion.export_names import is_called
from ingestion.headers import fit
from ingestion.mapping import Mapping as FileMapping
from ingestion.mapping_choice import file_headers
from ingestion.near_names import did_you_mean
from ingestion.nearest import unknown_export
from ingestion.readers import RejectedFile, file_format, first_rows


def choose_contract(
    path: Path, contracts: Mapping[str, Contract], table: str | None, mapping: FileMapping | None
) -> Contract | None:
    """The contract of a file; None where the reader itself finds the tables (an OFX file holds two).

    Raises RejectedFile for an unknown table, a kind of file that the table is not exported as, or a file that
    neither its name nor its headers tell.
    """
    kind = file_format(path)
    reader = kind.reader
    named = table or (mapping.table if mapping else None)
    if named is not None:
        contract = _named(path, contracts, named)
        if reader not in contract.readers:
            raise RejectedFile(
                f"{path.name}: {contract.name} is not exported as {path.suffix.lower()}.",
                f"It can be loaded from: {', '.join(contract.readers)}.",
            )
        return contract
    if kind.names_tables:
        return None
    readable = [contract for contract in contracts.values() if reader in contract.readers]
    fitting = _by_name(path, readable)
    if kind.has_sheets and _holds_several(path, readable):
        return None
    if len(fitting) == 1:
        return fitting[0]
    return _by_headers(path, fitting or readable)


def _holds_several(path: Path, contracts: Iterable[Contract]) -> bool:
    """Whether a workbook's sheets are clearly more than one export: its reader then says which."""
    from ingestion.readers.workbook import contracts_of_sheets  # the library of workbooks takes long to import

    return len(contracts_of_sheets(path, contracts)) > 1


def recipe(contracts: Iterable[Contract], mapping: FileMapping | None) -> str:
    """Hash of all that decides how a file is read: the same file under another contract or mapping is another load."""
    parts = [
        repr(replace(contract, path=Path(), line=0, description="", label={}, readers=(), maximum_shrink=None,
            columns=tuple(replace(column, line=0, description="", personal="none") for column in contract.columns)))
        for contract in contracts
    ]  # fmt: skip
    if mapping is not None:
        parts.append(repr(replace(mapping, path=None)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _named(path: Path, contracts: Mapping[str, Contract], name: str) -> Contract:
    found = [contract for contract in contracts.values() if name in (contract.name, contract.table)]
    if len(found) != 1:
        raise RejectedFile(f'{path.name}: there is no table "{name}".', did_you_mean(name, contracts))
    return found[0]


def _by_name(path: Path, contracts: Iterable[Contract]) -> list[Contract]:
    """Contracts whose longest fitting glob is the longest of all."""
    length: dict[str, int] = {}
    chosen: dict[str, Contract] = {}
    for contract in contracts:
        for glob in contract.files:
            if is_called(path.name, (glob,)):
                length[contract.name] = max(length.get(contract.name, 0), len(glob))
                chosen[contract.name] = contract
    longest = max(length.values(), default=0)
    return [contract for name, contract in chosen.items() if length[name] == longest]


def _by_headers(path: Path, contracts: list[Contract]) -> Contract:
    """The contract that the headers fit best. Raises RejectedFile if none fits or two fit as well."""
    scored: list[tuple[float, Contract]] = []
    read: dict[tuple[str, str], list[list[str]]] = {}
    headers: dict[str, list[str]] = {}
    for contract in contracts:
        written = contract.dialect.delimiter, contract.dialect.quote
        if written not in read:
            read[written] = first_rows(path, contract.dialect)
        headers[contract.name] = file_headers(FileMapping(table=contract.name), path, contract, read[written])
        score = fit(contract, headers[contract.name])
        if score > 0:
            scored.append((score, contract))
    scored.sort(key=lambda pair: pair[0], reverse=True)
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        raise unknown_export(path, headers, contracts)
    return scored[0][1]

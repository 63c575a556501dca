"""Columns of the file that a mapping needs and no contract has: read along as text, gone once the mapping is laid.

Rows are left out by columns such as Protheus's `D_E_L_E_T_`, and keys are joined from two columns. Readers know only
contracts, so they are given the contract with these columns added; nothing of them reaches raw.
"""

from __future__ import annotations

import dataclasses

from ingestion.contracts import Column, Contract, fold
from ingestion.mapping import Mapping

PREFIX = "of_file:"


def reading(contract: Contract | None, mapping: Mapping | None) -> tuple[Contract | None, Mapping | None]:
    """Contract and mapping as a reader wants them: the further headers of the mapping are columns too."""
    if contract is None or mapping is None:
        return contract, mapping
    further = {header: PREFIX + fold(header) for header in _unread_headers(contract, mapping)}
    if not further:
        return contract, mapping
    columns = tuple(
        Column(name, "text", headers={"pt_BR": (header,), "en": (header,)}) for header, name in further.items()
    )
    return (
        dataclasses.replace(contract, columns=(*contract.columns, *columns)),
        dataclasses.replace(mapping, columns={**mapping.columns, **further}),
    )


def read_as(contract: Contract, mapping: Mapping, header: str) -> str:
    """The column under which the text of a header of the file stands in a reader's relation."""
    folded = fold(header)
    named = {fold(known): column for known, column in mapping.columns.items()}
    if folded in named:
        return named[folded]
    known = _known(contract, mapping, folded)
    return known[0] if known else PREFIX + folded


def _unread_headers(contract: Contract, mapping: Mapping) -> list[str]:
    seen: dict[str, str] = {}
    for header in mapping.further_headers():
        seen.setdefault(fold(header), header)
    return [header for header in seen.values() if read_as(contract, mapping, header).startswith(PREFIX)]


def _known(contract: Contract, mapping: Mapping, folded: str) -> list[str]:
    """Contract columns that read this header without the mapping's help."""
    filled = mapping.filled_columns()
    if folded in {fold(header) for header in mapping.ignored}:
        return []
    return [column for column in contract.header_index().get(folded, []) if column not in filled]

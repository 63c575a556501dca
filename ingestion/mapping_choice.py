"""Which mapping of data/mappings/ fits a file: by its name, then by its headers."""

from __future__ import annotations

import collections.abc
from pathlib import Path

from ingestion.contracts import Contract, fold
from ingestion.export_names import is_called
from ingestion.headers import header_row
from ingestion.mapping import Mapping, load_mapping
from ingestion.readers import HEADER_ROWS, RejectedFile, file_format, first_rows


def choose_mapping(
    folder: Path | None, path: Path, contracts: collections.abc.Mapping[str, Contract], table: str | None = None
) -> Mapping | None:
    """The one mapping file in `folder` whose globs fit the file's name and whose headers the file has.

    Where somebody said which `table` it is (`erp.payables` or `payables`), only mappings of that table count.

    None where no mapping's globs fit, or where they fit but the file is one that a contract itself names (the
    contract's own headers then decide). The more headers a mapping explains, the better it fits.
    Raises RejectedFile when two fit equally well or when none of those that fit by name fits the headers;
    MappingError when a mapping file itself is wrong.
    """
    named = [mapping for mapping in mappings_in(folder, contracts)
             if mapping.matches(path.name) and table in (None, mapping.table, mapping.table.partition(".")[2])]  # fmt: skip
    if not named:
        return None
    missing = {mapping.path: missing_headers(mapping, path, contracts[mapping.table]) for mapping in named}
    fitting = [mapping for mapping in named if not missing[mapping.path]]
    if fitting:
        return _best(fitting, path.name)
    if table is not None or any(_contract_names(contract, path.name) for contract in contracts.values()):
        return None
    nearest = min(named, key=lambda mapping: len(missing[mapping.path]))
    headers = ", ".join(f'"{header}"' for header in missing[nearest.path])
    raise RejectedFile(
        f"{path.name}: the mapping {nearest.path and nearest.path.name} fits the name, but the file has no header "
        f"{headers}.",
        "Correct the header or header_line in the mapping, or export the file again with these columns.",
    )


def mappings_in(folder: Path | None, contracts: collections.abc.Mapping[str, Contract]) -> list[Mapping]:
    """The mappings of a folder, in the order of their names. Raises MappingError when one of them is wrong."""
    if folder is None or not folder.is_dir():
        return []
    files = sorted(found for pattern in ("*.yml", "*.yaml") for found in folder.glob(pattern))
    return [load_mapping(found, contracts) for found in files]


def choose_by_names(
    mappings: collections.abc.Iterable[Mapping], names: collections.abc.Iterable[str]
) -> Mapping | None:
    """The mapping for a document that has no headers, by the first of its names that one fits; None where none does.

    Raises RejectedFile when two fit equally well.
    """
    known = list(mappings)
    for name in names:
        fitting = [mapping for mapping in known if mapping.matches(name)]
        if fitting:
            return _best(fitting, name)
    return None


def _best(fitting: list[Mapping], name: str) -> Mapping:
    """Of mappings that fit, the one that explains the most headers."""
    most = max(len(mapping.columns) for mapping in fitting)
    best = [mapping for mapping in fitting if len(mapping.columns) == most]
    if len(best) > 1:
        names = " and ".join(str(mapping.path and mapping.path.name) for mapping in best)
        raise RejectedFile(
            f"{name}: the mappings {names} fit this file equally well.",
            "Name one with --map, or narrow their match globs.",
        )
    return best[0]


def missing_headers(mapping: Mapping, path: Path, contract: Contract) -> list[str]:
    """Headers that the mapping names and the file does not have."""
    present = {fold(header) for header in file_headers(mapping, path, contract)}
    return [header for header in (*mapping.columns, *mapping.further_headers()) if fold(header) not in present]


def file_headers(mapping: Mapping, path: Path, contract: Contract, rows: list[list[str]] | None = None) -> list[str]:
    """The file's headers, on the line that the mapping says or that fits best. Empty if there are none.

    `rows` are the file's first rows where they were read before (see `first_rows`).
    Raises RejectedFile for a file that is not of the kind that its name says.
    """
    if file_format(path).names_tables:
        return list(mapping.columns)  # elements, not headers: the reader knows them
    if rows is None:
        count = max(HEADER_ROWS, mapping.skip_rows + 1)
        rows = first_rows(path, mapping.dialect_over(contract.dialect), mapping.sheet, count)
    place = header_row(contract, rows, mapping)
    return rows[place] if place < len(rows) else []


def _contract_names(contract: Contract, file_name: str) -> bool:
    return is_called(file_name, contract.files)

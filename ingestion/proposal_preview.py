"""What would become of a file under a mapping: the real loading path, into a scratch store that is thrown away."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.mapping import Mapping as MappingFile
from ingestion.quoting import name_sql
from ingestion.raw import open_raw, table_sql
from ingestion.reports import FileReport

WHOLE_BYTES = 32 << 20
SAMPLE_LINES = 20_000
ROWS_SHOWN = 8
PROBLEMS_SHOWN = 8
MASK = "•••"


@dataclass(frozen=True)
class Preview:
    """The report of the trial load, and its first rows. `is_whole`: every row of the file was tried.

    `columns` are the contract columns that something fills; `rows` hold their values, personal data masked; `problems`
    say why rows would go to quarantine, personal values masked too.
    """

    report: FileReport
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    problems: tuple[str, ...]
    is_whole: bool


def preview(path: Path, contracts: Mapping[str, Contract], mapping: MappingFile, *, masked: bool = True) -> Preview:
    """Load a file, or the first 20,000 lines of a large text file, under a mapping that may not be complete yet.

    Required columns that nothing fills are taken as not required, so that what is there can be seen.
    """
    contract = contracts[mapping.table]
    filled = mapping.filled_columns()
    # Without its whole key every row would be another's double: then only rows that are wholly alike are.
    whole = tuple(column.name for column in contract.columns if column.name in filled)
    loose = replace(
        contract,
        key=contract.key if set(contract.key) <= filled else whole,
        columns=tuple(
            replace(column, required=False) if column.name not in filled else column for column in contract.columns
        ),
    )
    with tempfile.TemporaryDirectory(prefix="retaguarda_preview_") as folder:
        place, is_whole = _sample(path, Path(folder), mapping.skip_rows)
        scratch = {**contracts, contract.name: loose}
        connection = open_raw(Path(folder) / "preview.duckdb", {contract.name: loose})
        try:
            report = load_file(connection, place, scratch, mapping=mapping, batch_id="preview")
            shown = [column for column in contract.columns if column.name in filled]
            selected = ", ".join(name_sql(column.name) for column in shown) or "null"
            rows = connection.execute(
                f"select {selected} from {table_sql(contract)} order by _line limit {ROWS_SHOWN}"  # noqa: S608
            ).fetchall()
        finally:
            connection.close()
    personal = {column.name for column in contract.columns if column.personal != "none"} if masked else set()
    hidden = [column.name in personal for column in shown]
    return Preview(
        report,
        tuple(column.name for column in shown),
        tuple(
            tuple(mask(value) if hide else value for value, hide in zip(row, hidden, strict=True)) for row in rows
        ),
        tuple(_problem(report, problem, personal) for problem in report.quarantine[:PROBLEMS_SHOWN]),
        is_whole,
    )  # fmt: skip


def as_it_is(path: Path, contracts: Mapping[str, Contract], mappings: Path) -> FileReport:
    """What would become of a file without a new mapping: by the contracts, and the mappings that are there."""
    with tempfile.TemporaryDirectory(prefix="retaguarda_preview_") as folder:
        place, _ = _sample(path, Path(folder), 0)
        connection = open_raw(Path(folder) / "preview.duckdb", contracts)
        try:
            return load_file(connection, place, contracts, batch_id="preview", mappings_dir=mappings)
        finally:
            connection.close()


def mask(value: object) -> object:
    """A personal value as a preview shows it: its first character, so that one sees that something is there."""
    text = "" if value is None else str(value)
    return value if not text else text[0] + MASK


def _problem(report: FileReport, problem: Any, personal: set[str]) -> str:
    message: str = problem.message
    concerned = set((problem.column_name or "").split(", ")) & personal
    if problem.value and concerned:
        message = message.replace(str(problem.value), str(mask(problem.value)))
    return message


def _sample(path: Path, folder: Path, skipped: int) -> tuple[Path, bool]:
    """The file itself, or a copy of its first lines under the same name where it is a large text file."""
    if path.stat().st_size <= WHOLE_BYTES or path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        return path, True
    place = folder / path.name
    with path.open("rb") as source, place.open("wb") as target:
        shutil.copyfileobj(_Lines(islice(source, SAMPLE_LINES + skipped + 1)), target)
    return place, False


class _Lines:
    """Lines as a file to read from, one at a time."""

    def __init__(self, lines: islice[bytes]) -> None:
        self._lines = lines

    def read(self, size: int = -1) -> bytes:
        """The next line; nothing at the end."""
        return next(self._lines, b"")

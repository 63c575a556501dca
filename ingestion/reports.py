"""What a load did, to be shown, printed or written as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

PROBLEMS_SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One quarantined value (or row, where `column_name` is None), as it stands in load.quarantine."""

    table: str
    line: int
    column_name: str | None
    value: str | None
    reason: str
    remedy: str
    message: str


@dataclass(frozen=True)
class TableReport:
    """Rows of one table of a file: read = loaded + unchanged + quarantined + left out; so for the control column's sum.

    `rows_versioned` is the part of `rows_loaded` that replaced an older version; `rows_closed` are versions that a
    full export no longer has, or that the file says have ended; `rows_left_out` are rows that the mapping says are none
    of the table's. The control sums leave out values that cannot be read (`control_unreadable` rows).
    """

    table: str
    rows_read: int
    rows_loaded: int
    rows_versioned: int
    rows_unchanged: int
    rows_closed: int
    rows_quarantined: int
    control_column: str | None = None
    control_read: Decimal | None = None
    control_loaded: Decimal | None = None
    control_unchanged: Decimal | None = None
    control_quarantined: Decimal | None = None
    control_unreadable: int = 0
    rows_left_out: int = 0
    control_left_out: Decimal | None = None


@dataclass(frozen=True)
class FileReport:
    """One file: `state` is loaded, unchanged, held or rejected; `quarantine` holds the first problems, not all.

    `notes` are remarks about what was not read or not closed; the message holds them too. `paths` are the files it
    tells of: one, or all files of a batch that were taken together (`members` of them in all, also within archives).
    """

    file_name: str
    state: str
    message: str
    remedy: str
    tables: tuple[TableReport, ...] = ()
    quarantine: tuple[Problem, ...] = ()
    file_id: int | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    members: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; decimals become texts, so that no cent is lost."""
        plain: dict[str, Any] = _plain(asdict(replace(self, paths=())))
        del plain["paths"]
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value


def rows_in_words(table: TableReport) -> str:
    """One sentence, as "payables: 5 rows read: 4 loaded (1 new versions), 0 unchanged, 1 quarantined"."""
    versions = f" ({table.rows_versioned} as new versions)" if table.rows_versioned else ""
    closed = f"; {table.rows_closed} no longer in the export were closed" if table.rows_closed else ""
    left_out = f", {table.rows_left_out} left out" if table.rows_left_out else ""
    return (
        f"{table.table}: {table.rows_read} rows read: {table.rows_loaded} loaded{versions}, "
        f"{table.rows_unchanged} unchanged, {table.rows_quarantined} quarantined{left_out}{closed}."
    )


def added(first: TableReport, second: TableReport) -> TableReport:
    """The sums of two reports about the same table."""
    counts = {
        name: getattr(first, name) + getattr(second, name)
        for name in ("rows_read", "rows_loaded", "rows_versioned", "rows_unchanged", "rows_closed", "rows_quarantined",
                     "rows_left_out", "control_unreadable")
    }  # fmt: skip
    controls = {}
    for name in ("control_read", "control_loaded", "control_unchanged", "control_quarantined", "control_left_out"):
        one, other = getattr(first, name), getattr(second, name)
        controls[name] = None if one is None or other is None else one + other
    return replace(first, **counts, **controls)

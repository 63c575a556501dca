"""What readers write, kept in the office file of the data folder that these pages show."""

from __future__ import annotations

from dashboard.published import data_folder
from office.store import Office


def office() -> Office:
    """The office file; it is created by whoever writes first."""
    return Office(data_folder().resolve())

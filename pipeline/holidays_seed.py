"""Renew ``seeds/banking_holidays.csv``: days on which Brazilian payments do not settle, from the ``holidays`` package.

Run ``python -m pipeline.holidays_seed`` after an update of that package (a new national holiday, say), look at the
difference, and commit it: the calendar of a build is what stands in the repository, not what is installed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import holidays

SEED = Path(__file__).resolve().parents[1] / "seeds" / "banking_holidays.csv"
# One year more than dim_dates shows: its last days need a next banking day.
YEARS = range(2015, 2042)


def banking_holidays(years: Iterable[int] = YEARS) -> list[tuple[date, str]]:
    """Return (date, Portuguese name) of every BVMF holiday of those years, in order."""
    calendar = holidays.financial_holidays("BVMF", years=years, language="pt_BR")
    return sorted(calendar.items())


def write_seed(path: Path = SEED) -> int:
    """Write the seed anew and return its number of holidays."""
    rows = banking_holidays()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["holiday_date", "name"])
        writer.writerows((day.isoformat(), name) for day, name in rows)
    return len(rows)


if __name__ == "__main__":
    write_seed()

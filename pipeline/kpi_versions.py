"""The versions of the definitions in this project, as committed: docs/kpi-versions.csv, a line a KPI and version.

Written with the KPI reference. A definition that changes gets a new line with the day; several changes of one day are
one. What a company has published, and when, is in kpi.definitions of its published file; this is the project's side.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

FILE = "docs/kpi-versions.csv"
HEADER = ("kpi", "version", "since")
LENGTH = 12


def versions(catalogue: Mapping[str, Kpi], before: str, today: date) -> str:
    """The file after `before`: a line for each KPI whose entry or SQL is another than its last line says."""
    rows: list[list[str]] = list(csv.reader(io.StringIO(before)))[1:]
    latest = {kpi: version for kpi, version, _ in rows}
    for name, kpi in catalogue.items():
        version = kpi.content_hash[:LENGTH]
        if latest.get(name) != version:
            rows = [row for row in rows if [row[0], row[2]] != [name, today.isoformat()]]
            rows.append([name, version, today.isoformat()])
    ordered = sorted(rows, key=lambda row: [row[0], row[2]])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(ordered)
    return text.getvalue()

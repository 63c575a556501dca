"""The versions of the definitions in this project, as committed: docs/kpi-versions.csv, a line a KPI and version.

Written with the KPI reference, and told in CHANGELOG-KPIS.md. A definition that changes gets a new line with the day;
several changes of one day are one. Why it changed is written into the line by hand: without a reason the tests fail.
What a company has published, and when, is in kpi.definitions of its published file; this is the project's side.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

FILE = "docs/kpi-versions.csv"
CHANGELOG = "CHANGELOG-KPIS.md"
HEADER = ("kpi", "version", "since", "reason")
LENGTH = 12
TITLE = """# Changed definitions

Written by `python -m pipeline.kpi_reference` from docs/kpi-versions.csv: do not edit it by hand. A KPI whose definition
or SQL changes counts otherwise from then on; its chart has a mark on the day of its first publication, and
`kpi.definitions` of the published file keeps both versions. What else changes is in [CHANGELOG.md](CHANGELOG.md).
"""


@dataclass(frozen=True)
class Version:
    """A version of a definition: since when, and why there is another than before (empty: the first)."""

    kpi: str
    version: str
    since: str
    reason: str = ""


def read(text: str) -> list[Version]:
    """The versions in a file, in its order."""
    rows = list(csv.DictReader(io.StringIO(text)))
    return [Version(row["kpi"], row["version"], row["since"], row.get("reason") or "") for row in rows]


def versions(catalogue: Mapping[str, Kpi], before: str, today: date) -> str:
    """The file after `before`: a line for each KPI whose entry or SQL is another than its last line says."""
    known = read(before)
    latest = {one.kpi: one for one in known}
    for name, kpi in catalogue.items():
        version = kpi.content_hash[:LENGTH]
        last = latest.get(name)
        if last is None or last.since != today.isoformat():
            if last is None or last.version != version:
                known.append(Version(name, version, today.isoformat()))
        else:
            known[known.index(last)] = replace(last, version=version)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(
        (one.kpi, one.version, one.since, one.reason) for one in sorted(known, key=lambda one: (one.kpi, one.since))
    )
    return text.getvalue()


def unexplained(text: str) -> list[Version]:
    """Versions that are not the first of their KPI and do not say why."""
    return [later for earlier, later in pairwise(read(text)) if later.kpi == earlier.kpi and not later.reason]


def changelog(catalogue: Mapping[str, Kpi], text: str) -> str:
    """The versions in words, latest day first: changed definitions with their reason, then how many are new."""
    known = read(text)
    before: dict[Version, Version] = {later: earlier for earlier, later in pairwise(known) if later.kpi == earlier.kpi}
    lines = [TITLE]
    for day in sorted({one.since for one in known}, reverse=True):
        lines += [f"## {day}", ""]
        of_day = [one for one in known if one.since == day]
        for one in of_day:
            if one in before:
                label = catalogue[one.kpi].label["en"] if one.kpi in catalogue else one.kpi
                was = before[one].version
                lines.append(f"- **{label}** (`{one.kpi}`, `{was}` → `{one.version}`): {one.reason}")
        new = [one.kpi for one in of_day if one not in before]
        if new:
            named = ", ".join(f"`{name}`" for name in new)
            lines.append(f"- First version of {len(new)} KPI{'s' if len(new) != 1 else ''}: {named}.")
        lines.append("")
    return "\n".join(lines)

"""What is said of the publication itself: stamp, tests that did not pass, sources that are stale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from dashboard.published import Publication


@dataclass(frozen=True)
class Stamp:
    """The publication that a page shows. `published_at` is UTC; `warnings` counts tests and stale sources."""

    publication_id: str
    as_of: date
    published_at: datetime
    data_until: date | None
    company: str
    warnings: int


@dataclass(frozen=True)
class Troubles:
    """Tests that did not pass, by KPI, and sources that are overdue."""

    tests_by_kpi: dict[str, tuple[tuple[str, int], ...]]  # (test, rows that failed it)
    tests: tuple[dict[str, object], ...]
    sources: tuple[dict[str, Any], ...]


@lru_cache(maxsize=4)
def troubles(publication: Publication) -> Troubles:
    """What readers must know before they trust a figure."""
    tests = publication.fetch(
        "select test, severity, status, failures, model, message, kpis from meta.test_results where status <> 'pass'"
    ).to_dicts()
    sources = publication.fetch(
        "select source, table_name, label_en, label_pt_br, last_loaded_at, days_since, kpis"
        # An export that never came is one that the company does not use; the data page tells it.
        " from meta.source_freshness where state = 'stale' order by days_since desc, source, table_name"
    ).to_dicts()
    by_kpi: dict[str, tuple[tuple[str, int], ...]] = {}
    for test in tests:
        for kpi in test["kpis"] or ():
            by_kpi[kpi] = (*by_kpi.get(kpi, ()), (test["test"], test["failures"] or 0))
    return Troubles(by_kpi, tuple(tests), tuple(sources))


@lru_cache(maxsize=4)
def stamp(publication: Publication) -> Stamp:
    """The one row of `meta.publication`, with what deserves a warning counted."""
    row = publication.fetch("select * from meta.publication").to_dicts()[0]
    found = troubles(publication)
    return Stamp(
        publication_id=str(row["publication_id"]),
        as_of=row["as_of_date"],
        published_at=row["published_at"],
        data_until=row["data_until"],
        company=row["company_label"] or "",
        warnings=len(found.tests) + len(found.sources),
    )

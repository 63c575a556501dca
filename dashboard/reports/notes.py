"""What people noted on the KPIs, and past figures that are no longer what was reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.reports.content import Annotation, Readers, Restatement


def notes_of_week(
    publication: Publication,
    catalogue: Mapping[str, Definition],
    start: date,
    readers: Readers,
    titles: Mapping[str, str],
) -> tuple[Annotation, ...]:
    """Notes on the KPIs shown."""
    return ()


def restatements_since(
    publication: Publication,
    catalogue: Mapping[str, Definition],
    start: date,
    readers: Readers,
    titles: Mapping[str, str],
) -> tuple[Restatement, ...]:
    """Restatements of the KPIs shown."""
    return ()

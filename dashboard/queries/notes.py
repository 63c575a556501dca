"""What the published file says of frozen weeks and of people's notes, for the weekly pack."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.published import Publication
from dashboard.queries.schema import has_table


def restated_weeks(publication: Publication, until: date) -> list[dict[str, Any]]:
    """Figures of weeks up to one that are no longer what was reported, latest first; none in older publications."""
    if not has_table(publication, "kpi", "kpi_restatements"):
        return []
    sql = """
        select * from kpi.kpi_restatements
        where grain = 'week' and period_start <= ?
        order by period_start desc, kpi, dimension desc, member
    """
    return publication.fetch(sql, (until,)).to_dicts()


def notes_between(publication: Publication, first: date, last: date) -> list[dict[str, Any]]:
    """Annotations of any day in a range of days, earliest first; none in older publications."""
    if not has_table(publication, "kpi", "annotations"):
        return []
    sql = "select * from kpi.annotations where first_day <= ? and last_day >= ? order by first_day, kpi"
    return publication.fetch(sql, (last, first)).to_dicts()

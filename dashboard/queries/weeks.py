"""What the weekly pack asks: complete weeks, and the run of weeks that ends in a chosen one."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, timedelta
from functools import lru_cache

import polars as pl

from dashboard.published import TIMEZONE, Publication
from dashboard.queries.values import JOINED, POINT_COLUMNS, Point, read_points


@lru_cache(maxsize=4)
def last_day_over(publication: Publication) -> date:
    """The last day of the company that was over when the publication was built: on a Sunday morning it is Saturday."""
    as_of = publication.fetch("select as_of from meta.publication")["as_of"].item()
    # What is known as of a day is known as of its last second.
    return (as_of + timedelta(seconds=1)).replace(tzinfo=UTC).astimezone(TIMEZONE).date() - timedelta(days=1)


@lru_cache(maxsize=4)
def complete_weeks(publication: Publication) -> list[date]:
    """Mondays of the published weeks that are over, latest first."""
    sql = """
        select distinct cast(period_start as date) as period_start from kpi.kpi_values
        where grain = 'week' and dimension = 'total' and not is_partial and cast(period_end as date) <= ?
        order by period_start desc
    """
    return publication.fetch(sql, (last_day_over(publication),))["period_start"].to_list()


@lru_cache(maxsize=32)
def weeks_until(
    publication: Publication, start: date, dimension: str, member: str, length: int
) -> dict[str, list[Point]]:
    """Every KPI of one member in the `length` weeks that end with the one that begins on `start`, oldest first."""
    sql = f"""
        select {POINT_COLUMNS} from {JOINED}
        where v.grain = 'week' and v.dimension = ? and v.member = ?
            and v.period_start <= ? and v.period_start > cast(? as date) - cast(? as integer) * 7
        order by v.kpi, v.period_start
    """
    found: dict[str, list[Point]] = defaultdict(list)
    for point in read_points(publication, sql, (dimension, member, start, start, length)):
        found[point.kpi].append(point)
    return dict(found)


@lru_cache(maxsize=8)
def units_of_week(publication: Publication, start: date) -> dict[str, list[Point]]:
    """Every KPI of every business unit in one week."""
    sql = f"""
        select {POINT_COLUMNS} from {JOINED}
        where v.grain = 'week' and v.dimension = 'business_unit' and v.period_start = ?
        order by v.kpi, v.member
    """
    found: dict[str, list[Point]] = defaultdict(list)
    for point in read_points(publication, sql, (start,)):
        found[point.kpi].append(point)
    return dict(found)


def signal_lengths(publication: Publication, start: date) -> pl.DataFrame:
    """For how many weeks each signal of a week had lasted: `kpi`, `dimension`, `member`, `weeks_in_signal`."""
    sql = """
        select kpi, dimension, member, weeks_in_signal from kpi.kpi_signals
        where grain = 'week' and dimension in ('total', 'business_unit') and period_start = ?
    """
    return publication.fetch(sql, (start,))


def has_week(publication: Publication, start: date) -> bool:
    """Whether a week has any published figure, be it over or not."""
    sql = "select 1 from kpi.kpi_values where grain = 'week' and dimension = 'total' and period_start = ? limit 1"
    return publication.fetch(sql, (start,)).height > 0

"""Frozen weeks as they are published: what was reported, and what of it is another figure today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import polars as pl

from dashboard.published import Publication
from dashboard.queries.schema import has_table
from dashboard.queries.values import Point, read_points


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One frozen week: when it was frozen, from what was known when, and in which state. Instants are UTC."""

    week: str
    start: date
    end: date
    frozen_at: datetime
    as_of: datetime
    publication_id: str
    is_provisional: bool
    is_late: bool
    stale_sources: tuple[str, ...]
    manifest_sha256: str


@lru_cache(maxsize=4)
def snapshots(publication: Publication) -> list[Snapshot]:
    """The published frozen weeks, the latest first; none in older publications."""
    if not has_table(publication, "kpi", "snapshot_weeks"):
        return []
    sql = """
        select
            week, cast(week_start as date), cast(week_end as date), frozen_at, as_of, publication_id, is_provisional,
            is_late, stale_sources, manifest_sha256
        from kpi.snapshot_weeks
        order by week desc
    """
    return [
        Snapshot(*row[:8], tuple(row[8] or ()), row[9])  # type: ignore[misc]
        for row in publication.fetch(sql).iter_rows()
    ]


def _points(publication: Publication, condition: str, parameters: tuple[object, ...]) -> list[Point]:
    """Points as they were reported; for how long a signal had lasted as known now, where the week did not keep it."""
    sql = f"""
        with kept as (
            select cast(null as bigint) as weeks_in_signal where false
            union all by name
            select * from kpi.kpi_snapshots
        )
        select s.* replace (
            cast(s.period_start as date) as period_start, cast(s.period_end as date) as period_end,
            coalesce(s.weeks_in_signal, g.weeks_in_signal) as weeks_in_signal
        )
        from kept as s
        left join kpi.kpi_signals as g
            on g.kpi = s.kpi and g.grain = s.grain and g.dimension = s.dimension and g.member = s.member
            and g.period_start = s.period_start
        where {condition}
        order by s.kpi, s.member, s.period_start
    """
    return read_points(publication, sql, parameters)


@lru_cache(maxsize=64)
def reported(publication: Publication, week: str, dimension: str, member: str) -> dict[str, Point]:
    """Every KPI of one member in a frozen week, as it was reported."""
    condition = "s.week = ? and s.grain = 'week' and s.dimension = ? and s.member = ?"
    return {point.kpi: point for point in _points(publication, condition, (week, dimension, member))}


@lru_cache(maxsize=16)
def reported_units(publication: Publication, week: str) -> dict[str, list[Point]]:
    """Every KPI of every business unit in a frozen week, as it was reported."""
    found: dict[str, list[Point]] = {}
    condition = "s.week = ? and s.grain = 'week' and s.dimension = 'business_unit'"
    for point in _points(publication, condition, (week,)):
        found.setdefault(point.kpi, []).append(point)
    return found


@lru_cache(maxsize=128)
def reported_series(
    publication: Publication, kpi: str, grain: str, dimension: str, member: str
) -> dict[date, tuple[str, Point]]:
    """Every frozen figure of one KPI for one member: period → the week that it was frozen with, and the figure."""
    if not snapshots(publication):
        return {}
    condition = "s.kpi = ? and s.grain = ? and s.dimension = ? and s.member = ?"
    found = _points(publication, condition, (kpi, grain, dimension, member))
    weeks = {one.end: one.week for one in snapshots(publication)}
    sundays = {point: point.period_end + timedelta(days=6 - point.period_end.weekday()) for point in found}
    return {point.period_start: (weeks[end], point) for point, end in sundays.items() if end in weeks}


@lru_cache(maxsize=64)
def week_differences(publication: Publication, week: str, before: str, dimension: str, member: str) -> pl.DataFrame:
    """Every KPI as reported in a week beside the week before: signals first, then the largest step for its limits."""
    sql = """
        select
            this.kpi, last.value as before, last.state as before_state, this.value as value, this.state as state,
            this.value - last.value as difference, this.rule, this.direction,
            abs(this.value - last.value) / nullif(this.upper_limit - this.lower_limit, 0) as step
        from kpi.kpi_snapshots as this
        left join kpi.kpi_snapshots as last
            on last.week = ? and last.grain = 'week' and last.kpi = this.kpi and last.dimension = this.dimension
            and last.member = this.member
        where this.week = ? and this.grain = 'week' and this.dimension = ? and this.member = ?
        order by
            this.rule is null,
            case this.direction when 'worse' then 0 when 'better' then 2 else 1 end,
            step desc nulls last, this.kpi
    """
    return publication.fetch(sql, (before, week, dimension, member))


@lru_cache(maxsize=64)
def restatements(publication: Publication, week: str, dimension: str, member: str) -> pl.DataFrame:
    """The figures of a frozen week that are others today (those of months and quarters that ended in it too)."""
    sql = """
        select r.*, c.unit, c.area, c.headline from kpi.kpi_restatements as r
        inner join kpi.catalogue as c on c.name = r.kpi
        where r.week = ? and r.dimension = ? and r.member = ?
        order by c.headline desc, c.position, r.grain desc
    """
    return publication.fetch(sql, (week, dimension, member))


@lru_cache(maxsize=128)
def restatements_of(publication: Publication, kpi: str, grain: str, dimension: str, member: str) -> pl.DataFrame:
    """The frozen figures of one KPI for one member that are others today, the latest first."""
    if not snapshots(publication):
        return pl.DataFrame()
    sql = """
        select r.*, c.unit, c.area, c.headline from kpi.kpi_restatements as r
        inner join kpi.catalogue as c on c.name = r.kpi
        where r.kpi = ? and r.grain = ? and r.dimension = ? and r.member = ?
        order by r.period_start desc
    """
    return publication.fetch(sql, (kpi, grain, dimension, member))


@lru_cache(maxsize=4)
def restated_counts(publication: Publication) -> pl.DataFrame:
    """Restated figures of the company, with what their size is judged by: one row a week and figure."""
    sql = """
        select r.week, r.kpi, r.grain, r.reported, r.now, r.difference, c.unit from kpi.kpi_restatements as r
        inner join kpi.catalogue as c on c.name = r.kpi
        where r.dimension = 'total'
    """
    return publication.fetch(sql)


@lru_cache(maxsize=64)
def restatement_rows(publication: Publication, kpi: str, week: str) -> pl.DataFrame:
    """The rows behind the restated figures of a KPI and week, the weightiest first."""
    return publication.fetch("select * from kpi.restatement_rows where kpi = ? and week = ?", (kpi, week))


@lru_cache(maxsize=4)
def source_labels(publication: Publication) -> dict[str, tuple[str, str]]:
    """`source.table` → its label in Portuguese and in English."""
    sql = "select source || '.' || table_name, label_pt_br, label_en from meta.source_freshness"
    return {name: (portuguese, english) for name, portuguese, english in publication.fetch(sql).iter_rows()}


@lru_cache(maxsize=16)
def redefined(publication: Publication, week: str) -> set[str]:
    """The KPIs that were reported in a week under another definition than today's."""
    sql = """
        select distinct s.kpi from kpi.kpi_snapshots as s
        inner join kpi.catalogue as c on c.name = s.kpi and c.definition_hash <> s.definition_hash
        where s.week = ? and s.grain = 'week' and s.dimension = 'total'
    """
    return set(publication.fetch(sql, (week,))["kpi"])

"""Values of KPIs with their limits and signals, over periods and members: what scorecards and charts are drawn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from dashboard.published import Publication


@dataclass(frozen=True, slots=True)
class Point:
    """One KPI in one period for one member. Limits and signal are None where no behaviour is published."""

    kpi: str
    dimension: str
    member: str
    period_start: date
    period_end: date
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    numerator: float | None
    denominator: float | None
    mean: float | None
    p80: float | None
    p95: float | None
    finished: int | None
    open: int | None
    state: str
    is_partial: bool
    previous_value: float | None
    change: float | None
    year_before_value: float | None
    target: float | None
    centre: float | None
    lower_limit: float | None
    upper_limit: float | None
    is_trial: bool | None
    rule: str | None
    direction: str | None
    assurance: str | None
    weeks_in_signal: int | None

    @property
    def is_signal(self) -> bool:
        """Whether the point is more than ordinary variation; what has no value is none."""
        return self.rule is not None and self.value is not None

    @property
    def year_change(self) -> float | None:
        """The change against the same period a year before; None without either figure, and from zero."""
        if self.value is None or not self.year_before_value:
            return None
        return self.value - self.year_before_value

    @property
    def is_above(self) -> bool:
        """Whether the value lies above the centre."""
        return self.value is not None and self.centre is not None and self.value > self.centre


POINT_COLUMNS = """
    v.kpi, v.dimension, v.member, cast(v.period_start as date) as period_start, cast(v.period_end as date) as period_end,
    v.value, v.low, v.high, v.n, v.numerator, v.denominator, v.mean, v.p80, v.p95, v.finished, v.open, v.state,
    v.is_partial, v.previous_value, v.change, v.year_before_value, v.target,
    s.centre, s.lower_limit, s.upper_limit, s.is_trial, s.rule, s.direction, s.assurance, s.weeks_in_signal
"""
JOINED = """
    kpi.kpi_values as v
    left join kpi.kpi_signals as s
        on s.kpi = v.kpi and s.grain = v.grain and s.dimension = v.dimension and s.member = v.member
        and s.period_start = v.period_start
"""
FLOATS = (
    "value", "low", "high", "numerator", "denominator", "mean", "p80", "p95", "previous_value", "change",
    "year_before_value", "target", "centre", "lower_limit", "upper_limit",
)  # fmt: skip


def read_points(publication: Publication, sql: str, parameters: Sequence[object] | Mapping[str, object]) -> list[Point]:
    """The rows of a query of POINT_COLUMNS, in its order."""
    frame = publication.fetch(sql, parameters).select(Point.__slots__)
    frame = frame.cast(dict.fromkeys(FLOATS, float))  # type: ignore[dict-item]
    return [Point(*row) for row in frame.iter_rows()]


@lru_cache(maxsize=64)
def overview(publication: Publication, grain: str, dimension: str, member: str, length: int) -> dict[str, list[Point]]:
    """The last `length` periods of every KPI for one member, oldest first: the one query that draws the overview."""
    sql = f"""
        select * exclude (age) from (
            select {POINT_COLUMNS}, row_number() over (partition by v.kpi order by v.period_start desc) as age
            from {JOINED}
            where v.grain = ? and v.dimension = ? and v.member = ?
        )
        where age <= ?
        order by kpi, period_start
    """
    found: dict[str, list[Point]] = defaultdict(list)
    for point in read_points(publication, sql, (grain, dimension, member, length)):
        found[point.kpi].append(point)
    return dict(found)


@lru_cache(maxsize=256)
def _of_kpi(publication: Publication, kpi: str) -> pl.DataFrame:
    """All points of one KPI: read once, whatever units, grains and dimensions its readers then ask for."""
    frame = publication.fetch(f"select {POINT_COLUMNS}, v.grain from {JOINED} where v.kpi = ?", (kpi,))
    return frame.cast(dict.fromkeys(FLOATS, float)).sort("period_start")  # type: ignore[dict-item]


def _points(frame: pl.DataFrame) -> list[Point]:
    return [Point(*row) for row in frame.select(Point.__slots__).iter_rows()]


@lru_cache(maxsize=256)
def series(publication: Publication, kpi: str, grain: str, dimension: str, member: str, length: int) -> list[Point]:
    """The last `length` periods of one KPI for one member, oldest first."""
    chosen = _of_kpi(publication, kpi).filter(grain=grain, dimension=dimension, member=member)
    return _points(chosen.tail(length))


@lru_cache(maxsize=256)
def members(publication: Publication, kpi: str, grain: str, dimension: str, since: date) -> dict[str, list[Point]]:
    """Every member of a dimension of one KPI since a date, oldest first; the members with most records first.

    Members without any record in the last two periods (an objective of a past cycle, say) are left out.
    """
    shown = _of_kpi(publication, kpi).filter(pl.col("period_start") >= since, grain=grain, dimension=dimension)
    starts = shown["period_start"].unique().sort()
    if len(starts) < 2:
        return {}
    seen = pl.col("period_start").filter(pl.col("state") != "no_data").max()
    # A member that has never had a record weighs nothing, which is not the same as zero records.
    weight = pl.when(pl.col("n").count() > 0).then(pl.col("n").sum())
    weighed = shown.group_by("member").agg(weight=weight, last_seen=seen).filter(pl.col("last_seen") >= starts[-2])
    ordered = weighed.sort("weight", "member", descending=[True, False], nulls_last=True)["member"].to_list()
    by_member = shown.partition_by("member", as_dict=True)
    return {member: _points(by_member[(member,)]) for member in ordered}


@lru_cache(maxsize=128)
def member_values(publication: Publication, kpi: str, grain: str, dimension: str, start: date) -> pl.DataFrame:
    """The published values of every member of a dimension in one period, as `kpis.decomposition` takes them."""
    sql = "select * from kpi.kpi_values where kpi = ? and grain = ? and dimension = ? and period_start = ?"
    return publication.fetch(sql, (kpi, grain, dimension, start))


@dataclass(frozen=True, slots=True)
class Survival:
    """One age of a life table: the share still open at that age, with its interval."""

    age: float
    at_risk: int
    finished: int
    survival: float
    low: float | None
    high: float | None


@lru_cache(maxsize=64)
def life_tables_around(
    publication: Publication, kpi: str, grain: str, day: date, dimension: str, member: str
) -> dict[date, list[Survival]]:
    """Published life tables of a duration by period: the last that begins by `day`, then the one before it."""
    sql = """
        select cast(period_start as date) as period_start, age, at_risk, finished, survival, low, high
        from kpi.life_tables
        where kpi = ? and grain = ? and dimension = ? and member = ? and period_start in (
            select distinct period_start from kpi.life_tables
            where kpi = ? and grain = ? and dimension = ? and member = ? and period_start <= ?
            order by period_start desc
            limit 2
        )
        order by period_start desc, age
    """
    keys = (kpi, grain, dimension, member)
    found: dict[date, list[Survival]] = defaultdict(list)
    for start, *rest in publication.fetch(sql, (*keys, *keys, day)).iter_rows():
        found[start].append(Survival(*rest))
    return dict(found)

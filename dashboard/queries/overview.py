"""What the overview is drawn from: the figures of every KPI, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dashboard.published import Publication
from dashboard.queries.values import JOINED, POINT_COLUMNS, Point, read_points


@dataclass(frozen=True)
class Glance:
    """The run of points of every KPI, oldest first, and the business units of the last complete period."""

    points: Mapping[str, list[Point]]
    units: Mapping[str, list[Point]]


@lru_cache(maxsize=64)
def glance(publication: Publication, grain: str, dimension: str, member: str, length: int) -> Glance:
    """The last `length` periods of every KPI for one member, and of the whole company also its units, in one query.

    The units are those of the last complete period, where a signal's main cause is looked for.
    """
    sql = f"""
        with chosen as (
            select * exclude (age) from (
                select {POINT_COLUMNS}, row_number() over (partition by v.kpi order by v.period_start desc) as age
                from {JOINED}
                where v.grain = $grain and v.dimension = $dimension and v.member = $member
            )
            where age <= $length
        )
        select * from chosen
        union all
        select {POINT_COLUMNS} from {JOINED}
        where $dimension = 'total' and v.grain = $grain and v.dimension = 'business_unit'
            and v.period_start = (select max(period_start) from chosen where not is_partial)
        order by kpi, dimension, member, period_start
    """
    keys = {"grain": grain, "dimension": dimension, "member": member, "length": length}
    points: dict[str, list[Point]] = defaultdict(list)
    units: dict[str, list[Point]] = defaultdict(list)
    for point in read_points(publication, sql, keys):
        (points if point.dimension == dimension else units)[point.kpi].append(point)
    return Glance(dict(points), dict(units))

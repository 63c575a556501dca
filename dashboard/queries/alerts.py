"""What alerts ask of the published file besides values and signals: tests, sources, and KPIs whose data are late."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from dashboard.published import Publication

# A source that comes at least weekly and has brought nothing since a moment lacks days before it.
IS_BEHIND = """
    last_loaded_at is not null
    and (state = 'stale' or (warn_after_days <= 8 and last_loaded_at < $over_at))
"""


@lru_cache(maxsize=4)
def tests(publication: Publication) -> list[dict[str, Any]]:
    """Every test of the data, passed or not."""
    return publication.fetch(
        "select test, status, failures, message, kpis from meta.test_results order by test"
    ).to_dicts()


def sources(publication: Publication, moment: datetime) -> list[dict[str, Any]]:
    """Every export that ever came, as overdue as it is at a moment.

    Where no export comes at all, nothing is published anew: what was fresh then may be overdue by now.
    """
    sql = """
        with aged as (
            select *, greatest(days_since, date_diff('second', last_loaded_at, cast(? as timestamp)) / 86400.0) as days
            from meta.source_freshness
            where state <> 'never'
        )
        select
            source, table_name, label_en, label_pt_br, days as days_since, kpis,
            if(days > warn_after_days, 'stale', state) as state
        from aged
        order by source, table_name
    """
    return publication.fetch(sql, (moment,)).to_dicts()


def kpis_behind(publication: Publication, over_at: datetime) -> frozenset[str]:
    """KPIs that are made from an export which does not reach a moment yet: their figures up to it may still change."""
    sql = f"select distinct unnest(kpis) as kpi from meta.source_freshness where {IS_BEHIND}"
    return frozenset(publication.fetch(sql, {"over_at": over_at})["kpi"].to_list())

"""What alerts ask of the published file besides values and signals: tests, sources, and KPIs whose data are late."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from dashboard.published import Publication


@lru_cache(maxsize=4)
def tests(publication: Publication) -> list[dict[str, Any]]:
    """Every test of the data, passed or not."""
    return publication.fetch(
        "select test, status, failures, message, kpis from meta.test_results order by test"
    ).to_dicts()


@lru_cache(maxsize=4)
def sources(publication: Publication) -> list[dict[str, Any]]:
    """Every export that ever came."""
    sql = """
        select source, table_name, label_en, label_pt_br, days_since, state, kpis from meta.source_freshness
        where state <> 'never'
        order by source, table_name
    """
    return publication.fetch(sql).to_dicts()


def kpis_behind(publication: Publication, over_at: datetime) -> frozenset[str]:
    """KPIs that are made from an export which does not reach a moment yet: their figures up to it may still change."""
    sql = """
        select distinct unnest(kpis) as kpi from meta.source_freshness
        where last_loaded_at is not null
            and (state = 'stale' or (warn_after_days <= 8 and last_loaded_at < ?))
    """
    return frozenset(publication.fetch(sql, (over_at,))["kpi"].to_list())

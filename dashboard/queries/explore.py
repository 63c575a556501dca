"""Any KPI by period, dimension and member: the rows, and the same question as SQL for the SQL page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from dashboard.published import Publication


@dataclass(frozen=True)
class Question:
    """A KPI at a grain, from one period to another (inclusive first days), by a dimension; no member means all."""

    kpi: str
    grain: str
    dimension: str
    members: tuple[str, ...]
    first: date
    last: date


def _literal(value: object) -> str:
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"


def as_sql(question: Question) -> str:
    """The question as a statement that anybody can run: it is the one that draws the page."""
    members = ""
    if question.members:
        members = f"\n    and member in ({', '.join(map(_literal, question.members))})"
    return f"""select period_start, member, state, value, low, high, n, numerator, denominator,
    previous_value, change, year_before_value, target
from kpi.kpi_values
where kpi = {_literal(question.kpi)} and grain = {_literal(question.grain)} and dimension = {_literal(question.dimension)}
    and period_start between {_literal(question.first)} and {_literal(question.last)}{members}
order by period_start, member"""


@lru_cache(maxsize=128)
def rows(publication: Publication, question: Question) -> pl.DataFrame:
    """One row a period and member. A missing value has a state that says why."""
    return publication.fetch(as_sql(question))


@lru_cache(maxsize=128)
def periods(publication: Publication, kpi: str, grain: str) -> list[date]:
    """First days of the periods of a KPI, oldest first."""
    sql = """
        select distinct cast(period_start as date) as period_start from kpi.kpi_values
        where kpi = ? and grain = ? and dimension = 'total' order by 1
    """
    return publication.fetch(sql, (kpi, grain))["period_start"].to_list()


@lru_cache(maxsize=128)
def members(publication: Publication, kpi: str, grain: str, dimension: str) -> list[str]:
    """Members of a dimension of a KPI, those with most records first."""
    sql = """
        select member from kpi.kpi_values where kpi = ? and grain = ? and dimension = ?
        group by member order by coalesce(sum(n), 0) desc, member
    """
    return publication.fetch(sql, (kpi, grain, dimension))["member"].to_list()

"""Reading what is published: the values of one KPI, and SQL."""

from __future__ import annotations

import difflib
from datetime import date

import polars as pl

from kpis.catalogue import load_catalogue
from kpis.definition import AREAS
from pipeline.failures import ExitCode, Failure
from pipeline.published_files import open_published, published_path
from pipeline.sandbox import run_sandboxed
from pipeline.settings import PROJECT_ROOT, DataFolder

GRAINS = ("week", "month", "quarter", "year")


def kpi_values(
    folder: DataFolder,
    name: str,
    *,
    grain: str = "month",
    by: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> pl.DataFrame:
    """Published values of a KPI, one row a period and member, oldest first.

    `start` and `end` (both inclusive) bound the first day of the period. `by` None is the company's total.
    """
    connection = open_published(folder)
    try:
        known = dict(connection.execute("select name, dimensions from kpi.catalogue order by position").fetchall())
        if name not in known:
            raise Failure(
                f'There is no KPI "{name}".{nearest(name, list(known))}', f"Known: {', '.join(known)}.", ExitCode.USAGE
            )
        if by is not None and by not in known[name]:
            raise Failure(
                f'{name} is not published by "{by}".', f"Its dimensions: {', '.join(known[name])}.", ExitCode.USAGE
            )
        if grain not in GRAINS:
            raise Failure(f'There is no grain "{grain}".', f"Choose one of: {', '.join(GRAINS)}.", ExitCode.USAGE)
        return connection.sql(
            """
            select *
            from kpi.kpi_values
            where kpi = $kpi and grain = $grain and dimension = $dimension
                and ($start is null or period_start >= cast($start as date))
                and ($end is null or period_start <= cast($end as date))
            order by period_start, member
            """,
            params={"kpi": name, "grain": grain, "dimension": by or "total", "start": start, "end": end},
        ).pl()
    finally:
        connection.close()


def kpi_list(language: str) -> pl.DataFrame:
    """Every KPI of the catalogue: area, name, label, kind, unit, better and dimensions, in the catalogue's order."""
    catalogue = load_catalogue(PROJECT_ROOT)
    ordered = sorted(catalogue.values(), key=lambda kpi: AREAS.index(kpi.area))
    return pl.DataFrame(
        [
            {
                "area": kpi.area,
                "kpi": kpi.name,
                "label": kpi.label[language],
                "kind": kpi.kind,
                "unit": kpi.unit,
                "better": kpi.better,
                "dimensions": ", ".join(kpi.dimensions),
            }
            for kpi in ordered
        ]
    )


def nearest(name: str, known: list[str]) -> str:
    """` Did you mean …?` when a known name is close."""
    close = difflib.get_close_matches(name, known, n=1)
    return f' Did you mean "{close[0]}"?' if close else ""


def sql(folder: DataFolder, statement: str, *, timeout_seconds: float, memory_mebibytes: int) -> pl.DataFrame:
    """The result of an analyst's statement on the published file, read-only and in a sandbox."""
    path = published_path(folder)
    return run_sandboxed(path, statement, timeout_seconds=timeout_seconds, memory_mebibytes=memory_mebibytes)

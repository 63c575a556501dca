"""A KPI model's rows, checked and cut to what one roll-up needs."""

from __future__ import annotations

import polars as pl

from kpis.definition import Kpi

TOTAL = "total"
"""Name of the dimension, and of its only member, of the company as a whole."""

_WHOLE = ("count_records", "promoters", "detractors", "responses", "entry_age", "exit_age", "cases")


def prepare(components: pl.DataFrame, kpi: Kpi, dimension: str | None) -> pl.DataFrame:
    """Columns `date_day`, `member` and the kind's components; ValueError for an undeclared dimension or lost column."""
    if dimension is not None and dimension not in kpi.dimensions:
        raise ValueError(f"{kpi.name} has no dimension {dimension!r}: it declares {', '.join(kpi.dimensions)}")
    wanted = ["date_day", *kpi.component_columns, *([dimension] if dimension else [])]
    lost = [name for name in wanted if name not in components.columns]
    if kpi.kind == "cash_flow" and "project" in lost:
        lost.remove("project")
        components = components.with_columns(project=pl.lit(""))
    if lost:
        raise ValueError(f"{kpi.name}: the components lack {', '.join(lost)}")
    member = pl.lit(TOTAL) if dimension is None else pl.col(dimension).cast(pl.String).fill_null("unknown")
    columns = [_typed(components, name) for name in kpi.component_columns]
    return components.select(pl.col("date_day").cast(pl.Date), member.alias("member"), *columns)


def _typed(components: pl.DataFrame, name: str) -> pl.Expr:
    column, dtype = pl.col(name), components.schema[name]
    if isinstance(dtype, pl.Decimal):
        # Sums of money are exact as decimals, whatever the order of the rows; 18 digits would overflow.
        return column.cast(pl.Decimal(38, dtype.scale or 0))
    if name in _WHOLE:
        return column.cast(pl.Int64)
    if name == "is_finished":
        return column.cast(pl.Boolean)
    return column if dtype == pl.String else column.cast(pl.Float64)

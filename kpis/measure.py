"""What the measurements of all kinds have in common: the columns and states before comparison."""

from __future__ import annotations

import polars as pl

MEASURED = {
    "period_start": pl.Date,
    "member": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "mean": pl.Float64,
    "p80": pl.Float64,
    "p95": pl.Float64,
    "finished": pl.Int64,
    "opened": pl.Int64,
    "state": pl.String,
}
"""One row per period and member that has components; `opened` becomes `open` by running sums in the roll-up."""


def as_measured(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with exactly the MEASURED columns, nulls where a kind has no such figure; `member` keeps its type."""
    return frame.select(
        pl.col(name)
        if name == "member"
        else (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in MEASURED.items()
    )

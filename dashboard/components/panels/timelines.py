"""What panels over time share: rows by period laid out over all periods, and the words for the running one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboard import formats
from dashboard.language import _
from dashboard.queries.windows import Window


def total(rows: pl.DataFrame, column: str) -> int:
    """The sum of a column that counts."""
    return int(rows[column].sum() or 0)


def summed(rows: pl.DataFrame, column: str) -> float:
    """The sum of a column of amounts, hours or days."""
    return float(rows[column].sum() or 0)


def over_periods(rows: pl.DataFrame, days: Window, columns: Sequence[str]) -> dict[str, list[float]]:
    """What is counted or summed, in every period of the window; zero where nothing happened."""
    return {
        name: [value or 0.0 for value in values] for name, values in known_over_periods(rows, days, columns).items()
    }


def known_over_periods(rows: pl.DataFrame, days: Window, columns: Sequence[str]) -> dict[str, list[float | None]]:
    """Means and shares in every period of the window; None where there is nothing that they could be of."""
    frame = pl.DataFrame({"period_start": days.starts}, schema={"period_start": pl.Date})
    filled = frame.join(rows, on="period_start", how="left", maintain_order="left")
    return {name: [None if value is None else float(value) for value in filled[name]] for name in columns}


def since_words(days: Window) -> str:
    """How far back a chart over periods looks: `desde sem. 35/2026`."""
    return _("since {period}").format(period=formats.period(days.first, days.grain))


def running_note(days: Window) -> str:
    """`Pale: sem. 47/2026 is not over.`, or nothing."""
    if not days.is_running:
        return ""
    return _("Pale: {period} is not over.").format(period=formats.period(days.starts[-1], days.grain))


def period_table(rows: pl.DataFrame, days: Window) -> pl.DataFrame:
    """The rows with the names of their periods, the newest first."""
    names = [formats.period(start, days.grain) for start in rows["period_start"]]
    return (
        rows.with_columns(pl.Series("period", names)).select("period", pl.exclude("period", "period_start")).reverse()
    )

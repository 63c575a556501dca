"""When each unit locked each accounting period; in the second quarter of 2026 the closing slipped."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, UNITS, random_stream
from pipeline.sample.working_time import bank_holidays

USUAL_DAYS = {"MTZ": 6, "SUL": 5, "NE": 6, "CO": 7}  # business days after the end of the period
SLIPPED_PERIODS = ("2026-04", "2026-05", "2026-06")
SLIPPED_DAYS = 6  # more than usual
STILL_OPEN = ("CO", "2026-10")


@cache
def closings_truth() -> pl.DataFrame:
    """One row a unit and period, with the local moment of its lock (null: still open at the as-of date)."""
    stream = random_stream("closings")
    rows = []
    ends = np.arange(np.datetime64(FIRST_DAY, "M") + 1, np.datetime64(AS_OF, "M") + 1).astype("datetime64[D]") - 1
    for end in ends:
        period = str(end)[:7]
        for unit in UNITS:
            days = USUAL_DAYS[unit] + int(stream.integers(-1, 2)) + SLIPPED_DAYS * (period in SLIPPED_PERIODS)
            locked = np.busday_offset(end, days, roll="backward", holidays=bank_holidays())
            minute = int(stream.integers(14 * 60, 20 * 60))
            moment = datetime.combine(locked.item(), time(minute // 60, minute % 60))
            rows.append((COMPANY, unit, period, end.item(), None if (unit, period) == STILL_OPEN else moment))
    return pl.DataFrame(
        rows,
        schema={"company": pl.String, "business_unit": pl.String, "period": pl.String, "period_end": pl.Date,
                "locked_at": pl.Datetime("ms")},
        orient="row",
    )  # fmt: skip


def closings_known(day: date) -> pl.DataFrame:
    """The contract's columns at the end of that day; a period appears when it has ended."""
    evening = datetime.combine(day + timedelta(days=1), time())
    return (
        closings_truth()
        .filter(pl.col("period_end") <= day)
        .with_columns(
            locked_at=pl.when(pl.col("locked_at") < evening).then("locked_at"),
            locked_by=pl.when(pl.col("locked_at") < evening).then(pl.lit("usr12")),
        )
        .drop("period_end")
    )

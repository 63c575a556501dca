"""What Aurora has to file with the tax authorities, when it was due and when it was filed.

The company was taxed by presumed profit until 2024 and is taxed by real profit since 2025. One person left in
June 2026: the filings of that month that were his came late, and one of them is still missing.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, UNITS, random_stream
from pipeline.sample.working_time import bank_holidays

REAL_PROFIT_FROM = date(2025, 1, 1)
LATE_SHARE = 0.035
GAP_MONTH = date(2026, 6, 1)
STILL_MISSING = (("EFD-Reinf", "2026-06"), ("GIA-ST", "2026-08"))
SHOWN_DAYS_AHEAD = 45  # the agenda shows what is due in the next weeks

# obligation: day of a following month on which it is due, months after the period, sphere, of each unit or the company
_MONTHLY = {
    "EFD ICMS/IPI": (20, 1, "Estadual", UNITS),
    "GIA-ST": (10, 1, "Estadual", ("SUL",)),
    "DCTFWeb": (28, 1, "Federal", ("MTZ",)),
    "EFD-Reinf": (15, 1, "Federal", ("MTZ",)),
    "EFD-Contribuições": (14, 2, "Federal", ("MTZ",)),
}
_YEARLY = {"ECD": (6, 30), "ECF": (7, 31)}


@cache
def filings_truth() -> pl.DataFrame:
    """One row a filing: due on a business day, `filed_date` null if it was not filed by the as-of date."""
    stream = random_stream("fiscal_filings")
    rows: list[dict[str, object]] = []
    for position in range(29):
        first = date(2024 + (5 + position) // 12, (5 + position) % 12 + 1, 1)
        for obligation, (day, months, sphere, units) in _MONTHLY.items():
            due = _business_day(_months_later(first, months).replace(day=day))
            rows += [_filing(stream, unit, obligation, f"{first:%Y-%m}", first, due, sphere) for unit in units]
    for year in (2024, 2025):
        for obligation, (month, day) in _YEARLY.items():
            due = _business_day(date(year + 1, month, day), back=True)
            rows.append(_filing(stream, "MTZ", obligation, str(year), date(year, 12, 1), due, "Federal"))
    return pl.DataFrame(rows, schema_overrides={"filed_date": pl.Date}, infer_schema_length=None).sort(
        "due_date", "obligation", "business_unit", maintain_order=True
    )


def _filing(
    stream: np.random.Generator, unit: str, obligation: str, period: str, first: date, due: date, sphere: str
) -> dict[str, object]:
    late, days, early = stream.random(3)
    filed: date | None = _business_day(due - timedelta(days=int(early * 7)), back=True)
    if first == GAP_MONTH and obligation in ("EFD-Reinf", "DCTFWeb", "EFD-Contribuições"):
        filed = due + timedelta(days=4 + int(days * 20))
    elif late < LATE_SHARE:
        filed = due + timedelta(days=1 + int(days * 12))
    if (obligation, period) in STILL_MISSING or (filed is not None and filed > AS_OF):
        filed = None
    return {
        "company": COMPANY,
        "business_unit": unit,
        "obligation": obligation,
        "period": period,
        "regime": "Lucro Real" if first >= REAL_PROFIT_FROM else "Lucro Presumido",
        "sphere": sphere,
        "due_date": due,
        "filed_date": filed,
        "receipt": None if filed is None else f"{filed:%y%j}{int(early * 1_000_000):06d}",
    }


def _months_later(first: date, months: int) -> date:
    position = first.year * 12 + first.month - 1 + months
    return date(position // 12, position % 12 + 1, 1)


@cache
def _closed_days() -> frozenset[date]:
    return frozenset(bank_holidays().tolist())


def _business_day(day: date, *, back: bool = False) -> date:
    while day.weekday() >= 5 or day in _closed_days():
        day += timedelta(days=-1 if back else 1)
    return day


def filings_known(day: date) -> pl.DataFrame:
    """The agenda as it stood on a day: what is due by then or soon, filed or not."""
    is_filed = pl.col("filed_date") <= day
    return (
        filings_truth()
        .filter(pl.col("due_date") <= day + timedelta(days=SHOWN_DAYS_AHEAD))
        .with_columns(pl.when(is_filed).then(name).alias(name) for name in ("filed_date", "receipt"))
    )

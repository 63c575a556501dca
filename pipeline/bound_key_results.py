"""Key results that name a KPI take their values from it: rolled up here, for a median cannot be summed in SQL.

dbt has built all KPIs; what they said of each cycle so far goes into the build as key_results.measured, and dbt builds
the objectives and their KPIs once more from it, with all their tests. So the SQL that scores objectives stays the one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from kpis.roll_up import values_so_far
from pipeline.progress import Narrator
from pipeline.published_kpis import components_of
from pipeline.published_tables import write_table

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

FIRST_MODEL = "fct_kpi_check_ins"
MEASURED = {
    "company": pl.String,
    "key_result_id": pl.String,
    "check_in_date": pl.Date,
    "value": pl.Float64,
}
BOUND = """
select
    key_results.company, key_results.key_result_id, key_results.kpi, key_results.kpi_business_unit, key_results.unit,
    objectives.cycle_start_date, objectives.cycle_end_date
from marts.fct_key_results as key_results
inner join marts.fct_objectives as objectives
    on objectives.company = key_results.company and objectives.objective_id = key_results.objective_id
where key_results.kpi is not null
order by key_results.company, key_results.key_result_id
"""


def measure_key_results(
    building: Path, catalogue: Mapping[str, Kpi], made_from_key_results: Sequence[str], as_of: date, narrator: Narrator
) -> bool:
    """Write key_results.measured into an unfinished build; returns whether any key result is measured by a KPI.

    `made_from_key_results` are KPIs that may measure none: they are made from them. What cannot be measured (an
    unknown KPI, a cycle that is no whole month, quarter or year) is said, and the key result stays where it started.
    """
    connection = duckdb.connect(str(building))
    try:
        bound = connection.sql(BOUND).pl()
        frames: list[pl.DataFrame] = []
        for (name, unit, first, last), rows in bound.group_by(
            ["kpi", "kpi_business_unit", "cycle_start_date", "cycle_end_date"], maintain_order=True
        ):
            kpi = catalogue.get(str(name))
            problem = _problem(kpi, str(name), made_from_key_results)
            values = pl.DataFrame(schema={"day": pl.Date, "value": pl.Float64})
            if kpi is not None and not problem:
                try:
                    days = check_in_days(first, last, as_of)
                    values = values_so_far(components_of(connection, kpi), kpi, unit, first, last, days)
                except ValueError as error:
                    problem = str(error)
            if problem:
                narrator.warn(f"  ! {', '.join(rows['key_result_id'])}: {problem}")
            if kpi is not None:
                frames.append(_check_ins(rows, values, kpi))
        connection.execute("create schema if not exists key_results")
        measured = pl.concat([pl.DataFrame(schema=MEASURED), *frames])
        write_table(connection, "key_results.measured", measured)
        return bound.height > 0
    finally:
        connection.close()


def check_in_days(first: Any, last: Any, as_of: date) -> list[date]:
    """Every Sunday of a cycle that is over, and its last day or today."""
    end = min(last, as_of)
    if end < first:
        return []
    sunday = first + timedelta(days=6 - first.weekday())
    sundays = [sunday + timedelta(weeks=week) for week in range((end - sunday).days // 7 + 1)] if sunday <= end else []
    return sorted({*sundays, end})


def _problem(kpi: Kpi | None, name: str, made_from_key_results: Sequence[str]) -> str:
    if kpi is None:
        return f'there is no KPI "{name}": list them with `retaguarda kpi --list`'
    if name in made_from_key_results:
        return f"{name} is made from key results and can measure none"
    return ""


def _check_ins(rows: pl.DataFrame, values: pl.DataFrame, kpi: Kpi) -> pl.DataFrame:
    """A check-in per key result and day. Percentages are fractions in KPIs; a key result in % counts to a hundred."""
    is_hundred = (kpi.unit == "percent") & (pl.col("unit").fill_null("") == "%")
    factor = pl.when(is_hundred).then(100.0).otherwise(1.0)
    return (
        rows.join(values, how="cross")
        .with_columns(check_in_date=pl.col("day"), value=pl.col("value") * factor)
        .select(list(MEASURED))
        .cast(MEASURED)  # type: ignore[arg-type]
    )

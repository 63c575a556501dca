"""Key results that a KPI measures: read on Sundays and the last day, in their own unit, and said when that fails."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from kpis.catalogue import load_catalogue
from pipeline.bound_key_results import check_in_days, measure_key_results
from pipeline.progress import Narrator
from pipeline.settings import PROJECT_ROOT

AS_OF = date(2026, 11, 20)


def test_days_on_which_a_kpi_is_read() -> None:
    first, last = date(2026, 10, 1), date(2026, 12, 31)
    days = check_in_days(first, last, date(2026, 10, 14))
    assert days == [date(2026, 10, 4), date(2026, 10, 11), date(2026, 10, 14)]
    assert check_in_days(first, last, date(2027, 3, 1))[-2:] == [date(2026, 12, 27), last]
    assert check_in_days(first, last, date(2026, 9, 30)) == []


@pytest.fixture
def building(tmp_path: Path) -> Path:
    path = tmp_path / "building.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create schema marts;
            create schema metrics;
            create table marts.fct_objectives as
            select '01' as company, 'o' as objective_id, date '2026-10-01' as cycle_start_date,
                date '2026-12-31' as cycle_end_date
            union all select '01', 'odd', date '2026-10-05', date '2026-12-31';
            create table marts.fct_key_results (
                company varchar, key_result_id varchar, objective_id varchar, kpi varchar, kpi_business_unit varchar,
                unit varchar
            );
            create table metrics.kpi_paid_late as
            select cast(day as date) as date_day, unit as business_unit, 'x' as category, 'no' as dispute,
                cast(case when unit = 'SUL' then 30 else 10 end as decimal(18, 4)) as numerator,
                cast(100 as decimal(18, 4)) as denominator, 100 as count_records
            from generate_series(date '2026-10-01', date '2026-11-20', interval 1 day) as days(day),
                (values ('SUL'), ('MTZ')) as units(unit);
        """)
    return path


def measured(path: Path, *rows: tuple[str | None, ...]) -> tuple[bool, dict[str, list[float]], Path]:
    with duckdb.connect(str(path)) as connection:
        connection.executemany("insert into marts.fct_key_results values (?, ?, ?, ?, ?, ?)", rows)
    bound = measure_key_results(path, load_catalogue(PROJECT_ROOT), ["okr_score"], AS_OF, Narrator())
    with duckdb.connect(str(path)) as connection:
        found = connection.execute(
            "select key_result_id, list(value order by check_in_date) from key_results.measured group by 1"
        ).fetchall()
    return bound, dict(found), path


def test_the_value_is_the_kpi_s_in_the_key_result_s_unit(building: Path) -> None:
    bound, found, path = measured(
        building,
        ("01", "south", "o", "paid_late", "SUL", "%"),
        ("01", "all", "o", "paid_late", None, "%"),
        ("01", "fraction", "o", "paid_late", "SUL", None),
        ("01", "by hand", "o", None, None, "%"),
    )
    assert bound
    assert found == {
        "south": pytest.approx([30.0] * 8),
        "all": pytest.approx([20.0] * 8),
        "fraction": pytest.approx([0.3] * 8),
    }
    with duckdb.connect(str(path)) as connection:
        last = connection.execute("select max(check_in_date) from key_results.measured").fetchone()
    assert last == (AS_OF,)


def test_what_cannot_be_measured_is_said(building: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bound, found, _ = measured(
        building,
        ("01", "misspelt", "o", "payed_late", None, "%"),
        ("01", "itself", "o", "okr_score", None, None),
        ("01", "odd cycle", "odd", "paid_late", None, "%"),
    )
    assert (bound, found) == (True, {})
    told = capsys.readouterr().err
    assert 'misspelt: there is no KPI "payed_late"' in told
    assert "itself: okr_score is made from key results" in told
    assert "odd cycle: 2026-10-05 to 2026-12-31 is no week, month, quarter or year" in told


def test_without_bound_key_results_nothing_is_built_again(building: Path) -> None:
    bound, found, _ = measured(building, ("01", "by hand", "o", None, None, "%"))
    assert (bound, found) == (False, {})

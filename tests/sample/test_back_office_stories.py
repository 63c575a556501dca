"""The planted stories of people, IT, legal and facilities must be found by the published KPIs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.sample.employee_records import WINTER_UNIT
from pipeline.sample.employees import TURNOVER_START, TURNOVER_UNIT
from pipeline.sample.facilities import SLIP_START, SLIP_UNIT
from pipeline.sample.legal import GRAVE_AMOUNT, GRAVE_CASE, GRAVE_DAY, NOTICE_CONTRACTS
from pipeline.sample.technology import FAILED_RELEASE

OTHER_UNITS = ("MTZ", "SUL", "CO")


@pytest.fixture(scope="module")
def published(published_copy: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(published_copy), read_only=True)
    yield connection
    connection.close()


def value(
    published: duckdb.DuckDBPyConnection,
    kpi: str,
    grain: str,
    start: date,
    dimension: str = "total",
    member: str = "total",
) -> float:
    """The one published value of a KPI, period and member."""
    rows = published.execute(
        "select value from kpi.kpi_values where kpi = ? and grain = ? and period_start = ? and dimension = ? "
        "and member = ?",
        [kpi, grain, start, dimension, member],
    ).fetchall()
    assert len(rows) == 1, f"{kpi} {grain} {start} {dimension} {member}: {len(rows)} rows"
    return rows[0][0]


def pooled(published: duckdb.DuckDBPyConnection, kpi: str, condition: str, *parameters: object) -> float:
    """Sum over sum of a KPI's components on the days and members of a condition."""
    return published.execute(
        f"select sum(numerator) / sum(denominator) from metrics.kpi_{kpi} where {condition}", list(parameters)
    ).fetchall()[0][0]


def test_people_leave_the_northeast(published: duckdb.DuckDBPyConnection) -> None:
    for start in (date(2026, 4, 1), date(2026, 7, 1)):
        here = value(published, "turnover", "quarter", start, "business_unit", TURNOVER_UNIT)
        assert here > 0.14
        for unit in OTHER_UNITS:
            assert value(published, "turnover", "quarter", start, "business_unit", unit) < 0.1, unit
    before = value(published, "turnover", "year", date(2025, 1, 1), "business_unit", TURNOVER_UNIT)
    assert before < 0.3
    asked, left = published.execute(
        "select sum(is_voluntary::int), count(*) from marts.fct_employees where business_unit = ? and leaving_date >= ?",
        [TURNOVER_UNIT, TURNOVER_START],
    ).fetchall()[0]
    assert asked > 0.6 * left


def test_two_turnover_formulas_give_two_numbers(published: duckdb.DuckDBPyConnection) -> None:
    for year in (2025, 2026):
        start = date(year, 1, 1)
        assert value(published, "turnover", "year", start) != value(published, "turnover_br", "year", start)


def test_headcount_rolls_over_every_month(published: duckdb.DuckDBPyConnection) -> None:
    broken = published.execute(
        "select date_day from (select date_day, sum(closing_headcount) as closing, "
        "sum(opening_headcount + admissions - leavers) as rolled, lag(sum(closing_headcount)) over (order by date_day) "
        "as before, sum(opening_headcount) as opening from marts.fct_headcount_days group by date_day) "
        "where closing <> rolled or opening <> before"
    ).fetchall()
    assert broken == []


def test_winter_weeks_of_the_south(published: duckdb.DuckDBPyConnection) -> None:
    is_winter = "((month(date_day) * 100 + day(date_day)) between 615 and 815)"
    for year in (2024, 2025, 2026):
        here = pooled(
            published, "absenteeism", f"business_unit = ? and year(date_day) = ? and {is_winter}", WINTER_UNIT, year
        )
        usual = pooled(
            published, "absenteeism", f"business_unit = ? and year(date_day) = ? and not {is_winter}", WINTER_UNIT, year
        )
        others = pooled(
            published, "absenteeism", f"business_unit <> ? and year(date_day) = ? and {is_winter}", WINTER_UNIT, year
        )
        assert here > 1.6 * usual, year
        assert here > 1.6 * others, year


def test_the_survey_tells_it_without_showing_anybody(published: duckdb.DuckDBPyConnection) -> None:
    after = value(published, "enps", "quarter", date(2026, 7, 1), "business_unit", TURNOVER_UNIT)
    before = value(published, "enps", "quarter", date(2026, 1, 1), "business_unit", TURNOVER_UNIT)
    assert after < -30 < 10 < before
    least = published.execute("select min(responses) from metrics.kpi_enps").fetchall()[0][0]
    assert least >= 5
    hidden = published.execute(
        "select count(*) from marts.fct_employee_survey_groups where business_unit = 'CO' and department = 'Administrativo'"
    ).fetchall()
    assert hidden == [(0,)]


def test_no_name_no_cpf_and_no_salary_is_published(published: duckdb.DuckDBPyConnection) -> None:
    columns = published.execute(
        "select table_name, column_name from information_schema.columns where table_schema in ('marts', 'metrics')"
    ).fetchall()
    people = {column for table, column in columns if table in ("fct_employees", "fct_absences", "fct_vacations")}
    assert people
    assert not people & {"name", "tax_id", "kind", "gross_pay_brl"}
    assert not any(table == "fct_payroll" for table, _ in columns)
    names = published.execute("select employee from marts.fct_employees").fetchall()
    assert all(name.startswith("…") for (name,) in names)


def test_a_failed_release_and_what_follows(published: duckdb.DuckDBPyConnection) -> None:
    before = pooled(published, "change_failure_rate", "date_day < ?", FAILED_RELEASE)
    after = pooled(published, "change_failure_rate", "date_day >= ?", FAILED_RELEASE)
    assert before < 0.13
    assert after > 0.3
    signals = published.execute(
        "select count(*) from kpi.kpi_signals where kpi = 'change_failure_rate' and grain = 'month' "
        "and dimension = 'total' and period_start >= date '2026-07-01' and rule is not null and direction = 'worse'"
    ).fetchall()[0][0]
    assert signals > 0
    july, june = (value(published, "availability", "month", date(2026, month, 1)) for month in (7, 6))
    assert july < 0.99 < 0.995 < june
    mean_down = (
        "select avg(minutes_down) from marts.fct_incidents where not is_planned_maintenance and change_id is not null "
        "and title is distinct from 'ERP: versão 12' and down_date "
    ).replace("and title is distinct from 'ERP: versão 12' ", "and minutes_down < 2000 ")
    worse = published.execute(mean_down + ">= ?", [FAILED_RELEASE]).fetchall()[0][0]
    assert worse > 1.3 * published.execute(mean_down + "< ?", [FAILED_RELEASE]).fetchall()[0][0]


def test_maintenance_announced_too_late_is_an_incident(published: duckdb.DuckDBPyConnection) -> None:
    counts = published.execute(
        "select count(*) from marts.fct_incidents where not is_planned_maintenance "
        "and severity = 'low' and hour(local_from) = 2 and dayofweek(down_date) = 0"
    ).fetchall()
    assert counts[0][0] >= 6
    still_down = published.execute("select service_id from marts.fct_incidents where is_open").fetchall()
    assert still_down == [("WMS-NE",)]


def test_the_notice_date_comes_before_the_end(published: duckdb.DuckDBPyConnection) -> None:
    november = value(published, "contracts_expiring", "month", date(2026, 11, 1), "notice_window", "within_30")
    october = value(published, "contracts_expiring", "month", date(2026, 10, 1), "notice_window", "from_31_to_60")
    assert november >= NOTICE_CONTRACTS
    assert october >= NOTICE_CONTRACTS
    assert value(published, "contracts_expiring", "month", date(2026, 8, 1), "notice_window", "within_30") < 10


def test_the_grave_case_keeps_its_past(published: duckdb.DuckDBPyConnection) -> None:
    spells = published.execute(
        "select loss_class, from_date, to_date, cast(known_from as date) from marts.fct_lawsuit_spells "
        "where lawsuit_id = ? order by from_date",
        [GRAVE_CASE],
    ).fetchall()
    assert [spell[0] for spell in spells] == ["possible", "probable"]
    assert spells[1][1] == GRAVE_DAY
    # told by the export of 30 September, whose last minute is 1 October in UTC
    assert date(2026, 9, 30) <= spells[1][3] <= date(2026, 10, 1)

    def probable(month: int) -> float:
        return value(published, "litigation_exposure", "month", date(2026, month, 1), "loss_class", "probable")

    assert probable(9) - probable(8) > 0.9 * GRAVE_AMOUNT / 100


def test_classes_of_the_lawsuits_change_between_exports(published: duckdb.DuckDBPyConnection) -> None:
    changed = published.execute(
        "select count(*) from (select lawsuit_id from marts.fct_lawsuit_spells where loss_class <> 'unclassified' "
        "group by lawsuit_id having count(distinct loss_class) > 1)"
    ).fetchall()[0][0]
    assert changed >= 8


def test_maintenance_slips_in_the_centre_west(published: duckdb.DuckDBPyConnection) -> None:
    def compliance(condition: str) -> float:
        return pooled(published, "maintenance_compliance", condition, SLIP_UNIT, SLIP_START)

    assert compliance("business_unit = ? and date_day < ?") > 0.85
    assert compliance("business_unit = ? and date_day >= ?") < 0.4
    assert compliance("business_unit <> ? and date_day >= ?") > 0.85


def test_vacancies_are_open_and_some_were_given_up(published: duckdb.DuckDBPyConnection) -> None:
    counts = published.execute(
        "select sum(is_open::int), sum((cancelled_date is not null)::int), count(*) from marts.fct_requisitions"
    ).fetchall()[0]
    assert counts[0] >= 5
    assert counts[1] >= 5
    overdue = value(published, "overdue_vacation", "month", date(2026, 7, 1))
    assert 0 < overdue < 0.06


def test_bad_rows_are_quarantined_and_nothing_else(published: duckdb.DuckDBPyConnection) -> None:
    found = published.execute(
        "select table_name, count(distinct (file_id, line)) from meta.quarantine "
        "where source in ('people', 'it', 'legal', 'facilities') or table_name = 'employee_survey' group by all"
    ).fetchall()
    planted = {"absences": 2, "incidents": 1, "contracts": 1, "maintenance_orders": 1}
    assert {name.split(".")[-1]: count for name, count in found} == planted


def test_vacations_recorded_as_absences_cost_no_hours(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("select count(*), sum(lost_hours) from marts.fct_absences where not is_absence").fetchall()
    assert rows[0][0] >= 30
    assert rows[0][1] == 0

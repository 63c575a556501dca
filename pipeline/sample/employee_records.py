"""What is recorded of the employees: absences, trainings, payroll and vacations.

In the winter weeks (15 June to 15 August) of every year people of the unit SUL are ill much more often.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, FIRST_DAY, random_stream
from pipeline.sample.employees import people_truth
from pipeline.sample.working_time import banking_days

WINTER_UNIT, WINTER_FIRST, WINTER_LAST = "SUL", (6, 15), (8, 15)
WINTER_FACTOR = 3.4
COURSES = (
    ("Segurança em empilhadeiras (NR-11)", 8.0, True), ("Integração", 6.0, True), ("Atendimento ao cliente", 12.0, False),
    ("Planilhas e indicadores", 16.0, False), ("LGPD para todos", 4.0, True), ("Liderança", 24.0, False),
)  # fmt: skip
_ABSENCES = (
    "Atestado médico",
    "Atraso",
    "Falta injustificada",
    "Licença legal",
    "Acidente de trabalho",
    "Banco de horas",
)
_ABSENCE_CHANCES = (0.0150, 0.0045, 0.0030, 0.0022, 0.0003, 0.0020)
_BASE_PAY = {"Logística": 2_300, "Comercial": 3_100, "Administrativo": 2_500, "Financeiro": 4_600, "TI": 6_200}
_KEY = ("company", "business_unit", "employee_id")


@cache
def absences_truth() -> pl.DataFrame:
    """One row an employee and day with hours not worked; some vacations are recorded here too, as clerks do."""
    stream = random_stream("absences")
    people = people_truth()[0]
    rows: list[dict[str, object]] = []
    for day in banking_days(FIRST_DAY, AS_OF).astype(object):
        present = people.filter(
            (pl.col("admission_date") <= day) & (pl.col("leaving_date").is_null() | (pl.col("leaving_date") > day))
        )
        is_winter = WINTER_FIRST <= (day.month, day.day) <= WINTER_LAST
        chances = np.tile(np.array(_ABSENCE_CHANCES), (present.height, 1))
        if is_winter:
            chances[(present["business_unit"] == WINTER_UNIT).to_numpy(), 0] *= WINTER_FACTOR
        draw = stream.random(present.height)
        kinds = (draw[:, None] >= np.cumsum(chances, axis=1)).sum(axis=1)
        for position in np.flatnonzero(kinds < len(_ABSENCES)).tolist():
            person = present.row(position, named=True)
            kind = _ABSENCES[kinds[position]]
            whole = person["weekly_hours"] / 5
            hours = round(float(stream.uniform(0.5, 3.0)), 1) if kind == "Atraso" else whole
            rows.append({name: person[name] for name in _KEY} | {"absence_date": day, "hours": hours, "kind": kind})
    vacation_days = banking_days(date(2026, 1, 5), date(2026, 1, 16)).astype(object)
    rows += [
        {name: person[name] for name in _KEY} | {"absence_date": day, "hours": 8.0, "kind": "Férias"}
        for person in people.filter(pl.col("department") == "Financeiro").head(3).iter_rows(named=True)
        for day in vacation_days
    ]
    absences = pl.DataFrame(rows).sort("absence_date", "employee_id")
    return absences.select(
        "company",
        "business_unit",
        pl.format("A{}", pl.int_range(pl.len()) + 50_001).alias("absence_id"),
        "employee_id",
        "absence_date",
        "hours",
        "kind",
    )


@cache
def trainings_truth() -> pl.DataFrame:
    """About seven hours an employee and year, in classes of a department."""
    stream = random_stream("trainings")
    people = people_truth()[0]
    rows: list[dict[str, object]] = []
    for number, day in enumerate(banking_days(FIRST_DAY, AS_OF).astype(object)[::13]):
        title, hours, is_mandatory = COURSES[int(stream.integers(len(COURSES)))]
        department = str(stream.choice(("Logística", "Comercial", "Administrativo", "Financeiro", "TI")))
        present = people.filter(
            (pl.col("department") == department)
            & (pl.col("admission_date") <= day)
            & (pl.col("leaving_date").is_null() | (pl.col("leaving_date") > day))
        )
        attended = present.filter(pl.Series(stream.random(present.height) < 0.45))
        rows += [
            {name: person[name] for name in _KEY[:2]}
            | {
                "training_id": f"T{number + 1:03d}",
                "employee_id": person["employee_id"],
                "title": title,
                "training_date": day,
                "hours": hours,
                "mandatory": is_mandatory,
            }
            for person in attended.iter_rows(named=True)
        ]
    return pl.DataFrame(rows)


@cache
def payroll_truth() -> pl.DataFrame:
    """One row an employee, month and run: pay by days employed, a rise of 5 % every May, half a 13th in November and
    in December. ``paid_on`` is the last day of the month (the 30th of November for the first half of the 13th)."""
    stream = random_stream("payroll")
    people = people_truth()[0].filter(pl.col("employment_kind") != "PJ")
    spread = np.exp(stream.normal(0, 0.22, people.height))
    rows: list[dict[str, object]] = []
    for person, factor in zip(people.iter_rows(named=True), spread.tolist(), strict=True):
        hours = {"Aprendiz": 0.45, "Estagiário": 0.5}.get(person["employment_kind"], 1.0)
        for month in _months():
            first, last = month, month.replace(day=monthrange(month.year, month.month)[1])
            left = person["leaving_date"] or date.max
            days = (min(last, left) - max(first, person["admission_date"])).days + 1
            if days <= 0:
                continue
            rises = month.year - 2024 + (month.month >= 5) - 1
            full = round(_BASE_PAY[person["department"]] * hours * factor * 1.05**rises, 2)
            gross = round(full * 100 * days / last.day)
            benefits = round(78_000 * days / last.day)
            runs = [("Mensal", gross, benefits)]
            if month.month in (11, 12) and left > last:
                runs.append(("13º Salário", round(full * 50), 0))
            rows += [
                {name: person[name] for name in _KEY}
                | {
                    "month": f"{month:%Y-%m}",
                    "run": run,
                    "gross_pay_brl": pay,
                    "charges_brl": round(pay * 0.362),
                    "benefits_brl": benefit,
                    "paid_on": last,
                }
                for run, pay, benefit in runs
            ]
    return pl.DataFrame(rows).sort("month", "employee_id", "run")


def _months() -> list[date]:
    return [date(year, month, 1) for year in (2024, 2025, 2026) for month in range(1, 13)
            if date(2024, 6, 1) <= date(year, month, 1) <= AS_OF]  # fmt: skip


@cache
def vacations_truth() -> pl.DataFrame:
    """One row an employee and accrual period: 30 days within the twelve months after it, for a few of them not."""
    stream = random_stream("vacations")
    rows: list[dict[str, object]] = []
    people = people_truth()[0].filter(pl.col("employment_kind").is_in(["CLT", "Aprendiz"]))
    for person in people.iter_rows(named=True):
        start = person["admission_date"]
        while True:
            end, limit = _years_later(start, 1) - timedelta(days=1), _years_later(start, 2) - timedelta(days=1)
            if end > AS_OF or end > (person["leaving_date"] or date.max):
                break
            if limit >= FIRST_DAY:
                is_late = stream.random() < 0.1
                sold = 10 if stream.random() < 0.25 else 0
                days = int(stream.integers(370, 480)) if is_late else int(stream.integers(40, 335))
                rows.append(
                    {name: person[name] for name in _KEY}
                    | {
                        "accrual_start_date": start,
                        "accrual_end_date": end,
                        "limit_date": limit,
                        "entitled_days": 30,
                        "sold_days": sold,
                        "taken_days": 30 - sold,
                        "last_day_taken": end + timedelta(days=days),
                        "left": person["leaving_date"],
                    }
                )
            start = _years_later(start, 1)
    return pl.DataFrame(rows, infer_schema_length=None).sort("accrual_start_date", "employee_id")


def _years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def absences_known(day: date) -> pl.DataFrame:
    """The absences up to that day."""
    return absences_truth().filter(pl.col("absence_date") <= day)


def trainings_known(day: date) -> pl.DataFrame:
    """The trainings held up to that day."""
    return trainings_truth().filter(pl.col("training_date") <= day)


def payroll_known(day: date) -> pl.DataFrame:
    """The payrolls of the months that were over on that day."""
    return payroll_truth().filter(pl.col("paid_on") <= day).drop("paid_on")


def vacations_known(day: date) -> pl.DataFrame:
    """The accrual periods that were over on that day, with the vacation taken by then."""
    was_taken = (pl.col("last_day_taken") <= day) & (
        pl.col("left").is_null() | (pl.col("last_day_taken") < pl.col("left"))
    )
    return vacations_truth().filter(pl.col("accrual_end_date") <= day).with_columns(
        pl.when(was_taken).then("sold_days").otherwise(0).alias("sold_days"),
        pl.when(was_taken).then("taken_days").otherwise(0).alias("taken_days"),
        pl.when(was_taken).then("last_day_taken").alias("last_day_taken"),
    ).drop("left")  # fmt: skip

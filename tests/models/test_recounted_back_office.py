"""KPIs of people, IT, legal and facilities counted again from raw: person by person, minute by minute."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.models.recounting import Rows, Store, local

pytestmark = pytest.mark.slow


class Published(Store):
    """With the days on which banks are closed."""

    def __init__(self, data: Path, published_copy: Path) -> None:
        super().__init__(data, published_copy)
        self.closed = {
            row["date_day"] for row in self.rows("select date_day from marts.dim_dates where not is_banking_day")
        }


@pytest.fixture(scope="module")
def published(demo_data: Path, published_copy: Path) -> Iterator[Published]:
    with Published(demo_data, published_copy) as opened:
        yield opened


def counted(published: Published) -> Rows:
    """The people of the headcount."""
    return [row for row in published.known("people.employees") if row["employment_kind"] in ("employee", "apprentice")]


def test_headcount_and_leavers_person_by_person(published: Published) -> None:
    people = counted(published)
    kpi = {
        (row["date_day"], row["business_unit"]): (row["flow"], row["balance"])
        for row in published.rows(
            "select date_day, business_unit, sum(flow) as flow, sum(balance) as balance from metrics.kpi_turnover "
            "group by all"
        )
    }
    assert min(day for day, _ in kpi) == date(2024, 6, 1)
    for day, unit in random.Random(11).sample(sorted(kpi), 200):
        here = [row for row in people if row["business_unit"] == unit]
        employed = sum(
            row["admission_date"] <= day and (row["leaving_date"] is None or row["leaving_date"] > day) for row in here
        )
        assert kpi[day, unit] == (sum(row["leaving_date"] == day for row in here), employed), (day, unit)


def test_hours_lost_person_by_person(published: Published) -> None:
    people = {row["employee_id"]: row for row in counted(published)}
    lost: dict[tuple[str, date], Decimal] = {}
    for absence in published.known("people.absences"):
        person = people.get(absence["employee_id"])
        day = absence["absence_date"]
        if person is None or day in published.closed or absence["kind"] in ("vacation", "time_in_lieu"):
            continue
        if person["admission_date"] <= day <= (person["leaving_date"] or day):
            key = (absence["employee_id"], day)
            lost[key] = min(lost.get(key, Decimal(0)) + absence["hours"], person["weekly_hours"] / 5)
    total = published.rows("select sum(numerator) as lost, sum(denominator) as contracted from metrics.kpi_absenteeism")
    assert total[0]["lost"] == sum(lost.values())
    contracted = Decimal(0)
    day = date(2024, 6, 1)
    while day <= published.today:
        if day not in published.closed:
            contracted += sum(
                row["weekly_hours"]
                for row in people.values()
                if row["admission_date"] <= day <= (row["leaving_date"] or day)
            )
        day += timedelta(days=1)
    assert total[0]["contracted"] == contracted / 5


def test_overdue_vacations_person_by_person(published: Published) -> None:
    people = {row["employee_id"]: row for row in counted(published)}
    kpi = published.rows("select date_day, sum(numerator) as overdue from metrics.kpi_overdue_vacation group by all")
    periods = published.known("people.vacations")
    for row in random.Random(11).sample(kpi, 120):
        day = row["date_day"]
        overdue = set()
        for period in periods:
            person = people.get(period["employee_id"])
            if person is None or day <= period["limit_date"] or (person["leaving_date"] or date.max) <= day:
                continue
            is_whole = period["taken_days"] + period["sold_days"] >= period["entitled_days"]
            if not (is_whole and period["last_day_taken"] and period["last_day_taken"] <= day):
                overdue.add(period["employee_id"])
        assert row["overdue"] == len(overdue), day


def test_employee_survey_counted_from_raw(published: Published) -> None:
    """All groups together are everybody's last answers: nothing was lost by hiding the small ones."""
    waves: dict[str, dict[str, tuple[datetime, int]]] = {}
    for row in published.known("surveys.employee_survey"):
        if row["score"] is None:
            continue
        answers = waves.setdefault(row["wave"], {})
        if row["respondent_id"] not in answers or answers[row["respondent_id"]][0] < row["answered_at"]:
            answers[row["respondent_id"]] = (row["answered_at"], row["score"])
    expected = {
        max(local(at).date() for at, _ in answers.values()): (
            sum(score >= 9 for _, score in answers.values()),
            sum(score <= 6 for _, score in answers.values()),
            len(answers),
        )
        for answers in waves.values()
    }
    kpi = published.rows(
        "select date_day, sum(promoters) as p, sum(detractors) as d, sum(responses) as n from metrics.kpi_enps group by all"
    )
    assert {row["date_day"]: (row["p"], row["d"], row["n"]) for row in kpi} == expected


def test_availability_minute_by_minute(published: Published) -> None:
    services = {row["service_id"]: row for row in published.known("it.services")}
    incidents = published.known("it.incidents")
    facts = published.rows(
        "select * from marts.fct_service_days where date_day < (select max(date_day) from marts.fct_service_days)"
    )
    eventful = [row for row in facts if row["down_minutes"] or row["planned_minutes"]]
    for fact in random.Random(11).sample(eventful, 80) + random.Random(12).sample(facts, 20):
        service = services[fact["service_id"]]
        midnight = datetime.combine(fact["date_day"], datetime.min.time())
        first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (service["agreed_from"], service["agreed_to"]))
        planned: set[int] = set()
        down: set[int] = set()
        for incident in incidents:
            if incident["service_id"] != fact["service_id"]:
                continue
            end = local(incident["down_to"] or published.as_of)
            start = local(incident["down_from"])
            begin = (start - midnight) // timedelta(minutes=1)
            finish = (end - midnight) // timedelta(minutes=1)
            minutes = range(max(first, begin), min(last, finish))
            is_announced = incident["announced_at"] is None or incident["announced_at"] <= incident["down_from"]
            (planned if incident["planned"] and is_announced else down).update(minutes)
        assert fact["agreed_minutes"] == last - first
        assert fact["planned_minutes"] == len(planned)
        assert fact["down_minutes"] == len(down - planned)


def test_exposure_by_the_versions_of_each_lawsuit(published: Published) -> None:
    """The class of a day: of the versions that speak of it, the one told last; before the first, not classified."""
    versions: dict[str, Rows] = {}
    for row in published.raw(f"select * from legal.lawsuits where _valid_from <= timestamp '{published.as_of}'"):
        versions.setdefault(row["lawsuit_id"], []).append(row)
    for history in versions.values():
        history.sort(key=lambda row: row["_valid_from"])
    days = published.rows("select distinct date_day from metrics.kpi_litigation_exposure order by 1")
    for day in (row["date_day"] for row in random.Random(11).sample(days, 60)):
        expected: dict[str, Decimal] = {}
        for history in versions.values():
            if history[-1]["filed_date"] > day or (history[-1]["closed_date"] or date.max) <= day:
                continue
            found = None
            for place, version in enumerate(history):
                before = history[place - 1] if place else None
                since = max(version["class_changed_date"], version["filed_date"])
                same = ("class", "class_changed_date")
                if before is not None and all(version[name] == before[name] for name in same):
                    since = max(since, local(version["_valid_from"]).date())
                if since <= day:
                    found = version
            name = found["class"] if found else "unclassified"
            expected[name] = expected.get(name, Decimal(0)) + (found or history[0])["amount_brl"]
        kpi = published.rows(
            f"select loss_class, sum(numerator) as amount from metrics.kpi_litigation_exposure "
            f"where date_day = date '{day}' group by all having sum(count_records) > 0"
        )
        assert {row["loss_class"]: row["amount"] for row in kpi} == expected, day


def test_maintenance_within_a_tenth(published: Published) -> None:
    expected: dict[str, list[int]] = {}
    for order in published.known("facilities.maintenance_orders"):
        due, done = order["due_date"], order["done_date"]
        grace = Fraction(order["interval_days"], 10)
        # the sample's moment is the end of a day: that day is over
        if order["status"] == "cancelled" or due > published.today:
            continue
        if done is None and order["status"] != "skipped" and (published.today - due).days <= grace:
            continue
        part = expected.setdefault(order["business_unit"], [0, 0])
        part[0] += done is not None and abs((done - due).days) <= grace
        part[1] += 1
    kpi = published.rows(
        "select business_unit, sum(numerator) as n, sum(denominator) as d from metrics.kpi_maintenance_compliance group by all"
    )
    assert {row["business_unit"]: [row["n"], row["d"]] for row in kpi} == expected


def test_backlog_ticket_by_ticket(published: Published) -> None:
    tickets = [row for row in published.known("helpdesk.tickets") if row["status"] != "cancelled"]
    kpi = published.rows("select date_day, sum(numerator) as open from metrics.kpi_ticket_backlog group by all")
    for row in random.Random(11).sample(kpi, 60):
        day = row["date_day"]
        still = sum(
            local(ticket["opened_at"]).date() <= day
            and (ticket["resolved_at"] is None or local(ticket["resolved_at"]).date() > day)
            for ticket in tickets
        )
        assert row["open"] == still, day

"""KPIs counted again from raw by other, slower means: minute by minute, row by row. Both must agree exactly."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.models.recounting import Store, local

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def published(demo_data: Path, published_copy: Path) -> Iterator[Store]:
    with Store(demo_data, published_copy) as opened:
        yield opened


def business_minutes(start: datetime, end: datetime, waits: list[tuple[datetime, datetime]], closed: set[date]) -> int:
    """Count every minute from 09:00 to 17:00 on a day that is not closed and not within a wait."""
    counted, minute, end = 0, start.replace(second=0), end.replace(second=0)
    while minute < end:
        if minute.hour >= 17 or minute.date() in closed:
            minute = (minute + timedelta(days=1)).replace(hour=9, minute=0)
        elif minute.hour < 9:
            minute = minute.replace(hour=9, minute=0)
        else:
            counted += not any(begin <= minute < finish for begin, finish in waits)
            minute += MINUTE
    return counted


def test_business_minutes_of_tickets_counted_one_by_one(published: Store) -> None:
    closed = {
        row["date_day"] for row in published.rows("select date_day from marts.dim_dates where not is_banking_day")
    }
    facts = {row["ticket_id"]: row for row in published.rows("select * from marts.fct_tickets")}
    events: dict[str, list[tuple[datetime, str]]] = {}
    for row in sorted(published.known("helpdesk.ticket_events"), key=lambda row: row["event_at"]):
        events.setdefault(row["ticket_id"], []).append((local(row["event_at"]), row["event"]))

    tickets = sorted(published.known("helpdesk.tickets"), key=lambda row: row["ticket_id"])
    waiting = [row for row in tickets if row["ticket_id"] in events]
    sample = random.Random(7)
    chosen = (
        sample.sample(tickets, 150) + sample.sample(waiting, 50) + [row for row in tickets if not row["resolved_at"]]
    )
    now = local(published.as_of)
    for ticket in chosen:
        fact = facts[ticket["ticket_id"]]
        if ticket["status"] == "cancelled":
            assert fact["business_minutes_elapsed"] is None
            continue
        history = events.get(ticket["ticket_id"], [])
        waits = [
            (at.replace(second=0), next((end for end, what in history[place + 1:] if what != "assigned"
                                         and what != "waiting_started"), now).replace(second=0))
            for place, (at, event) in enumerate(history) if event == "waiting_started"
        ]  # fmt: skip
        opened = local(ticket["opened_at"])
        resolved = local(ticket["resolved_at"]) if ticket["resolved_at"] else None
        replied = local(ticket["first_reply_at"]) if ticket["first_reply_at"] else resolved
        assert fact["business_minutes_elapsed"] == business_minutes(opened, resolved or now, waits, closed)
        expected = business_minutes(opened, min(replied, resolved or replied), waits, closed) if replied else None
        assert fact["business_minutes_to_first_reply"] == expected, ticket["ticket_id"]


def test_net_promoter_components_counted_from_raw(published: Store) -> None:
    last: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in published.known("surveys.nps_responses"):
        if row["score"] is None or row["answered_at"] is None:
            continue
        key = (row["company"], row["wave"], row["respondent_id"])
        order = (row["answered_at"], row["sent_at"], row["response_id"])
        if key not in last or order > last[key]["order"]:
            last[key] = {"order": order, "score": row["score"], "day": local(row["answered_at"]).date()}
    counted: dict[date, list[int]] = {}
    for answer in last.values():
        parts = counted.setdefault(answer["day"], [0, 0, 0])
        parts[0] += answer["score"] >= 9
        parts[1] += answer["score"] <= 6
        parts[2] += 1
    kpi = published.rows(
        "select date_day, sum(promoters) as p, sum(detractors) as d, sum(responses) as n "
        "from metrics.kpi_nps group by date_day"
    )
    assert {row["date_day"]: [row["p"], row["d"], row["n"]] for row in kpi} == counted


def test_objective_scores_counted_from_raw(published: Store) -> None:
    objectives = {row["objective_id"]: row for row in published.known("strategy.objectives")}
    key_results = published.known("strategy.key_results")
    by_kpi = {row["key_result_id"] for row in key_results if row["kpi"]}
    check_ins = [row for row in published.known("strategy.check_ins") if row["key_result_id"] not in by_kpi]
    check_ins += published.rows("select key_result_id, check_in_date, value from marts.fct_kpi_check_ins")
    assert {row["key_result_id"] for row in check_ins} >= by_kpi > set()
    facts = {
        (row["objective_id"], row["date_day"]): row["score"]
        for row in published.rows("select objective_id, date_day, score from marts.fct_objective_days")
    }
    for objective_id, day in random.Random(7).sample(sorted(facts), 60):
        objective = objectives[objective_id]
        assert objective["cycle_start_date"] <= day <= objective["cycle_end_date"]
        total = weights = Fraction(0)
        for result in key_results:
            if result["objective_id"] != objective_id:
                continue
            known = [
                (check["check_in_date"], check["value"])
                for check in check_ins
                if check["key_result_id"] == result["key_result_id"] and check["check_in_date"] <= day
            ]
            value = max(known)[1] if known else result["start_value"]
            way = Fraction(result["target_value"]) - Fraction(result["start_value"])
            progress = (Fraction(value) - Fraction(result["start_value"])) / way
            total += Fraction(result["weight"]) * min(Fraction(1), max(Fraction(0), progress))
            weights += Fraction(result["weight"])
        assert float(facts[objective_id, day]) == pytest.approx(float(total / weights), abs=2e-6)


def test_roi_components_counted_from_raw(published: Store) -> None:
    parts: dict[str, list[Decimal]] = {}
    for flow in published.known("investments.project_cash_flows"):
        if flow["scenario"] == "realised" and flow["flow_date"] <= published.today:
            part = parts.setdefault(flow["project_id"], [Decimal(0), Decimal(0)])
            part[flow["nature"] == "cost"] += flow["amount_brl"]
    kpi = published.rows(
        f"select project, numerator, denominator from metrics.kpi_roi where date_day = date '{published.today}'"
    )
    expected = {project: (benefit - cost, cost) for project, (benefit, cost) in parts.items()}
    assert {row["project"]: (row["numerator"], row["denominator"]) for row in kpi} == expected

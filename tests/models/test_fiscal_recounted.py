"""Fiscal KPIs counted again from raw, row by row in Python: both must agree exactly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.models.recounting import Store, local

pytestmark = pytest.mark.slow

Key = tuple[date, str]


def plain(tax_id: str) -> str:
    """A tax number without its marks."""
    return "".join(filter(str.isalnum, tax_id))


class Documents(Store):
    """With the documents of the units."""

    def published(self, kpi: str) -> dict[Key, tuple[int, int]]:
        """Numerator and denominator of a KPI by day and unit."""
        rows = self.serving.execute(
            f"select date_day, business_unit, sum(numerator), sum(denominator) from metrics.kpi_{kpi} group by all"
        ).fetchall()
        return {(day, unit): (int(part), int(whole)) for day, unit, part, whole in rows}

    def notes(self) -> dict[str, dict[str, Any]]:
        """Authorised documents of production by access key, with `unit` where a unit of ours issued them."""
        units = {
            plain(row["tax_id"]): row["business_unit"]
            for row in self.known("organisation.business_units")
            if row["tax_id"]
        }
        return {
            row["access_key"]: row | {"unit": units.get(row["issuer_tax_id"])}
            for row in self.known("fiscal.fiscal_documents")
            if row["status_code"] in ("100", "150") and row["protocol"] != "none" and row["environment"] == "production"
        }

    def cancellations(self) -> dict[str, datetime]:
        """When the first registered cancellation of each document was registered."""
        found: dict[str, datetime] = {}
        for row in self.known("fiscal.fiscal_events"):
            if row["event_type"] in ("110111", "110112") and row["status_code"] in ("135", "136", "155"):
                moment = row["registered_at"]
                found[row["access_key"]] = min(moment, found.get(row["access_key"], moment))
        return found


@pytest.fixture(scope="module")
def store(demo_data: Path, published_copy: Path) -> Iterator[Documents]:
    with Documents(demo_data, published_copy) as opened:
        yield opened


def test_rejections_one_by_one(store: Documents) -> None:
    counted: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for row in store.known("fiscal.fiscal_transmissions"):
        code = row["status_code"]
        is_verdict = code in ("100", "150", "110") or (code or "") >= "200"
        if row["environment"] == "production" and row["service"] == "authorisation" and is_verdict:
            sums = counted[local(row["sent_at"]).date(), row["business_unit"]]
            sums[0] += code >= "200" and code not in ("301", "302", "303")
            sums[1] += 1
    assert store.published("nfe_rejection_rate") == {key: tuple(sums) for key, sums in counted.items()}
    assert sum(part for part, _ in counted.values()) > 100


def test_cancellations_one_by_one(store: Documents) -> None:
    cancellations = store.cancellations()
    counted: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, note in store.notes().items():
        if note["unit"]:
            sums = counted[local(note["authorised_at"]).date(), note["unit"]]
            sums[0] += key in cancellations
            sums[1] += key in cancellations and cancellations[key] - note["authorised_at"] >= timedelta(
                hours=24, minutes=1
            )
            sums[2] += 1
    everything = {key: (sums[0], sums[2]) for key, sums in counted.items()}
    assert store.published("nfe_cancellation_rate") == everything
    late = {key: (sums[1], sums[2]) for key, sums in counted.items()}
    assert store.published("nfe_late_cancellation_rate") == late


def test_waits_for_a_note_minute_by_minute(store: Documents) -> None:
    cancelled = store.cancellations()
    notes = {
        (note["unit"], f"{note['number']}-{note['series']}"): note["authorised_at"]
        for key, note in store.notes().items()
        if note["unit"] and note["direction"] == "exit" and key not in cancelled
    }
    finished: Counter[Key] = Counter()
    minutes: Counter[Key] = Counter()
    for row in store.known("logistics.shipments"):
        if row["shipped_at"] is None or row["shipped_at"] > store.as_of:
            continue
        unit, start = row["business_unit"], local(row["shipped_at"])
        moment = notes.get((unit, row["invoice_number"]))
        end = local(moment or store.as_of)
        if moment is not None:
            finished[end.date(), unit] += 1
        whole = (end - start) // timedelta(minutes=1)
        for minute in range(whole):
            # the minute belongs to the day on which it ends, midnight being still the day before
            ended = start + timedelta(minutes=minute + 1)
            day = (ended - timedelta(microseconds=1)).date() if ended.time() == datetime.min.time() else ended.date()
            minutes[day, unit] += 1
    found = store.serving.execute(
        "select date_day, business_unit, coalesce(sum(cases) filter (where is_finished), 0), "
        "sum(cases * (exit_age - entry_age)) from metrics.kpi_invoice_delay group by all"
    ).fetchall()
    assert {(day, unit): count for day, unit, count, _ in found if count} == dict(finished)
    # A case that finishes before it has aged a minute on that day is at risk for one minute all the same.
    at_risk = {(day, unit): passed for day, unit, _, passed in found}
    assert all(0 <= at_risk[key] - minutes[key] <= finished[key] for key in at_risk)
    assert sum(at_risk.values()) - sum(minutes.values()) < 10


def test_filings_one_by_one(store: Documents) -> None:
    today = local(store.as_of)
    last = today.date() if today.strftime("%H:%M") == "23:59" else today.date() - timedelta(days=1)
    counted: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for row in store.known("fiscal.tax_filings"):
        if row["due_date"] <= last:
            sums = counted[row["due_date"], row["business_unit"]]
            sums[0] += row["filed_date"] is not None and row["filed_date"] <= row["due_date"]
            sums[1] += 1
    assert store.published("tax_filings_on_time") == {key: tuple(sums) for key, sums in counted.items()}

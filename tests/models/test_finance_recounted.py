"""KPIs of finance counted again from raw, row by row and by other means: both must agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pytest

from tests.models.recounting import Rows, Store

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
DAY = timedelta(days=1)


class Books(Store):
    """With the banks' calendar, and what is published for September 2026."""

    def __init__(self, data: Path, published_copy: Path) -> None:
        super().__init__(data, published_copy)
        closed = sorted(holidays.financial_holidays("BVMF", years=range(2024, 2029)))
        self.closed = np.array(closed, dtype="datetime64[D]")

    def value(self, kpi: str, dimension: str = "total", member: str = "total", column: str = "value") -> float:
        """What is published for September 2026."""
        rows = self.serving.execute(
            f"select {column} from kpi.kpi_values where kpi = ? and grain = 'month' and period_start = ? "
            "and dimension = ? and member = ?",
            [kpi, FIRST, dimension, member],
        ).fetchall()
        assert len(rows) == 1, (kpi, dimension, member)
        return float(rows[0][0])

    def due(self, day: date) -> date:
        """The due date as banks keep it."""
        moved = np.busday_offset(np.datetime64(day, "D"), 0, roll="forward", holidays=self.closed)
        return date.fromisoformat(str(moved))

    def receivables(self) -> Rows:
        rows = [row for row in self.known("erp.receivables") if row["status"] != "cancelled" and row["amount_brl"] > 0]
        return [row | {"due": self.due(row["due_date"])} for row in rows]


@pytest.fixture(scope="module")
def books(demo_data: Path, published_copy: Path) -> Iterator[Books]:
    with Books(demo_data, published_copy) as opened:
        yield opened


def test_sales_are_counted_back_day_by_day(books: Books) -> None:
    sold: dict[date, float] = defaultdict(float)
    owed = 0.0
    for row in books.receivables():
        sold[row["issue_date"]] += float(row["amount_brl"])
        is_open = row["settled_date"] is None or row["settled_date"] > LAST
        owed += float(row["amount_brl"]) if is_open and row["issue_date"] <= LAST else 0.0
    days, day = 0.0, LAST
    while owed > 0.005:
        days += min(1.0, owed / sold[day]) if sold[day] else 1.0
        owed -= sold[day]
        day -= DAY
    assert books.value("days_sales_outstanding") == pytest.approx(days, abs=1e-6)


def test_overdue_amounts_by_band(books: Books) -> None:
    bands: dict[str, float] = defaultdict(float)
    for row in books.receivables():
        age = (LAST - row["due"]).days
        if row["issue_date"] <= LAST and age >= 1 and (row["settled_date"] is None or row["settled_date"] > LAST):
            band = "1_to_30" if age <= 30 else "31_to_60" if age <= 60 else "61_to_90" if age <= 90 else "over_90"
            bands[band] += float(row["amount_brl"])
    assert {"1_to_30", "over_90"} <= set(bands)
    for band in ("1_to_30", "31_to_60", "61_to_90", "over_90"):
        assert books.value("overdue_receivables", "ageing_band", band) == pytest.approx(bands[band]), band


def test_collected_late_by_number(books: Books) -> None:
    due = [row for row in books.receivables() if FIRST <= row["due"] <= LAST]
    late = [row for row in due if row["settled_date"] is None or row["settled_date"] > row["due"]]
    assert books.value("collected_late") == pytest.approx(len(late) / len(due))


def test_closings_in_business_days(books: Books) -> None:
    """The closings locked in September, of August: banking days after 31 August."""
    taken = []
    for row in books.known("erp.closings"):
        locked = row["locked_at"]
        if locked is None:
            continue
        day = locked.replace(tzinfo=UTC).astimezone(ZoneInfo("America/Sao_Paulo")).date()
        if FIRST <= day <= LAST:
            year, month = map(int, row["period"].split("-"))
            after = np.datetime64(datetime(year + month // 12, month % 12 + 1, 1), "D")
            taken.append(int(np.busday_count(after, np.datetime64(day + DAY, "D"), holidays=books.closed)))
    assert len(taken) == 4
    assert books.value("days_to_close", column="mean") == pytest.approx(sum(taken) / len(taken))


def test_budget_variance_by_cost_centre(books: Books) -> None:
    natures = {row["account"]: row["nature"] for row in books.known("erp.accounts")}
    budget = [row for row in books.known("erp.budget") if row["month"] == "2026-09"]
    accounts = {row["account"] for row in budget}
    favourable, base = 0.0, 0.0
    for row in budget:
        if row["cost_centre"] == "2010":
            amount, sign = float(row["amount_brl"]), 1 if natures[row["account"]] == "revenue" else -1
            favourable -= sign * amount
            base += amount if amount >= 1 else 0
    for row in books.known("erp.journal_lines"):
        is_there = row["period"] == "2026-09" and row["cost_centre"] == "2010" and row["account"] in accounts
        if is_there and row["entry_kind"] == "normal":
            # a debit is an expense, a credit revenue: either way the difference is what the result gained
            favourable += float(row["credit_brl"] - row["debit_brl"])
    assert books.value("budget_variance", "cost_centre", "2010") == pytest.approx(favourable / base)


def test_money_of_the_month_less_transfers_and_financing(books: Books) -> None:
    """By the sample's own words: transfers, the loan and vehicles are the only lines that are not operating."""
    others = ("TRANSF ENTRE CONTAS", "PARCELA EMPRÉSTIMO", "TED ENVIADA COMPRA VEÍCULO")
    lines = [row for row in books.known("bank.bank_transactions") if FIRST <= row["posted_date"] <= LAST]
    expected = sum(row["amount_brl"] for row in lines if not row["memo"].startswith(others))
    assert books.value("operating_cash_flow") == pytest.approx(float(expected))

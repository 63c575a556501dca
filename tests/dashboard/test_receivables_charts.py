"""Receivables: what is open by age, and the cash bridge that adds up to what the bank states."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from dashboard.components.panels.receivables import bridge_steps
from dashboard.published import Publication
from dashboard.queries.windows import window
from tests.dashboard.visiting import AS_OF, drawn, one, visit


@pytest.mark.parametrize("unit", [None, "SUL"])
def test_receivables_by_age_are_what_is_open(demo_data: Path, publication: Publication, unit: str | None) -> None:
    bars = drawn(visit(demo_data, "receivables", **({"unit": unit} if unit else {})))["receivables_ageing"]["data"][0]
    rows = publication.fetch(
        "select amount_brl, effective_due_date from marts.fct_receivables"
        " where is_measured and not is_settled and (? is null or business_unit = ?)",
        (unit, unit),
    )
    ages = [0, 0, 0, 0, 0]
    for amount, due in rows.iter_rows():
        late = (AS_OF - due).days
        ages[0 if late < 1 else 1 if late <= 30 else 2 if late <= 60 else 3 if late <= 90 else 4] += float(amount)
    assert bars["x"][::-1] == pytest.approx(ages, abs=0.005)


@pytest.mark.parametrize("grain", ["week", "month", "quarter"])
@pytest.mark.parametrize("unit", ["all", "SUL"])
def test_the_cash_bridge_adds_up(demo_data: Path, publication: Publication, unit: str, grain: str) -> None:
    """Opening + all that came in and went out = closing, and both are what the bank states."""
    figure = drawn(visit(demo_data, "receivables", unit=unit, grain=grain))["cash_bridge"]
    effects, points = figure["data"]
    opening, closing = points["x"]
    assert opening + sum(effects["x"]) == pytest.approx(closing, abs=0.005)
    days = window(publication, grain)
    for shown, day in ((opening, days.start - timedelta(days=1)), (closing, days.end)):
        accounts = publication.fetch(
            "select account_id, max(balance_date) as day, max_by(ledger_balance_brl, balance_date) as balance"
            " from marts.fct_bank_balances where balance_date <= ? and (? = 'all' or business_unit = ?) group by 1",
            (day, unit, unit),
        )
        later = sum(
            one(
                publication,
                "select sum(amount_brl) from marts.fct_bank_transactions"
                " where account_id = ? and posted_date > ? and posted_date <= ?",
                account, stated, day,
            )
            for account, stated, _balance in accounts.iter_rows()
        )  # fmt: skip
        assert shown == pytest.approx(float(accounts["balance"].sum() + Decimal(later)), abs=0.005)
    moved = one(
        publication,
        "select sum(amount_brl) from marts.fct_bank_transactions"
        " where posted_date between ? and ? and (? = 'all' or business_unit = ?)",
        days.start, days.end, unit, unit,
    )  # fmt: skip
    assert sum(effects["x"]) == pytest.approx(float(moved), abs=0.005)


def test_what_statements_leave_out_is_a_step_of_its_own() -> None:
    flows = pl.DataFrame(
        {"direction": ["in", "out"], "category": ["customers", "taxes"], "lines": [2, 1],
         "amount_brl": [Decimal("30.00"), Decimal("-45.50")]},
    )  # fmt: skip
    steps = bridge_steps(Decimal("100.00"), Decimal("80.00"), flows)
    assert steps == [
        ("opening", Decimal("100.00")), ("customers", Decimal("30.00")), ("taxes", Decimal("-45.50")),
        ("missing_lines", Decimal("-4.50")), ("closing", Decimal("80.00")),
    ]  # fmt: skip
    assert "missing_lines" not in dict(bridge_steps(Decimal("100.00"), Decimal("84.50"), flows))

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from dashboard import formats

NBSP = "\N{NO-BREAK SPACE}"


def test_portuguese_numbers() -> None:
    assert formats.number(1234.5, 1) == "1.234,5"
    assert formats.number(-3) == "\N{MINUS SIGN}3"
    assert formats.percent(0.123) == f"12,3{NBSP}%"
    assert formats.money(1234.56) == f"R${NBSP}1.234,56"
    assert formats.percentage_points(0.012) == f"+1,2{NBSP}p.p."
    assert formats.interval(0.581, 0.659, "percent", 1) == f"58,1{NBSP}a{NBSP}65,9{NBSP}%"


@pytest.mark.usefixtures("english")
def test_english_numbers() -> None:
    assert formats.number(1234.5, 1) == "1,234.5"
    assert formats.percent(0.123) == "12.3%"
    assert formats.money(1234.56) == "R$1,234.56"
    assert formats.percentage_points(-0.012) == f"\N{MINUS SIGN}1.2{NBSP}pp"
    assert formats.day(date(2026, 11, 20)) == "20 Nov 2026"


def test_units_are_always_there_and_agree_in_number() -> None:
    assert formats.quantity(34, "days") == f"34{NBSP}dias"
    assert formats.quantity(1, "days") == f"1{NBSP}dia"
    assert formats.quantity(8, "business_hours", 1) == f"8,0{NBSP}horas úteis"
    assert formats.quantity(12, "count") == "12"
    assert formats.quantity(1_250_000, "brl", compact=True) == f"R${NBSP}1,25{NBSP}mi"


def test_missing_is_a_dash_and_never_zero() -> None:
    for unit in ("percent", "days", "brl", "count", "points", "months", "ratio", "business_hours"):
        assert formats.quantity(None, unit) == "–"
        assert formats.difference(None, unit) == "–"


def test_a_rounded_zero_has_no_sign() -> None:
    assert formats.number(-0.001, 2) == "0,00"
    assert formats.percentage_points(0.00001) == f"0,0{NBSP}p.p."


def test_periods() -> None:
    assert formats.period(date(2026, 11, 9), "week") == f"sem.{NBSP}46/2026"
    assert formats.period(date(2026, 11, 1), "month") == "nov. 2026"
    assert formats.period(date(2026, 10, 1), "quarter").endswith("2026")
    # The ISO year of a week is not always the year of its Monday.
    assert formats.period(date(2024, 12, 30), "week") == f"sem.{NBSP}01/2025"


def test_moments_are_shown_in_the_company_s_time_zone() -> None:
    assert formats.moment(datetime(2026, 11, 20, 9, 12)) == "20/11/2026, 06:12"
    assert formats.local_day(datetime(2026, 11, 21, 2, 59)) == date(2026, 11, 20)


def test_markdown_takes_nothing_for_a_formula_or_a_link() -> None:
    assert formats.markdown("R$ 1 [x] *y*") == "R\\$ 1 \\[x\\] \\*y\\*"


def test_instants_become_the_wall_clock_of_the_company() -> None:
    """São Paulo is three hours behind UTC: half past one in the night is still the evening before."""
    table = pl.DataFrame({"opened_at": [datetime(2026, 10, 1, 1, 30), None], "day": [date(2026, 10, 1)] * 2})
    assert formats.local_times(table)["opened_at"].to_list() == [datetime(2026, 9, 30, 22, 30), None]
    assert formats.local_times(table)["day"].to_list() == table["day"].to_list()


def test_small_money_has_cents_and_no_more() -> None:
    assert formats.money_compact(288.76957592250983) == "R$\N{NO-BREAK SPACE}288,77"
    assert formats.money_compact(0.0) == "R$\N{NO-BREAK SPACE}0"
    assert formats.money_compact(-41.5, signed=True) == "\N{MINUS SIGN}R$\N{NO-BREAK SPACE}41,50"
    assert formats.money_compact(123.0000000001, signed=True) == "+R$\N{NO-BREAK SPACE}123"


def test_a_tick_is_never_rounded() -> None:
    def words(ticks: list[float], unit: str, *, is_bare: bool = False) -> list[str]:
        return [formats.tick(value, ticks, unit, is_bare=is_bare).replace(NBSP, " ") for value in ticks]

    assert words([10_500_000.0, 10_750_000.0, 11_000_000.0], "brl") == ["R$ 10,5 mi", "R$ 10,75 mi", "R$ 11 mi"]
    assert words([31.5, 31.75, 32.0], "days") == ["31,50 d", "31,75 d", "32,00 d"]
    assert words([0.0, 0.075, 0.15], "ratio") == ["0,000", "0,075", "0,150"]
    assert words([0.0, 0.25], "percent", is_bare=True) == ["0 %", "25 %"]
    assert words([20.0, 30.0], "days", is_bare=True) == ["20", "30"]

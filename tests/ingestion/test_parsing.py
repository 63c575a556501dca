"""Text → values: what is read, what is refused, never a guess. The SQL is run by DuckDB on each text."""

from __future__ import annotations

import datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contracts import Column, Dialect
from ingestion.values import rules, value_sql

DIALECT = Dialect()


def parse(column: Column, texts: list[str], dialect: Dialect = DIALECT) -> list[object]:
    """Typed values of texts; the word "problem" where a rule holds."""
    text, value = f"t_{column.name}", f"v_{column.name}"
    bad = " or ".join(rule.condition for rule in rules(column, dialect)) or "false"
    with duckdb.connect() as connection:
        connection.execute(f"create table texts as select unnest(?::varchar[]) as {text}", [texts])
        found = connection.execute(
            f"select {value}, {bad} from (select {text}, {value_sql(column, text, dialect)} as {value} from texts)"
        ).fetchall()
    return ["problem" if is_bad else value for value, is_bad in found]


MONEY = Column("amount", "money")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0.00"), ("1", "1.00"), ("1,5", "1.50"), ("1,50", "1.50"), ("1234,56", "1234.56"),
        ("1.234,56", "1234.56"), ("1.234.567,89", "1234567.89"), ("1.234", "1234.00"), ("-1.234,56", "-1234.56"),
        ("1.234,56-", "-1234.56"), ("(1.234,56)", "-1234.56"), ("R$ 1.234,56", "1234.56"), ("-R$ 10,00", "-10.00"),
        ("R$ -10,00", "-10.00"), ("R$\u00a010,00", "10.00"), ("+10,00", "10.00"), ("0,01", "0.01"),
        ("999.999.999.999,99", "999999999999.99"),
    ],
)  # fmt: skip
def test_money_is_read_as_brazilians_write_it(text: str, value: str) -> None:
    assert parse(MONEY, [text]) == [Decimal(value)]


@pytest.mark.parametrize(
    "text",
    [
        "12.34", "1.23,45", "1234.567,00", "6000.000,00", "1,234.56", "1,2345", "1e3", "abc", "1.234,", ",5", "--1",
        "-1-", "(-1)", "1 234,56", "R$", "-", ".", "1.2345", "10000000000000000,00", "1,239", "NaN", "inf", "0x10",
        "1_000", "US$ 10,00",
    ],
)  # fmt: skip
def test_money_that_could_mean_two_things_is_refused(text: str) -> None:
    assert parse(MONEY, [text]) == ["problem"]


@pytest.mark.parametrize("text", ["1.000.000.000.000,00", "-1000000000000", "9999999999999999,99"])
def test_money_that_no_document_holds_is_refused(text: str) -> None:
    assert parse(MONEY, [text]) == ["problem"]
    assert [rule.reason for rule in rules(MONEY, DIALECT)][-1] == "is 1,000,000,000,000 or more"


def test_money_with_a_decimal_point_has_commas_as_group_marks() -> None:
    point = Dialect(decimal=".")
    assert parse(MONEY, ["1,234.56", "1234.56", "12.3"], point) == [
        Decimal("1234.56"), Decimal("1234.56"), Decimal("12.30"),
    ]  # fmt: skip
    assert parse(MONEY, ["1.234,56", "12,34", "1,2,3"], point) == ["problem"] * 3


def brazilian(amount: Decimal, *, grouped: bool) -> str:
    text = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
    return text.replace(",", "#").replace(".", ",").replace("#", ".")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.decimals(min_value=1 - 10**12, max_value=10**12 - 1, places=2), st.booleans()),
        min_size=1,
        max_size=50,
    )
)
def test_money_comes_back_to_the_cent(amounts: list[tuple[Decimal, bool]]) -> None:
    texts = [brazilian(amount, grouped=grouped) for amount, grouped in amounts]
    assert parse(MONEY, texts) == [amount for amount, _ in amounts]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="0123456789.,-+R$() eE", min_size=1, max_size=12), min_size=1, max_size=50))
def test_money_is_read_only_if_its_digits_are_all_there(texts: list[str]) -> None:
    for text, value in zip(texts, parse(MONEY, texts), strict=True):
        if isinstance(value, Decimal):
            digits = "".join(mark for mark in text if mark.isdigit() or mark == ",")
            assert abs(value) == Decimal(digits.replace(",", ".")), text


DATE = Column("day", "date")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)), min_size=1, max_size=50),
       st.sampled_from([("dd/mm/yyyy", "%d/%m/%Y"), ("mm/dd/yyyy", "%m/%d/%Y"), ("yyyy-mm-dd", "%Y-%m-%d"),
                        ("ddmmyyyy", "%d%m%Y")]))  # fmt: skip
def test_dates_come_back(days: list[datetime.date], form: tuple[str, str]) -> None:
    texts = [day.strftime(form[1]) for day in days]
    assert parse(DATE, texts, Dialect(date_format=form[0])) == days


@pytest.mark.parametrize(
    "text",
    [
        "32/07/2026", "29/02/2025", "07/31/2026", "1/7/2026", "01/07/26", "2026-07-01", "01-07-2026", "01/07/0026",
        "01/07/1899", "01/07/2200", "00/07/2026", "hoje", "01/07/2026 10:00", "45000", " 1/ 7/2026",
    ],
)  # fmt: skip
def test_a_date_in_another_form_is_refused(text: str) -> None:
    assert parse(DATE, [text]) == ["problem"]


def test_days_and_months_of_one_digit_are_read_where_the_format_says_so() -> None:
    texts = ["1/7/2026", "01/07/2026", "31/12/2026", "1/7/26", "001/7/2026", "1/13/2026", "1-7-2026"]
    day = datetime.date(2026, 7, 1)
    assert parse(DATE, texts, Dialect(date_format="d/m/yyyy")) == [
        day, day, datetime.date(2026, 12, 31), "problem", "problem", "problem", "problem",
    ]  # fmt: skip
    assert parse(DATE, ["7/1/26", "7/1/2026"], Dialect(date_format="m/d/yy")) == [day, "problem"]


def test_local_times_become_utc_with_and_without_seconds() -> None:
    moment = Column("at", "timestamp")
    assert parse(moment, ["01/07/2026 22:30:00", "01/07/2026 22:30", "15/01/2018 12:00:00"]) == [
        datetime.datetime(2026, 7, 2, 1, 30),
        datetime.datetime(2026, 7, 2, 1, 30),
        datetime.datetime(2018, 1, 15, 14, 0),  # daylight saving time, which Brazil ended in 2019
    ]
    assert parse(moment, ["01/07/2026", "01/07/2026 24:01:00", "2026-07-01 10:00:00"]) == ["problem"] * 3


def test_whole_numbers_are_not_rounded() -> None:
    whole = Column("n", "integer", minimum=Decimal(1), maximum=Decimal(10))
    assert parse(whole, ["1", "10", "007"]) == [1, 10, 7]
    assert parse(whole, ["0", "11", "1,5", "1.5", "1e1", "dez", "9" * 30, "1_0"]) == ["problem"] * 8


def test_booleans_in_every_word_and_no_other() -> None:
    yes_no = Column("flag", "boolean")
    assert parse(yes_no, ["sim", "S", "SIM", "true", "1", "yes", "X"]) == [True] * 7
    assert parse(yes_no, ["não", "NAO", "n", "false", "0", "no"]) == [False] * 6
    assert parse(yes_no, ["talvez", "2", "-"]) == ["problem"] * 3


def test_allowed_values_are_stored_in_their_canonical_form() -> None:
    status = Column("status", "text", allowed={"open": ("Aberto", "Em aberto"), "paid": ("Pago",)})
    assert parse(status, ["Aberto", "em  ABERTO", "OPEN", "pago"]) == ["open", "open", "open", "paid"]
    assert parse(status, ["Abrto", "aberto!"]) == ["problem"] * 2


def test_pattern_must_fit_the_whole_text() -> None:
    period = Column("period", "text", pattern=r"\d{4}-(0[1-9]|1[0-2])")
    assert parse(period, ["2026-12", "2026-13", "x2026-12", "2026-12-01"]) == ["2026-12"] + ["problem"] * 3

"""The pure parts of a proposal, as laws: assignment, names, values, dialect, header line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.contracts import Column
from ingestion.proposal import glob_of
from ingestion.proposal_assignment import assign
from ingestion.proposal_dialect import decide_decimal, decide_moment
from ingestion.proposal_names import NameIndex, words
from ingestion.proposal_shape import delimiter_of, header_place
from ingestion.proposal_values import is_tax_id, profile

grids = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 20), min_size=width, max_size=width), min_size=1, max_size=5)
)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
days = st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2100, 12, 31))


@given(grids)
def test_the_assignment_is_the_best_there_is(scores: list[list[int]]) -> None:
    pairs = assign(scores)
    rows, columns = len(scores), len(scores[0])
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(scores[row][column] > 0 for row, column in pairs)
    total = sum(scores[row][column] for row, column in pairs)
    if rows <= columns:
        best = max(
            sum(scores[row][each] for row, each in enumerate(order)) for order in permutations(range(columns), rows)
        )
    else:
        best = max(
            sum(scores[each][column] for column, each in enumerate(order))
            for order in permutations(range(rows), columns)
        )
    assert total == best


def written(amount: Decimal, mark: str) -> str:
    text = f"{amount:,.2f}"
    return text if mark == "." else text.translate(str.maketrans(",.", ".,"))


@given(st.lists(amounts, min_size=1, max_size=30), st.sampled_from([",", "."]))
def test_amounts_decide_their_decimal_mark(found: list[Decimal], mark: str) -> None:
    column = profile([written(amount, mark) for amount in found])
    assert column.decimals[mark] == 1.0
    assert decide_decimal([("Valor", column)], "?").value == mark


@pytest.mark.parametrize("values", [["1.234", "5.678"], ["1,250", "7,125"]])
def test_three_digits_after_the_only_mark_decide_nothing(values: list[str]) -> None:
    decision = decide_decimal([("Valor", profile(values))], ",")
    assert decision.value is None
    assert decision.question is not None
    assert set(decision.question.choices) == {",", "."}
    assert decide_decimal([("Valor", profile(values)), ("Outro", profile(["10,5"]))], ".").value == ","


def test_a_fraction_that_begins_with_zero_decides_the_mark() -> None:
    """A group is never led by a zero: 0.750 is three quarters, as the load reads it."""
    assert decide_decimal([("Peso", profile(["0.750", "1.250", "0.125"]))], ",").value == "."
    assert decide_decimal([("Peso", profile(["0,750", "1,250"]))], ".").value == ","


def test_whole_numbers_leave_the_usual_mark() -> None:
    assert decide_decimal([("Valor", profile(["1", "20"]))], ",").value == ","


@given(st.lists(days, min_size=1, max_size=30), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y"]))
def test_the_order_of_day_and_month_is_decided_by_values_or_asked(found: list[dt.date], code: str) -> None:
    form = code.replace("%d", "dd").replace("%m", "mm").replace("%Y", "yyyy")
    decision = decide_moment("date_format", [("Data", profile([f"{day:{code}}" for day in found]))], "usual")
    if any(day.day > 12 for day in found):
        assert decision.value == form
    else:
        assert decision.value is None
        assert decision.question is not None
        assert form in decision.question.choices
        assert len(decision.question.choices) == 2


@given(st.lists(days, min_size=1, max_size=20))
def test_one_column_decides_for_all_dates_of_the_file(found: list[dt.date]) -> None:
    texts = [f"{day:%d/%m/%Y}" for day in found]
    columns = [("Emissão", profile(texts)), ("Vencimento", profile(["31/01/2026"]))]
    assert decide_moment("date_format", columns, "usual").value == "dd/mm/yyyy"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("2026-07-31", "yyyy-mm-dd"),
        ("2026-07-31 00:00:00.000", "yyyy-mm-dd 00:00:00.000"),
        ("31/07/26", "dd/mm/yy"),
        ("20260731", "yyyymmdd"),
        ("31/7/2026", "d/m/yyyy"),
        ("7/31/26", "m/d/yy"),
    ],
)
def test_formats_of_dates(value: str, form: str) -> None:
    assert profile([value, value]).best_date() == (form, 1.0)


def test_days_of_one_digit_are_a_format_only_where_two_digits_do_not_read_as_many() -> None:
    def decided(*columns: list[str]) -> str | None:
        return decide_moment("date_format", [("Data", profile(texts)) for texts in columns], "usual").value

    assert decided(["01/07/2026", "31/12/2026"]) == "dd/mm/yyyy"
    assert decided(["10/11/2026", "31/12/2026"], ["1/7/2026"]) == "d/m/yyyy"
    question = decide_moment("date_format", [("Data", profile(["1/7/2026"]))], "usual").question
    assert question is not None
    assert question.choices == ("d/m/yyyy", "m/d/yyyy")


def test_formats_with_a_time() -> None:
    assert profile(["7/31/2026 8:05", "7/30/2026 10:15"]).best_date() == ("m/d/yyyy h:mm", 1.0)
    assert profile(["31/07/2026 10:20:30", "30/07/2026 00:00:01"]).best_date() == ("dd/mm/yyyy hh:mm:ss", 1.0)
    assert profile(["2026-07-31T10:20", "2026-07-30T01:02"]).best_date() == ("yyyy-mm-ddThh:mm", 1.0)


def test_words_for_nothing_do_not_count() -> None:
    column = profile(["NULL", "2026-07-31", None, " ", "N/A"])
    assert (column.rows, column.filled, set(column.nothing)) == (5, 1, {"NULL", "N/A"})
    assert column.best_date()[1] == 1.0


def test_tax_numbers_are_known_by_their_check_digits() -> None:
    assert is_tax_id("11.222.333/0001-81")
    assert is_tax_id("12ABC34501DE35")
    assert is_tax_id("529.982.247-25")
    assert not is_tax_id("11.222.333/0001-82")
    assert not is_tax_id("12345678901234")


def test_shares_are_those_of_the_contract() -> None:
    status = Column("status", "text", allowed={"open": ("Aberto",), "paid": ("Pago",)})
    assert profile(["ABERTO", "pago", "Pago", "X"]).share_of(status) == 0.75
    assert profile(["2026-01", "2026-13"]).share_of(Column("period", "text", pattern=r"\d{4}-(0[1-9]|1[0-2])")) == 0.5
    assert profile(["1", "2", "x", "-3"]).share_of(Column("n", "integer")) == 0.75
    assert profile(["sim", "não"]).share_of(Column("b", "boolean")) == 1.0
    assert profile([None]).share_of(Column("b", "boolean")) == 0.0


@pytest.mark.parametrize(
    ("header", "alias"),
    [
        ("dtVencto", "Data de Vencimento"),
        ("VLR_TITULO", "Valor do Título"),
        ("Cód. Forn.", "Código do Fornecedor"),
        ("customerID", "Cód. Cliente"),
        ("orderDate", "Data do Pedido"),
        ("companyName", "Razão Social"),
        ("Nº Doc", "Nº Documento"),
    ],
)
def test_names_that_are_the_same(header: str, alias: str) -> None:
    index = NameIndex([header], [alias])
    assert index.likeness(header, [alias]).share > 0.95


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_likeness_is_symmetric_and_between_none_and_all(first: str, second: str) -> None:
    there = NameIndex([first], [second]).likeness(first, [second]).share
    back = NameIndex([second], [first]).likeness(second, [first]).share
    assert 0.0 <= there <= 1.0
    assert there == pytest.approx(back)


@given(st.text(max_size=40))
def test_words_of_any_text(text: str) -> None:
    assert all(word == word.strip() and word for word in words(text))


@given(st.integers(0, 3), st.sampled_from([";", ",", "\t", "|"]), st.integers(3, 30))
def test_the_header_line_is_found_below_titles(titles: int, delimiter: str, rows: int) -> None:
    lines = ["Relatório de títulos"] * titles + [delimiter.join(["Documento", "Emissão", "Valor", "Nome"])]
    lines += [delimiter.join([f"NF{number}", "01/02/2026", "10", "Fulano"]) for number in range(rows)]
    text = "\n".join(lines)
    assert delimiter_of(text) == delimiter
    assert header_place([line.split(delimiter) for line in lines]) == titles


@pytest.mark.parametrize(
    ("name", "glob"),
    [
        ("titulos_2026_07.csv", "titulos_*.csv"),
        ("20250101_Despesas_Empenho.csv", "*_Despesas_Empenho.csv"),
        ("orders.csv", "orders.csv"),
        ("2026-07.xlsx", "2026-07.xlsx"),
        ("contas a pagar 07-2026.xlsx", "contas a pagar *.xlsx"),
    ],
)
def test_the_files_of_the_same_export(name: str, glob: str) -> None:
    assert glob_of(name) == glob

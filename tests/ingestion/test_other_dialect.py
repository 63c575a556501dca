"""Half of a file in another order of dates or with another decimal mark: nothing is read wrong without a word."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from ingestion.reports import FileReport
from tests.ingestion.conftest import payable

Load = Callable[..., FileReport]
MONTH_FIRST = ("12/31/2026", "11/30/2026", "01/02/2026", "03/04/2026")


def due(*days: str) -> list[str]:
    return [payable(document=f"NF-{place}", due=day) for place, day in enumerate(days)]


def amounts(*texts: str) -> list[str]:
    return [payable(document=f"NF-{place}", amount=text) for place, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("rows", "message", "setting"),
    [
        (due(*MONTH_FIRST), 'Vencimento is written another way in 2 rows ("12/31/2026", "11/30/2026"): 2 others',
         "date_format: mm/dd/yyyy"),
        (amounts("10.50", "1,234.56", "1.234", "99"), "Valor is written another way in 2 rows", 'decimal: "."'),
    ],
)  # fmt: skip
def test_a_file_in_the_other_order_is_refused_whole(
    load: Load, store: duckdb.DuckDBPyConnection, rows: list[str], message: str, setting: str
) -> None:
    report = load(rows)
    assert report.state == "rejected"
    assert message in report.message
    assert setting in report.remedy
    assert store.execute("select count(*) from erp.payables").fetchall() == [(0,)]
    assert store.execute("select count(*) from load.quarantine").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "rows",
    [
        due("12/31/2026", "01/02/2026", "03/04/2026"),  # one slip of the hand
        due(*MONTH_FIRST, "31/12/2026", "30/11/2026", "29/11/2026"),  # the file speaks for its own order
        due("12/31/2026", "11/30/2026", "05/05/2026", "31/12/2026"),  # nothing that would be read wrong
        amounts("10.50", "11.50", "99"),  # no amount that has two meanings
        amounts("10.50", "11.50", "1.234,00", "12,50", "13,50", "14,50"),
        due("32/07/2026", "31/02/2026", "01/02/2026"),  # no dates in any order
    ],
)
def test_slips_are_quarantined_row_by_row(load: Load, rows: list[str]) -> None:
    report = load(rows)
    assert report.state == "loaded"
    assert 1 <= report.tables[0].rows_quarantined < len(rows)


@pytest.mark.parametrize("text", ["0.750", "00.125", "-0.750"])
def test_a_fraction_of_another_dialect_is_no_thousand(load: Load, text: str) -> None:
    report = load(amounts(text, "1.000,00"))
    assert (report.tables[0].rows_loaded, report.tables[0].rows_quarantined) == (1, 1)


LINES = "Empresa;Unidade;Pedido;Linha;Produto;Quantidade;Preço;Valor;Situação"


@pytest.mark.parametrize(
    ("quantities", "state"),
    [
        (("1,234", "2,500", "7,125", "1,234.5", "2,000.75"), "rejected"),  # 1,234 is no fraction there
        (("1,234", "2,5", "7,25", "0,5", "1,234.5", "2,000.75"), "loaded"),
        (("1,5", "2,25", "0,125", "1,234.5", "2,000.75"), "loaded"),
    ],
)
def test_thousands_are_not_read_as_fractions(load: Load, quantities: tuple[str, ...], state: str) -> None:
    rows = [f"01;MTZ;P1;{place};X;{text};10,00;10,00;Aberto" for place, text in enumerate(quantities, 1)]
    report = load(rows, name="order_lines.csv", header=LINES)
    assert report.state == state, report.message
    if state == "rejected":
        assert "Quantidade is written another way in 2 rows" in report.message
        assert 'decimal: "."' in report.remedy


def test_no_salary_stands_in_the_reason(load: Load) -> None:
    rows = [f"01;MTZ;R{place};2026-10;Mensal;{pay};0" for place, pay in enumerate(("5,123.50", "6,100.25", "7.000"))]
    report = load(rows, name="payroll.csv", header="Empresa;Unidade;Matrícula;Competência;Folha;Salário Bruto;Encargos")
    assert (report.state, "5,123.50" in report.message) == ("rejected", False)
    assert "Salário Bruto is written another way in 2 rows: 1 others" in report.message

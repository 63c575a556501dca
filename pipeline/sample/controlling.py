"""The organisation, its chart of accounts and cost centres, and the budget, with one cost centre that overruns."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, LABEL, UNITS, random_stream
from pipeline.sample.fiscal_numbers import ESTABLISHMENTS
from pipeline.sample.sales import invoices_truth

OVERRUN_CENTRE, OVERRUN_ACCOUNT = "2010", "4.1.02.001"
OVERRUN_FROM = date(2026, 7, 1)
OVERRUN = 1.38  # of the budget
REVENUE_ACCOUNT, REVENUE_CENTRE = "3.1.01.010", "3010"
TINY_CELL = ("CO", "1020", "4.1.05.001")  # budgeted at 50 cents a month, because the screen wants a number
TINY_ACTUAL = 84_000  # cents

_NAMES = {
    "MTZ": ("Matriz", "São Paulo", "SP", 1.0),
    "SUL": ("Unidade Sul", "Curitiba", "PR", 0.7),
    "NE": ("Unidade Nordeste", "Recife", "PE", 0.5),
    "CO": ("Unidade Centro-Oeste", "Goiânia", "GO", 0.4),
}
COMPANY_TAX_ID = "11.222.333/0001-81"
COST_CENTRES = {
    "1010": "Administração",
    "1020": "Financeiro",
    "2010": "Logística",
    "2020": "Armazém",
    "3010": "Comercial",
}
# account: name, nature, class in the cash flow
ACCOUNTS = {
    "1.1.01.002": ("Bancos conta movimento", "Ativo", "Caixa"),
    "1.1.02.001": ("Clientes", "Ativo", "Clientes"),
    "1.1.02.010": ("Cartões a receber", "Ativo", "Clientes"),
    "1.1.04.001": ("Estoque de mercadorias", "Ativo", "Nenhum"),
    "1.1.05.001": ("Tributos a recuperar", "Ativo", "Tributos"),
    "1.2.03.001": ("Imobilizado", "Ativo", "Investimento"),
    "2.1.01.001": ("Fornecedores", "Passivo", "Fornecedores"),
    "2.1.03.001": ("Salários a pagar", "Passivo", "Folha"),
    "2.1.03.005": ("Encargos a recolher", "Passivo", "Tributos"),
    "2.1.04.002": ("Tributos a recolher", "Passivo", "Tributos"),
    "2.1.06.001": ("Empréstimos", "Passivo", "Financiamento"),
    "2.1.09.001": ("Provisões", "Passivo", "Nenhum"),
    "3.1.01.001": ("Receita de vendas balcão", "Receita", "Clientes"),
    "3.1.01.010": ("Receita de vendas faturadas", "Receita", "Clientes"),
    "3.1.02.003": ("Deduções da receita", "Despesa", "Tributos"),
    "3.2.01.001": ("Despesas com pessoal", "Despesa", "Folha"),
    "3.2.04.010": ("Despesas gerais", "Despesa", "Fornecedores"),
    "3.2.09.001": ("Outras despesas", "Despesa", "Fornecedores"),
    "3.3.01.001": ("Custo das mercadorias vendidas", "Despesa", "Nenhum"),
    "3.4.01.001": ("Receitas financeiras", "Receita", "Juros"),
    "4.1.02.001": ("Fretes e entregas", "Despesa", "Fornecedores"),
    "4.1.03.001": ("Aluguéis e ocupação", "Despesa", "Fornecedores"),
    "4.1.04.001": ("Tecnologia", "Despesa", "Fornecedores"),
    "4.1.05.001": ("Manutenção e conservação", "Despesa", "Fornecedores"),
    "4.1.09.001": ("Tarifas bancárias", "Despesa", "Tarifas"),
}
# cost centre, account: cents a month at the head office
_BUDGETED = {
    ("1010", "4.1.03.001"): 2_400_000,
    ("1010", "4.1.04.001"): 1_300_000,
    ("1020", "4.1.04.001"): 700_000,
    ("2010", "4.1.02.001"): 9_200_000,
    ("2010", "4.1.05.001"): 800_000,
    ("2020", "4.1.03.001"): 3_600_000,
    ("2020", "4.1.05.001"): 1_100_000,
    ("3010", "4.1.03.001"): 900_000,
    ("3010", "4.1.04.001"): 450_000,
}


def companies_known(day: date) -> pl.DataFrame:
    """The one company."""
    del day
    row = (COMPANY, LABEL, COMPANY_TAX_ID, "Lucro Real", True)
    return pl.DataFrame([row], schema=["company", "name", "tax_id", "tax_regime", "active"], orient="row")


def business_units_known(day: date) -> pl.DataFrame:
    """The four units."""
    del day
    return pl.DataFrame(
        [(COMPANY, unit, *_NAMES[unit][:3], ESTABLISHMENTS[unit], True) for unit in UNITS],
        schema=["company", "business_unit", "name", "city", "state", "tax_id", "active"],
        orient="row",
    )


def cost_centres_known(day: date) -> pl.DataFrame:
    """The cost centres, which every unit has."""
    del day
    return pl.DataFrame(
        [
            (COMPANY, "unassigned", code, name, f"usr{30 + n}", True)
            for n, (code, name) in enumerate(COST_CENTRES.items())
        ],
        schema=["company", "business_unit", "cost_centre", "name", "responsible", "active"],
        orient="row",
    )


def accounts_known(day: date) -> pl.DataFrame:
    """The chart of accounts."""
    del day
    return pl.DataFrame(
        [(COMPANY, account, name, nature, account.rsplit(".", 1)[0], cash_flow, True)
         for account, (name, nature, cash_flow) in ACCOUNTS.items()],
        schema=["company", "account", "name", "nature", "parent_account", "cash_flow", "active"],
        orient="row",
    )  # fmt: skip


def months() -> list[date]:
    """First days of the months of the sample, the unfinished last one included."""
    first = [date(year, month, 1) for year in range(FIRST_DAY.year, AS_OF.year + 1) for month in range(1, 13)]
    return [day for day in first if FIRST_DAY.replace(day=1) <= day <= AS_OF]


@cache
def monthly_sales() -> pl.DataFrame:
    """Invoiced sales by unit and month, cancelled invoices left out: business_unit, month, amount in cents."""
    return (
        invoices_truth()
        .filter(pl.col("cancelled_at").is_null())
        .group_by("business_unit", month=pl.col("issued_at").dt.truncate("1mo").dt.date())
        .agg(amount=pl.col("total_brl").sum())
        .sort("month", "business_unit")
    )


@cache
def budget_and_actual() -> pl.DataFrame:
    """One row a unit, cost centre, account and month: budget and what came of it, in cents; December included."""
    stream = random_stream("budget")
    rows = []
    for month in [*months(), date(AS_OF.year, 12, 1)]:
        season = 1.0 + (0.12 if month.month in (11, 12) else 0.0) + 0.05 * (month.year - 2024)
        for unit in UNITS:
            for (centre, account), amount in _BUDGETED.items():
                budget = round(amount * _NAMES[unit][3] * season / 10_000) * 10_000
                overruns = (centre, account) == (OVERRUN_CENTRE, OVERRUN_ACCOUNT) and month >= OVERRUN_FROM
                actual = round(budget * (OVERRUN if overruns else 1.0) * float(stream.normal(0.995, 0.03)))
                rows.append((unit, centre, account, month, budget, actual))
    unit, centre, account = TINY_CELL
    rows += [(unit, centre, account, month, 50, TINY_ACTUAL) for month in months()]
    sales = monthly_sales()
    guess = np.round(sales["amount"].to_numpy() * stream.uniform(0.94, 1.07, sales.height) / 100_000) * 100_000
    rows += [
        (row["business_unit"], REVENUE_CENTRE, REVENUE_ACCOUNT, row["month"], int(budget), row["amount"])
        for row, budget in zip(sales.iter_rows(named=True), guess, strict=True)
    ]
    return pl.DataFrame(
        rows, schema=["business_unit", "cost_centre", "account", "month", "budget", "actual"], orient="row"
    ).sort("month", "business_unit", "cost_centre", "account")


def budget_known(day: date) -> pl.DataFrame:
    """The budget in the contract's columns: that of a year is approved before the year begins."""
    first = date(day.year + 1 if day.month == 12 else day.year, 12, 31)
    return (
        budget_and_actual()
        .filter(pl.col("month") <= first)
        .select(
            company=pl.lit(COMPANY),
            business_unit="business_unit",
            account="account",
            cost_centre="cost_centre",
            month=pl.col("month").dt.strftime("%Y-%m"),
            amount_brl="budget",
        )
    )

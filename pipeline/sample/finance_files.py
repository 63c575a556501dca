"""The exports of finance, purchasing and the organisation: which files on which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import polars as pl

from pipeline.sample import bank, closings, controlling, ledger_summaries, payables, purchasing, receivables, suppliers
from pipeline.sample.company import KNOWLEDGE_DATES
from pipeline.sample.exporter import Exporter, SampleFile, changes
from pipeline.sample.exports import Style

CP1252, UTF8, UTF8_MARK = "cp1252", "utf-8", "utf-8-sig"


@cache
def named_payables() -> pl.DataFrame:
    """The payables with the name of their supplier, as the bank prints it."""
    supplier_rows = suppliers.supplier_truth()
    names = supplier_rows.select("supplier_id", supplier_name="name")
    return payables.payables_truth(supplier_rows).join(names, on="supplier_id", how="left", maintain_order="left")


@cache
def _requests() -> pl.DataFrame:
    return purchasing.purchase_requests_truth(named_payables())


@cache
def _summaries() -> pl.DataFrame:
    return ledger_summaries.summaries_truth(bank.bank_truth(named_payables()))


def summaries_known(day: date) -> pl.DataFrame:
    """The summary entries posted up to a day."""
    return _summaries().filter(pl.col("posting_date") <= day)


def files(exporter: Exporter, day: date) -> Iterator[SampleFile]:
    """The files of one knowledge date; master data of the organisation come once, the budget once a year."""
    stamp = day.strftime("%Y_%m_%d")
    if day == KNOWLEDGE_DATES[0]:
        yield exporter.csv(day, f"empresas_{stamp}.csv", "companies", controlling.companies_known(day), Style(UTF8))
        rows = controlling.business_units_known(day)
        yield exporter.csv(day, f"unidades_{stamp}.csv", "business_units", rows, Style(UTF8))
        rows = controlling.cost_centres_known(day)
        yield exporter.csv(day, f"centros_de_custo_{stamp}.csv", "cost_centres", rows, Style(CP1252))
        rows = controlling.accounts_known(day)
        yield exporter.csv(day, f"plano_de_contas_{stamp}.csv", "accounts", rows, Style(CP1252))
    rows = changes(controlling.budget_known, day)
    if rows.height:
        yield exporter.csv(day, f"orcamento_{stamp}.csv", "budget", rows, Style(UTF8))
    rows = changes(receivables.receivables_known, day)
    yield exporter.csv(day, f"contas_a_receber_{stamp}.csv", "receivables", rows, Style(CP1252))
    rows = receivables.customers_known(day)
    yield exporter.csv(day, f"clientes_{stamp}.csv", "customers", rows, Style(UTF8_MARK))
    rows = changes(closings.closings_known, day)
    yield exporter.csv(day, f"fechamentos_{stamp}.csv", "closings", rows, Style(UTF8))
    rows = changes(lambda known_on: purchasing.purchase_requests_known(_requests(), known_on), day)
    yield exporter.csv(day, f"requisicoes_de_compra_{stamp}.csv", "purchase_requests", rows, Style(CP1252))
    rows = changes(summaries_known, day)
    yield exporter.csv(day, f"lancamentos_resumo_{stamp}.csv", "journal_lines", rows, Style(UTF8))

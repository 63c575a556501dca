"""Which files are exported on which day: one entry a file, its rows, its style and its dirt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import polars as pl

from pipeline.sample import (
    back_office_files,
    bank,
    collection,
    finance_files,
    fiscal_files,
    helpdesk,
    investments,
    journal,
    ofx,
    payables,
    sales_exports,
    strategy,
    suppliers,
    surveys,
)
from pipeline.sample.call_centre import call_centre_export
from pipeline.sample.company import KNOWLEDGE_DATES, REGISTER_DATES
from pipeline.sample.dirt import ERROR_PAGE, ERROR_PAGE_NAME, FILE_TWICE
from pipeline.sample.exporter import Exporter, SampleFile, changes
from pipeline.sample.exports import Style
from pipeline.sample.workbook import workbook

CP1252, UTF8, UTF8_MARK = "cp1252", "utf-8", "utf-8-sig"
ENGLISH_TOOL_FROM = date(2026, 9, 30)  # the IT desk's new tool, with English headers and values
WORKBOOK_FROM = date(2026, 11, 16)  # the controller sends the project flows as a workbook
CALL_CENTRE_FROM = date(2026, 10, 31)  # telephone interviews come from a call centre in its own format
# Areas with a module of their own: the stream of their dirt, and what is exported on a day.
_AREAS: tuple[tuple[str, Callable[[Exporter, date], Iterator[SampleFile]]], ...] = (
    ("sales_dirt", sales_exports.files),
    ("back_office_dirt", back_office_files.files),
    ("finance_dirt", finance_files.files),
    ("fiscal_dirt", fiscal_files.files),
    ("collection_dirt", collection.files),
)
_ENGLISH_VALUES = {
    "TI": "it", "Urgente": "urgent", "Alta": "high", "Normal": "normal", "Baixa": "low", "Aberto": "open",
    "Aguardando": "waiting", "Resolvido": "resolved", "Fechado": "closed", "Cancelado": "cancelled",
}  # fmt: skip


def sample_files() -> Iterator[SampleFile]:
    """Every file of the sample, folder by folder, in a fixed order."""
    exporter = Exporter("dirt")
    areas = [(files, Exporter(stream)) for stream, files in _AREAS]
    supplier_rows = suppliers.supplier_truth()
    payable_rows = payables.payables_truth(supplier_rows)
    truth = {
        "payables": payable_rows,
        "journal": journal.journal_truth(),
        "surveys": surveys.surveys_truth(),
        "check_ins": strategy.check_ins_truth(),
        "flows": investments.flows_truth(),
        "tickets": helpdesk.tickets_truth(),
        "bank": bank.bank_truth(finance_files.named_payables()),
    }
    register = Exporter("register")
    for day in REGISTER_DATES:
        yield _register_file(register, supplier_rows, day)
    for day in KNOWLEDGE_DATES:
        yield from _erp_files(exporter, truth, supplier_rows, day)
        yield from _other_files(exporter, truth, day)
        yield from _helpdesk_files(exporter, truth, day)
        yield from _bank_files(exporter, truth, day)
        for files, area_exporter in areas:
            yield from files(area_exporter, day)


def _stamp(day: date) -> str:
    return day.strftime("%Y_%m_%d")


def _erp_files(
    exporter: Exporter, truth: dict[str, Any], supplier_rows: pl.DataFrame, day: date
) -> Iterator[SampleFile]:
    stamp = _stamp(day)
    rows = changes(lambda known_on: payables.payables_known(truth["payables"], known_on), day)
    is_south = pl.col("business_unit") == "SUL"
    if day == payables.CORRECTED_MONTH_KNOWN:
        # the head office's August again, whole: most rows as before, some with the receipt date corrected
        in_month = (pl.col("business_unit") == "MTZ") & pl.col("receipt_date").is_between(*payables.CORRECTED_MONTH)
        everything = payables.payables_known(truth["payables"], day)
        name = "contas_a_pagar_MTZ_2026_08_corrigido.csv"
        yield exporter.csv(day, name, "payables", everything.filter(in_month), Style(UTF8))
        rows = rows.filter(~in_month)
    name = f"contas_a_pagar_{stamp}.csv"
    yield exporter.csv(day, name, "payables", rows.filter(~is_south), Style(UTF8_MARK))
    name = f"contas_a_pagar_SUL_{stamp}.csv"
    style = Style(CP1252, language="other_portuguese", thousands=False)
    yield exporter.csv(day, name, "payables", rows.filter(is_south), style)
    rows = changes(lambda known_on: journal.journal_known(truth["journal"], known_on), day)
    yield exporter.csv(day, f"lancamentos_{stamp}.csv", "journal_lines", rows, Style(CP1252))
    yield _register_file(exporter, supplier_rows, day)


def _register_file(exporter: Exporter, supplier_rows: pl.DataFrame, day: date) -> SampleFile:
    rows = suppliers.suppliers_known(supplier_rows, day)
    return exporter.csv(day, f"fornecedores_{_stamp(day)}.csv", "suppliers", rows, Style(CP1252))


def _other_files(exporter: Exporter, truth: dict[str, Any], day: date) -> Iterator[SampleFile]:
    stamp = _stamp(day)
    rows = changes(lambda known_on: surveys.surveys_known(truth["surveys"], known_on), day)
    if day >= CALL_CENTRE_FROM:
        by_telephone = pl.col("channel") == "Telefone"
        yield SampleFile(day, f"entrevistas_voz_{stamp}.csv", call_centre_export(rows.filter(by_telephone)))
        rows = rows.filter(~by_telephone)
    answers = exporter.csv(day, f"respostas_nps_{stamp}.csv", "nps_responses", rows, Style(UTF8_MARK))
    yield answers
    if answers.name == FILE_TWICE[0]:
        yield SampleFile(day, FILE_TWICE[1], answers.content)
    yield exporter.csv(day, f"objetivos_{stamp}.csv", "objectives", strategy.objectives_known(day), Style(CP1252))
    rows = strategy.key_results_known(day)
    yield exporter.csv(day, f"resultados_chave_{stamp}.csv", "key_results", rows, Style(UTF8))
    rows = changes(lambda known_on: strategy.check_ins_known(truth["check_ins"], known_on), day)
    if rows.height:
        yield exporter.csv(day, f"acompanhamentos_{stamp}.csv", "check_ins", rows, Style(UTF8))
    yield exporter.csv(day, f"projetos_{stamp}.csv", "projects", investments.projects_known(day), Style(CP1252))
    rows = changes(lambda known_on: investments.flows_known(truth["flows"], known_on), day)
    if rows.height and day >= WORKBOOK_FROM:
        yield SampleFile(day, f"fluxos_projetos_{stamp}.xlsx", workbook("project_cash_flows", rows))
    elif rows.height:
        yield exporter.csv(day, f"fluxos_projetos_{stamp}.csv", "project_cash_flows", rows, Style(CP1252))


def _helpdesk_files(exporter: Exporter, truth: dict[str, Any], day: date) -> Iterator[SampleFile]:
    stamp = _stamp(day)
    rows = changes(lambda known_on: helpdesk.tickets_known(truth["tickets"], known_on), day)
    if day >= ENGLISH_TOOL_FROM:
        is_english = pl.col("desk") == "TI"
        english = rows.filter(is_english).with_columns(pl.col("desk", "priority", "status").replace(_ENGLISH_VALUES))
        yield exporter.csv(day, f"tickets_it_{stamp}.csv", "tickets", english, Style(UTF8, language="english"))
        rows = rows.filter(~is_english)
    yield exporter.csv(day, f"chamados_{stamp}.csv", "tickets", rows, Style(UTF8))
    rows = changes(lambda known_on: helpdesk.ticket_events_known(truth["tickets"], known_on), day)
    yield exporter.csv(day, f"eventos_chamados_{stamp}.csv", "ticket_events", rows, Style(UTF8))


def _bank_files(exporter: Exporter, truth: dict[str, Any], day: date) -> Iterator[SampleFile]:
    stamp = _stamp(day)
    in_statement = (pl.col("business_unit") == bank.OFX_UNIT) & (pl.col("posted_date") >= bank.OFX_FROM)
    by_csv = truth["bank"].filter(~in_statement)
    rows = changes(lambda known_on: bank.bank_known(by_csv, known_on), day)
    yield exporter.csv(day, f"extrato_{stamp}.csv", "bank_transactions", rows, Style(CP1252))
    rows = changes(lambda known_on: bank.balances_known(by_csv, known_on), day)
    yield exporter.csv(day, f"saldos_{stamp}.csv", "balances", rows, Style(CP1252))
    months = {date(2026, 10, 31): date(2026, 10, 1), date(2026, 11, 20): date(2026, 11, 1)}
    if day in months:
        lines = truth["bank"].filter(in_statement, pl.col("posted_date").is_between(months[day], day))
        yield SampleFile(day, f"bb_nordeste_{months[day]:%Y_%m}.ofx", ofx.statement(lines))
    if day == KNOWLEDGE_DATES[-1]:
        yield SampleFile(day, ERROR_PAGE_NAME, ERROR_PAGE)

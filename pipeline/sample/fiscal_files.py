"""The fiscal exports: XML files zipped by month, a tax bookkeeping, the log of transmissions, the agenda of filings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

import polars as pl

from pipeline.sample.company import KNOWLEDGE_DATES
from pipeline.sample.exporter import Exporter, SampleFile, changes
from pipeline.sample.exports import Style
from pipeline.sample.fiscal_balances import balances
from pipeline.sample.fiscal_bookkeeping import bookkeeping
from pipeline.sample.fiscal_documents import Document, documents
from pipeline.sample.fiscal_filings import filings_known
from pipeline.sample.fiscal_transmissions import transmissions_known

CP1252, UTF8 = "cp1252", "utf-8"
BOOKKEEPING_DAY = date(2026, 11, 16)
BOOKKEEPING_MONTH, BOOKKEEPING_LAST = date(2026, 10, 1), date(2026, 10, 31)
LOTS_BEFORE = 2026  # earlier notes came as one lot a month, later ones one by one
_PACKED = (2000, 1, 1, 0, 0, 0)  # fixed, so that the same documents give the same bytes


def files(exporter: Exporter, day: date) -> Iterator[SampleFile]:
    """The files of one knowledge date."""
    stamp = day.strftime("%Y_%m_%d")
    position = KNOWLEDGE_DATES.index(day)
    before = KNOWLEDGE_DATES[position - 1] if position else date.min
    news = [each for each in documents() if before < each.moment.date() <= day]
    for month, group in groupby(news, key=lambda each: each.moment.strftime("%Y_%m")):
        found = list(group)
        is_lot = day.year < LOTS_BEFORE
        members = [(f"lote_{month}.xml", _lot(found))] if is_lot else [(one.name, one.content) for one in found]
        is_last = (month == day.strftime("%Y_%m")) and day.day < 28
        name = f"nfe_{month}_ate_{day.day:02d}.zip" if is_last else f"nfe_{month}.zip"
        yield SampleFile(day, name, _zipped(members))
    if day == BOOKKEEPING_DAY:
        content = bookkeeping("MTZ", BOOKKEEPING_MONTH, day)
        yield SampleFile(day, f"efd_icms_ipi_MTZ_{BOOKKEEPING_MONTH:%Y_%m}.txt", content)
    if day == KNOWLEDGE_DATES[-1]:
        rows = balances(BOOKKEEPING_MONTH, BOOKKEEPING_LAST, day)
        yield exporter.csv(day, f"balancete_{BOOKKEEPING_MONTH:%Y_%m}.csv", "ledger_balances", rows, Style(CP1252))
    rows = changes(transmissions_known, day)
    yield exporter.csv(day, f"transmissoes_{stamp}.csv", "fiscal_transmissions", rows, Style(UTF8))
    rows = changes(filings_known, day)
    yield exporter.csv(day, f"obrigacoes_{stamp}.csv", "tax_filings", rows.select(pl.all()), Style(CP1252))


def _lot(found: Iterable[Document]) -> bytes:
    """Many documents in one file, a line each, as the archive of the former accountant keeps them."""
    lines = (one.content.removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>') for one in found)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<lote>\n' + b"\n".join(lines) + b"\n</lote>\n"


def _zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, _PACKED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, compresslevel=9)
    return buffer.getvalue()

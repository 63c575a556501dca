"""Collection returns of one unit's bank, CNAB 240: what the bank says of each boleto on the day it was paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from pipeline.sample.bank import ACCOUNTS
from pipeline.sample.company import KNOWLEDGE_DATES, LABEL
from pipeline.sample.exporter import Exporter, SampleFile
from pipeline.sample.receivables import settled_until

COLLECTION_UNIT = "NE"
COLLECTION_FROM = date(2026, 1, 1)  # the bank sends returns since then
AGREEMENT = "3294860"
WIDTH = 240


def files(exporter: Exporter, day: date) -> Iterator[SampleFile]:
    """A return for every month, or part of one, since the knowledge date before. The exporter's dirt is not drawn."""
    position = KNOWLEDGE_DATES.index(day)
    before = KNOWLEDGE_DATES[position - 1] if position else date(2000, 1, 1)
    paid = settled_until(day).filter(
        pl.col("settled_date") > max(before, COLLECTION_FROM - timedelta(days=1)),
        pl.col("business_unit") == COLLECTION_UNIT,
        pl.col("means") == "boleto",
    )
    months = paid.with_columns(month=pl.col("settled_date").dt.truncate("1mo")).partition_by(
        "month", as_dict=True, maintain_order=False
    )
    for (month,), titles in sorted(months.items()):
        ordered = titles.sort("settled_date", "document", "instalment")
        last: date = ordered["settled_date"].to_list()[-1]
        name = f"retorno_cobranca_nordeste_{month:%Y_%m}_{last:%d}.ret"
        yield SampleFile(day, name, collection_return(ordered, last))


def collection_return(titles: pl.DataFrame, written_on: date) -> bytes:
    """A return as Banco do Brasil writes it: one lot of segments T and U, totals in its trailer; amounts in cents."""
    bank, account = ACCOUNTS[COLLECTION_UNIT]
    digits = account.replace("-", "")
    owner = {53: "03177", 59: digits[:-1].zfill(12), 71: digits[-1]}
    stamp = f"{written_on:%d%m%Y}"
    lines = [
        _record({1: f"{bank}00000", 18: "2", **owner, 73: LABEL.upper()[:30], 103: "BANCO DO BRASIL", 143: "2",
                 144: stamp, 158: f"{written_on:%y%m%d}", 164: "083"}),
        _record({1: f"{bank}00011T01", 14: "042", 18: "2",
                 **{place + 1: text for place, text in owner.items()}, 74: LABEL.upper()[:30], 192: stamp}),
    ]  # fmt: skip
    for number, title in enumerate(titles.iter_rows(named=True)):
        invoice = f"{title['document']}/{title['instalment']}"
        our_number = AGREEMENT + f"{title['document'].split('-')[0]}{title['instalment']}".zfill(10)
        interest = title["settled_amount_brl"] - title["amount_brl"]
        credited = f"{title['settled_date']:%d%m%Y}"
        start = f"{bank}00013"
        lines += [
            _record({1: start, 9: f"{2 * number + 1:05d}T", 16: "06", 18: "031771", 38: our_number, 58: "7",
                     59: invoice, 74: f"{title['due_date']:%d%m%Y}", 82: f"{title['amount_brl']:015d}", 97: bank,
                     106: title["customer_id"], 131: "09", 199: "0" * 15}),
            _record({1: start, 9: f"{2 * number + 2:05d}U", 16: "06", 18: f"{interest:015d}", 33: "0" * 45,
                     78: f"{title['settled_amount_brl']:015d}", 93: f"{title['settled_amount_brl']:015d}",
                     108: "0" * 30, 138: credited, 146: credited}),
        ]  # fmt: skip
    records = 2 * titles.height + 2
    total = titles["amount_brl"].sum()
    lines += [
        _record({1: f"{bank}00015", 18: f"{records:06d}{titles.height:06d}{total:017d}", 47: "0" * 69}),
        _record({1: f"{bank}99999", 18: f"000001{records + 2:06d}000000"}),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")


def _record(fields: dict[int, str]) -> str:
    """A line of blanks with texts at positions from 1."""
    line = " " * WIDTH
    for place, text in fields.items():
        line = line[: place - 1] + text + line[place - 1 + len(text) :]
    return line

"""The tax bookkeeping (EFD ICMS/IPI) of one unit and month, made of its notes as the law has it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from pipeline.sample import sales
from pipeline.sample.company import LABEL
from pipeline.sample.fiscal_documents import return_notes, sale_notes
from pipeline.sample.fiscal_numbers import ESTABLISHMENTS, STATES
from pipeline.sample.fiscal_xml import COFINS_RATE, ICMS_RATE, INTERSTATE_RATE, PIS_RATE, Note, tax

CITY_CODES = {"MTZ": "3550308", "SUL": "4106902", "NE": "2611606", "CO": "5208707"}


def bookkeeping(unit: str, month: date, known: date) -> bytes:
    """The file of a unit and month as filed on the day `known`: cancelled notes keep their number and no amounts."""
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    state = STATES[unit][0]
    head = f"|0000|019|0|{_day(month)}|{_day(last)}|{LABEL}|{ESTABLISHMENTS[unit]}||{state}||{CITY_CODES[unit]}|||A|1|"
    body = [head, "|0001|0|", "|0990|3|", "|C001|0|"]
    cancelled = {
        (row["invoice_number"], row["series"])
        for row in sales.invoices_truth().iter_rows(named=True)
        if row["cancelled_at"] is not None and row["cancelled_at"].date() <= known
    }
    notes = [(note, key in cancelled) for key, note in sale_notes().items()]
    notes += [(note, False) for _, note in return_notes()]
    for note, is_cancelled in sorted(notes, key=lambda pair: pair[0].issued_at):
        if note.issuer.tax_id == ESTABLISHMENTS[unit] and month <= note.issued_at.date() <= last:
            body += _document(note, is_cancelled=is_cancelled)
    body.append(f"|C990|{sum(line.startswith('|C') for line in body) + 1}|")
    body.append("|9001|0|")
    counts = Counter(line.split("|")[1] for line in body)
    kinds = [*counts, "9900", "9990", "9999"]
    told = {**counts, "9900": len(kinds), "9990": 1, "9999": 1}
    body += [f"|9900|{kind}|{told[kind]}|" for kind in kinds]
    body.append(f"|9990|{len(kinds) + 3}|")
    body.append(f"|9999|{len(body) + 1}|")
    return "".join(f"{line}\r\n" for line in body).encode("cp1252")


def _document(note: Note, *, is_cancelled: bool) -> list[str]:
    operation = "0" if note.direction == 0 else "1"
    who = "" if is_cancelled else note.recipient.tax_id
    head = f"|C100|{operation}|0|{who}|55|{'02' if is_cancelled else '00'}|{note.series:03d}|{note.number}|{note.key}|"
    if is_cancelled:
        return [head + "|" * 20]
    rate = ICMS_RATE if note.issuer.state == note.recipient.state else INTERSTATE_RATE
    total, day = _money(note.total), _day(note.issued_at.date())
    gross, discount = _money(sum(item.gross for item in note.items)), _money(sum(item.discount for item in note.items))
    icms, pis, cofins = (
        _money(sum(tax(item.gross - item.discount, percent) for item in note.items))
        for percent in (rate, PIS_RATE, COFINS_RATE)
    )
    return [
        f"{head}{day}|{day}|{total}|1|{discount}||{gross}|9||||{total}|{icms}||||{pis}|{cofins}|||",
        f"|C190|000|{note.cfop}|{_money(rate)}|{total}|{total}|{icms}|0,00|0,00|0,00|0,00||",
    ]


def _money(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _day(day: date) -> str:
    return f"{day:%d%m%Y}"

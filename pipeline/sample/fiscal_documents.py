"""The fiscal documents of Aurora as files: sales, returns, suppliers' notes, tests, events and unused numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import polars as pl

from pipeline.sample import finance_files, sales, suppliers
from pipeline.sample.company import AS_OF, ERP_CHANGE, LABEL, random_stream
from pipeline.sample.fiscal_numbers import ESTABLISHMENTS, STATE_CODES, STATES, access_key, protocol
from pipeline.sample.fiscal_xml import Item, Note, Party, event, nfe, number_gap, processed

RETURN_SHARE, CORRECTION_SHARE = 0.02, 0.015
RETURN_SERIES = {"MTZ": 11, "SUL": 12, "NE": 13, "CO": 14}
GAP_EVERY, NUMBERS_LOST = 9, 2  # before one return in so many the ERP loses two numbers
TEST_NOTES = 8
SUPPLIER_NOTES = 6
LATE_HOURS = 24
END = datetime.combine(AS_OF, time.max)
# Dirt of the last weeks: a file cut in the download, a transport document, a note that somebody edited by hand.
CUT_FILE, TRANSPORT_FILE, EDITED_FILE = "nfe-cortada.xml", "cte-5511.xml", "nfe-fornecedor-editada.xml"
DIRT_DAY = date(2026, 11, 12)


@dataclass(frozen=True)
class Document:
    """One XML file: when it came to be, its name and bytes."""

    moment: datetime
    name: str
    content: bytes


@cache
def documents() -> tuple[Document, ...]:
    """Every XML file up to the as-of date, in the order in which they came to be."""
    found = [*_sales(), *_returns(), *_of_suppliers(), *_tests(), *_dirt()]
    return tuple(sorted((each for each in found if each.moment <= END), key=lambda each: (each.moment, each.name)))


@cache
def sale_notes() -> dict[tuple[int, str], Note]:
    """The note of every invoice, by number and series."""
    customers = {row["customer_id"]: row for row in sales.customers_truth().iter_rows(named=True)}
    goods = {row["item_id"]: row for row in sales.items_truth().iter_rows(named=True)}
    items: dict[tuple[int, str], list[Item]] = {}
    for row in sales.invoice_items_truth().iter_rows(named=True):
        good = goods[row["item_id"]]
        items.setdefault((row["invoice_number"], row["series"]), []).append(
            Item(row["item_id"], row["description"], good["tax_classification"], good["unit_of_measure"],
                 row["quantity"], row["unit_price_brl"], row["discount_brl"])
        )  # fmt: skip
    bills: dict[tuple[int, str], list[tuple[date, int]]] = {}
    for row in sales.instalments_truth().iter_rows(named=True):
        bills.setdefault((row["invoice_number"], row["series"]), []).append((row["due_date"], row["amount_brl"]))
    return {
        (row["invoice_number"], row["series"]): _note(
            row["business_unit"], row["issued_at"], row["invoice_number"], int(row["series"]),
            customers[row["customer_id"]], tuple(items[row["invoice_number"], row["series"]]), order=row["order_id"],
            instalments=tuple(bills.get((row["invoice_number"], row["series"]), ())),
        )
        for row in sales.invoices_truth().iter_rows(named=True)
    }  # fmt: skip


def _note(
    unit: str, issued: datetime, number: int, series: int, customer: dict[str, Any], items: tuple[Item, ...],
    **more: Any,
) -> Note:  # fmt: skip
    state, code = STATES[unit]
    issuer = Party(ESTABLISHMENTS[unit], LABEL, state)
    recipient = Party(plain(customer["tax_id"]), customer["name"], customer["state"])
    key = access_key(code, issued.date(), issuer.tax_id, series, number)
    cfop = "5102" if state == customer["state"] else "6102"
    told: dict[str, Any] = {"cfop": cfop} | more
    return Note(key, number, series, issuer, recipient, issued, items, **told)


def plain(tax_id: str) -> str:
    """A tax number without its marks."""
    return tax_id.replace(".", "").replace("/", "").replace("-", "")


def _proc(note: Note, authorised: datetime, prefix: str = "nfe") -> Document:
    number = protocol(int(note.key[:2]), authorised.date(), note.key)
    return Document(authorised, f"{prefix}-{note.series}-{note.number}.xml", processed(note, authorised, number))


def _sales() -> list[Document]:
    """Every invoice, the cancellation of those that were cancelled, and letters that correct a few of the others."""
    stream = random_stream("fiscal_corrections")
    found = []
    for row in sales.invoices_truth().iter_rows(named=True):
        note = sale_notes()[row["invoice_number"], row["series"]]
        found.append(_proc(note, row["authorised_at"]))
        draw, hours = stream.random(2)
        state, suffix = int(note.key[:2]), f"{note.series}-{note.number}.xml"
        if row["cancelled_at"] is not None:
            moment = row["cancelled_at"]
            own = protocol(state, row["authorised_at"].date(), note.key)
            is_late = moment - row["authorised_at"] > timedelta(hours=LATE_HOURS)
            detail = f"<descEvento>Cancelamento</descEvento><nProt>{own}</nProt><xJust>Erro no pedido faturado</xJust>"
            number = protocol(state, moment.date(), f"cancelled {note.key}")
            content = event(note.key, "110111", moment, number, detail, "155" if is_late else "135")
            found.append(Document(moment, f"can-{suffix}", content))
        elif draw < CORRECTION_SHARE:
            moment = row["authorised_at"] + timedelta(seconds=int(7_200 + hours * 200_000))
            detail = "<descEvento>Carta de Correcao</descEvento><xCorrecao>Transportadora e peso bruto</xCorrecao>"
            number = protocol(state, moment.date(), f"corrected {note.key}")
            found.append(Document(moment, f"cce-{suffix}", event(note.key, "110110", moment, number, detail)))
    return found


@cache
def return_notes() -> tuple[tuple[datetime, Note], ...]:
    """Entry notes for goods that came back, and when; their numbers skip two now and then, which the ERP lost."""
    stream = random_stream("fiscal_returns")
    customers = {plain(row["tax_id"]): row for row in sales.customers_truth().iter_rows(named=True)}
    drafts = []
    for row in sales.invoices_truth().iter_rows(named=True):
        draw, days, part = stream.random(3)
        if draw < RETURN_SHARE and row["cancelled_at"] is None:
            moment = row["authorised_at"] + timedelta(seconds=int((4 + days * 9) * 86_400))
            drafts.append((moment, row, part))
    next_number = dict.fromkeys(RETURN_SERIES, 1)
    found = []
    for position, (moment, row, part) in enumerate(sorted(drafts, key=lambda draft: draft[0])):
        unit, sold = row["business_unit"], sale_notes()[row["invoice_number"], row["series"]]
        first = sold.items[0]
        back = Item(first.code, first.description, first.ncm, first.unit, max(1, int(first.quantity * part)),
                    first.unit_price)  # fmt: skip
        if _loses_numbers(position):
            next_number[unit] += NUMBERS_LOST
        note = _note(unit, moment, next_number[unit], RETURN_SERIES[unit], customers[sold.recipient.tax_id], (back,),
                     direction=0, nature="Devolucao de venda", purpose=4, cfop="1202", referenced=sold.key)  # fmt: skip
        next_number[unit] += 1
        found.append((moment, note))
    return tuple(found)


def _loses_numbers(position: int) -> bool:
    return position % GAP_EVERY == GAP_EVERY - 1


def _returns() -> list[Document]:
    """The entry notes, and the declarations that the numbers before some of them will not be used."""
    found = []
    for position, (moment, note) in enumerate(return_notes()):
        if _loses_numbers(position):
            first, when, state = note.number - NUMBERS_LOST, moment + timedelta(days=3), int(note.key[:2])
            number = protocol(state, when.date(), f"unused {note.series} {first}")
            content = number_gap(state, note.issuer.tax_id, note.series, first, note.number - 1, when, number)
            found.append(Document(when, f"inu-{note.series}-{first}.xml", content))
        found.append(_proc(note, moment + timedelta(seconds=40)))
    return found


def _of_suppliers() -> list[Document]:
    """Notes that suppliers issued to the head office: their exit (tpNF 1) is no sale of Aurora's."""
    who = {
        row["supplier_id"]: row
        for row in suppliers.supplier_truth().iter_rows(named=True)
        if row["tax_id"] and len(plain(row["tax_id"])) == 14 and row["state"] in STATE_CODES
    }
    rows = (
        finance_files.named_payables()
        .filter(pl.col("business_unit") == "MTZ", pl.col("instalment") == 1, pl.col("supplier_id").is_in(list(who)))
        .filter(pl.col("issue_date").is_between(date(2026, 10, 5), date(2026, 10, 23)))
        .sort("issue_date", "document")
        .unique("supplier_id", keep="first", maintain_order=True)
        .head(SUPPLIER_NOTES)
    )
    return [_proc(_purchase(row, who[row["supplier_id"]]), _noon(row) + timedelta(minutes=2), "forn")
            for row in rows.iter_rows(named=True)]  # fmt: skip


def _noon(row: dict[str, Any]) -> datetime:
    return datetime.combine(row["issue_date"], time(12))


def _purchase(row: dict[str, Any], supplier: dict[str, Any]) -> Note:
    number = int("".join(filter(str.isdigit, row["document"])))
    issuer = Party(plain(supplier["tax_id"]), supplier["name"], supplier["state"])
    key = access_key(STATE_CODES[issuer.state], row["issue_date"], issuer.tax_id, 1, number)
    item = Item("S1", "Mercadoria conforme pedido", "21069090", "UN", 1, row["amount_brl"])
    recipient = Party(ESTABLISHMENTS["MTZ"], LABEL, STATES["MTZ"][0])
    return Note(key, number, 1, issuer, recipient, _noon(row), (item,), instalments=((row["due_date"], item.gross),))


def _tests() -> list[Document]:
    """Notes of the days before the new ERP, sent to the test environment: they have no fiscal value."""
    customer = sales.customers_truth().row(1, named=True)
    name = {"name": "NF-E EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL"}
    found = []
    for position in range(TEST_NOTES):
        moment = datetime.combine(ERP_CHANGE - timedelta(days=5), time(9, 10)) + timedelta(minutes=37 * position)
        item = Item("TESTE", "Produto de teste", "21069090", "UN", 100, 1_000_000)
        note = _note("MTZ", moment, 990_001 + position, 1, customer | name, (item,), environment=2)
        found.append(_proc(note, moment + timedelta(seconds=25)))
    return found


def _dirt() -> list[Document]:
    """What lies about in such folders, and a note that came without its authorisation before it came with it."""
    moment = datetime.combine(DIRT_DAY, time(15))
    in_time = [row for row in sales.invoices_truth().iter_rows(named=True) if row["authorised_at"] <= moment]
    note = sale_notes()[in_time[-1]["invoice_number"], in_time[-1]["series"]]
    whole = processed(note, moment, "135260000000000")
    item = Item("S9", "Material editado", "21069090", "UN", 3, 45_000)
    sample = _of_suppliers()[0].content.decode()
    key = access_key(35, DIRT_DAY, sample.split("<emit><CNPJ>")[1][:14], 1, 77_001)
    issuer = Party(key[6:20], "Fornecedor Alterado Ltda", "SP")
    edited = Note(key, 77_001, 1, issuer, Party(ESTABLISHMENTS["MTZ"], LABEL, "SP"), moment, (item,))
    content = processed(edited, moment, protocol(35, DIRT_DAY, key)).replace(b"<vNF>1350.00", b"<vNF>1850.00")
    content = content.replace(b"<vProd>1350.00</vProd><vDesc>", b"<vProd>1850.00</vProd><vDesc>")
    transport = (
        '<?xml version="1.0" encoding="UTF-8"?><cteProc xmlns="http://www.portalfiscal.inf.br/cte" versao="4.00">'
        '<CTe><infCte versao="4.00" Id="CTe"><ide><nCT>5511</nCT></ide></infCte></CTe></cteProc>'
    )
    return [
        Document(moment, CUT_FILE, whole[: len(whole) // 2]),
        Document(moment, TRANSPORT_FILE, transport.encode()),
        Document(moment, EDITED_FILE, content),
        Document(moment, f"nfe-{note.series}-{note.number}-assinada.xml", nfe(note).encode()),
    ]

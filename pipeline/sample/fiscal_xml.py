"""NF-e, events and unused numbers as XML: whole in structure, without signature and with the groups that are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

NAMESPACE = "http://www.portalfiscal.inf.br/nfe"
ICMS_RATE, INTERSTATE_RATE, PIS_RATE, COFINS_RATE = 1800, 1200, 165, 760  # hundredths of a percent
CONTRIBUTIONS_FROM = 2026  # earlier notes tell PIS and COFINS in their totals only, to keep the sample small


@dataclass(frozen=True)
class Party:
    """Who issues or receives: CNPJ without marks, name, state."""

    tax_id: str
    name: str
    state: str


@dataclass(frozen=True)
class Item:
    """An item; amounts in cents, quantity in units."""

    code: str
    description: str
    ncm: str
    unit: str
    quantity: int
    unit_price: int
    discount: int = 0

    @property
    def gross(self) -> int:
        """Value before the discount, cents."""
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class Note:
    """What one NF-e says; instants are local."""

    key: str
    number: int
    series: int
    issuer: Party
    recipient: Party
    issued_at: datetime
    items: tuple[Item, ...]
    nature: str = "Venda de mercadoria"
    cfop: str = "5102"
    direction: int = 1
    environment: int = 1
    purpose: int = 1
    order: str = ""
    referenced: str = ""
    instalments: tuple[tuple[date, int], ...] = ()

    @property
    def total(self) -> int:
        """Total of the document, cents."""
        return sum(item.gross - item.discount for item in self.items)


def nfe(note: Note) -> str:
    """The NFe element: what the issuer sends."""
    rate = ICMS_RATE if note.issuer.state == note.recipient.state else INTERSTATE_RATE
    referenced = f"<NFref><refNFe>{note.referenced}</refNFe></NFref>" if note.referenced else ""
    bills = "".join(
        f"<dup><nDup>{number:03d}</nDup><dVenc>{due}</dVenc><vDup>{_money(amount)}</vDup></dup>"
        for number, (due, amount) in enumerate(note.instalments, 1)
    )
    items = "".join(_item(note, item, number, rate) for number, item in enumerate(note.items, 1))
    return (
        f'<NFe xmlns="{NAMESPACE}"><infNFe versao="4.00" Id="NFe{note.key}"><ide><cUF>{note.key[:2]}</cUF>'
        f"<natOp>{note.nature}</natOp><mod>55</mod><serie>{note.series}</serie><nNF>{note.number}</nNF>"
        f"<dhEmi>{_moment(note.issued_at)}</dhEmi><tpNF>{note.direction}</tpNF><tpEmis>1</tpEmis>"
        f"<tpAmb>{note.environment}</tpAmb><finNFe>{note.purpose}</finNFe>{referenced}</ide>"
        f"<emit><CNPJ>{note.issuer.tax_id}</CNPJ><xNome>{escape(note.issuer.name)}</xNome><enderEmit>"
        f"<UF>{note.issuer.state}</UF></enderEmit><CRT>3</CRT></emit><dest><CNPJ>{note.recipient.tax_id}</CNPJ>"
        f"<xNome>{escape(note.recipient.name)}</xNome><enderDest><UF>{note.recipient.state}</UF></enderDest></dest>"
        f"{items}{_totals(note, rate)}{f'<cobr>{bills}</cobr>' if bills else ''}"
        f"{f'<compra><xPed>{note.order}</xPed></compra>' if note.order else ''}</infNFe></NFe>"
    )


def processed(note: Note, authorised_at: datetime, protocol: str) -> bytes:
    """The nfeProc file: the document and its authorisation."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><nfeProc xmlns="{NAMESPACE}" versao="4.00">{nfe(note)}'
        f'<protNFe versao="4.00"><infProt><tpAmb>{note.environment}</tpAmb><chNFe>{note.key}</chNFe>'
        f"<dhRecbto>{_moment(authorised_at)}</dhRecbto><nProt>{protocol}</nProt><cStat>100</cStat>"
        "<xMotivo>Autorizado o uso da NF-e</xMotivo></infProt></protNFe></nfeProc>"
    ).encode()


def event(key: str, kind: str, moment: datetime, protocol: str, detail: str, status: str = "135") -> bytes:
    """A procEventoNFe file; `detail` is what stands in detEvento."""
    same = f"<chNFe>{key}</chNFe>"
    which = f"<tpEvento>{kind}</tpEvento><nSeqEvento>1</nSeqEvento>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><procEventoNFe xmlns="{NAMESPACE}" versao="1.00"><evento '
        f'versao="1.00"><infEvento Id="ID{kind}{key}01"><cOrgao>{key[:2]}</cOrgao><tpAmb>1</tpAmb>'
        f"<CNPJ>{key[6:20]}</CNPJ>{same}<dhEvento>{_moment(moment)}</dhEvento>{which}<verEvento>1.00</verEvento>"
        f'<detEvento versao="1.00">{detail}</detEvento></infEvento></evento><retEvento versao="1.00"><infEvento>'
        f"<tpAmb>1</tpAmb><cStat>{status}</cStat><xMotivo>Evento registrado e vinculado a NF-e</xMotivo>{same}{which}"
        f"<dhRegEvento>{_moment(moment)}</dhRegEvento><nProt>{protocol}</nProt></infEvento></retEvento></procEventoNFe>"
    ).encode()


def number_gap(state: int, tax_id: str, series: int, first: int, last: int, moment: datetime, protocol: str) -> bytes:
    """A procInutNFe file: numbers that will never be used."""
    numbers = (
        f"<ano>{moment:%y}</ano><CNPJ>{tax_id}</CNPJ><mod>55</mod><serie>{series}</serie><nNFIni>{first}</nNFIni>"
        f"<nNFFin>{last}</nNFFin>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><procInutNFe xmlns="{NAMESPACE}" versao="4.00"><inutNFe versao="4.00">'
        f"<infInut><tpAmb>1</tpAmb><xServ>INUTILIZAR</xServ><cUF>{state}</cUF>{numbers}<xJust>Salto de numeracao no "
        f'sistema</xJust></infInut></inutNFe><retInutNFe versao="4.00"><infInut><tpAmb>1</tpAmb><cStat>102</cStat>'
        f"<xMotivo>Inutilizacao de numero homologado</xMotivo><cUF>{state}</cUF>{numbers}"
        f"<dhRecbto>{_moment(moment)}</dhRecbto><nProt>{protocol}</nProt></infInut></retInutNFe></procInutNFe>"
    ).encode()


def _item(note: Note, item: Item, number: int, rate: int) -> str:
    discount = f"<vDesc>{_money(item.discount)}</vDesc>" if item.discount else ""
    contributions = ""
    if note.issued_at.year >= CONTRIBUTIONS_FROM:
        contributions = (
            f"<PIS><PISAliq><CST>01</CST>{_tax('PIS', item, PIS_RATE)}</PISAliq></PIS><COFINS><COFINSAliq><CST>01</CST>"
            f"{_tax('COFINS', item, COFINS_RATE)}</COFINSAliq></COFINS>"
        )
    return (
        f'<det nItem="{number}"><prod><cProd>{item.code}</cProd><xProd>{escape(item.description)}</xProd>'
        f"<NCM>{item.ncm}</NCM><CFOP>{note.cfop}</CFOP><uCom>{item.unit}</uCom><qCom>{item.quantity}.0000</qCom>"
        f"<vUnCom>{_money(item.unit_price)}</vUnCom><vProd>{_money(item.gross)}</vProd>{discount}<indTot>1</indTot>"
        f"</prod><imposto><ICMS><ICMS00><orig>0</orig><CST>00</CST>{_tax('ICMS', item, rate)}</ICMS00></ICMS>"
        f"{contributions}</imposto></det>"
    )


def _tax(name: str, item: Item, rate: int) -> str:
    base = item.gross - item.discount
    return f"<vBC>{_money(base)}</vBC><p{name}>{_money(rate)}</p{name}><v{name}>{_money(tax(base, rate))}</v{name}>"


def tax(base: int, rate: int) -> int:
    """The tax on a base, cents, rounded half up; the rate in hundredths of a percent."""
    return (base * rate + 5_000) // 10_000


def _totals(note: Note, rate: int) -> str:
    def of(percent: int) -> str:
        return _money(_sum(tax(item.gross - item.discount, percent) for item in note.items))

    return (
        f"<total><ICMSTot><vBC>{_money(note.total)}</vBC><vICMS>{of(rate)}</vICMS>"
        f"<vProd>{_money(_sum(item.gross for item in note.items))}</vProd>"
        f"<vDesc>{_money(_sum(item.discount for item in note.items))}</vDesc><vPIS>{of(PIS_RATE)}</vPIS>"
        f"<vCOFINS>{of(COFINS_RATE)}</vCOFINS><vNF>{_money(note.total)}</vNF></ICMSTot></total>"
    )


def _sum(amounts: Iterable[int]) -> int:
    return sum(amounts)


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}-03:00"

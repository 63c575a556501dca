"""NF-e: what the file says becomes rows to the cent; what does not add up or is no NF-e is told and kept out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest

from ingestion.contracts import Contract
from ingestion.members import Member, MemberTables
from ingestion.readers.nfe import NfeReader
from ingestion.reports import FileReport
from tests.ingestion.nfe_files import (
    ISSUER,
    NAMESPACE,
    access_key,
    answer,
    authorised,
    document,
    event,
    item,
    totals,
)

Load = Callable[..., FileReport]


@pytest.fixture
def read(contracts: dict[str, Contract]) -> Callable[..., tuple[duckdb.DuckDBPyConnection, MemberTables]]:
    """`read(name=content, …)` reads a batch and returns its connection and tables."""

    def read_batch(**files: bytes) -> tuple[duckdb.DuckDBPyConnection, MemberTables]:
        connection = duckdb.connect()
        members = [Member(f"{name}.xml", content) for name, content in files.items()]
        return connection, NfeReader().read_members(connection, members, contracts, None)

    return read_batch


def rows(store: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return store.execute(query).fetchall()


def test_an_authorised_document(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    after = "<cobr><dup><nDup>001</nDup><dVenc>2026-12-03</dVenc><vDup>60.00</vDup></dup><dup><nDup>002</nDup>\
<dVenc>2027-01-02</dVenc><vDup>40.00</vDup></dup></cobr><compra><xPed>PV-77</xPed></compra>"
    report = load(authorised(7, after=after), name="nota.xml")
    assert report.state == "loaded", report.message
    assert {table.table: table.rows_loaded for table in report.tables} == {
        "fiscal.fiscal_documents": 1,
        "fiscal.fiscal_document_items": 1,
        "fiscal.fiscal_document_instalments": 2,
        "fiscal.fiscal_document_taxes": 2,
    }
    assert rows(
        store,
        "select access_key, protocol, model, series, number, environment, direction, purpose, "
        "cast(issued_at as varchar), issued_offset, cast(authorised_at as varchar), status_code, issuer_tax_id, "
        "issuer_name, recipient_tax_id, order_reference, total_brl, count_items from fiscal.fiscal_documents",
    ) == [(
        access_key(7), "135260000000001", "55", 1, 7, "production", "exit", "normal", "2026-11-03 13:20:30", "-03:00",
        "2026-11-03 13:21:00", "100", ISSUER, "Aurora & Filhos", "52998224725", "PV-77", Decimal("100.00"), 1,
    )]  # fmt: skip
    # Ten decimals of a unit price come through untouched.
    (found,) = rows(store, "select quantity, unit_price_brl, products_brl, cfop from fiscal.fiscal_document_items")
    assert found == (Decimal("3.000000"), Decimal("33.3333333333"), Decimal("100.00"), "5102")
    assert rows(store, "select tax, situation_code, rate, amount_brl from fiscal.fiscal_document_taxes order by 1") == [
        ("icms", "00", Decimal("18.000000"), Decimal("18.00")),
        ("pis", "01", Decimal("1.650000"), Decimal("1.65")),
    ]
    assert rows(store, "select sum(amount_brl) from fiscal.fiscal_document_instalments") == [(Decimal("100.00"),)]


def test_without_an_answer_it_is_not_authorised(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    load(document(1).encode(), name="sem_protocolo.xml")
    assert rows(store, "select protocol, status_code, authorised_at from fiscal.fiscal_documents") == [
        ("none", None, None)
    ]
    # The authorised file comes later, and the one without an answer once more: the answer is not lost.
    load(authorised(1), name="procNFe.xml")
    load(document(1).encode() + b"\n", name="de_novo.xml")
    found = rows(store, "select protocol from fiscal.fiscal_documents where _valid_to is null order by 1")
    assert found == [("135260000000001",), ("none",)]


def test_an_answer_to_another_document_authorises_nothing(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    content = f"<nfeProc {NAMESPACE}>{document(1)}{answer(access_key(2))}</nfeProc>"
    load(content.encode(), name="trocado.xml")
    assert rows(store, "select protocol from fiscal.fiscal_documents") == [("none",)]


def test_homologation_and_entries_are_kept_and_marked(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    load(authorised(1, environment="2"), name="teste.xml")
    load(authorised(2, direction="0"), name="entrada.xml")
    assert rows(store, "select number, environment, direction from fiscal.fiscal_documents order by 1") == [
        (1, "homologation", "exit"),
        (2, "production", "entry"),
    ]


@pytest.mark.parametrize(
    ("items", "total", "words"),
    [
        (item(1), totals("100.01"), "vProd of the items adds up to 100.00, and the total says 100.01"),
        (item(1, product="<vDesc>5.00</vDesc>"), totals("100.00", "95.00"), "vDesc of the items adds up to 5.00"),
        (item(1), totals("100.00", "110.00", vFrete="10.00"), "vFrete of the items adds up to 0.00"),
        (item(1, "cem"), totals("100.00"), "an amount of an item is no number"),
        ("<!-- none -->", totals("100.00"), "the document has no items"),
    ],
)
def test_items_that_do_not_add_up_are_quarantined(
    load: Load, store: duckdb.DuckDBPyConnection, items: str, total: str, words: str
) -> None:
    report = load(authorised(1, items=items, total=total), name="nota.xml")
    assert words in report.quarantine[0].reason
    assert not rows(store, "select * from fiscal.fiscal_documents")
    assert not rows(store, "select * from fiscal.fiscal_document_items")
    assert all(table.rows_read == table.rows_quarantined for table in report.tables)


@pytest.mark.parametrize(
    ("items", "total"),
    [
        # A gift that does not count in the total, expenses spread over items, and a service beside the goods.
        (
            item(1) + item(2, "9.99").replace("<indTot>1<", "<indTot>0<"),
            totals("100.00"),
        ),
        (
            item(1, product="<vFrete>7.01</vFrete>") + item(2, "50.00", product="<vFrete>2.99</vFrete>"),
            totals("150.00", "160.00", vFrete="10.00"),
        ),
        (
            item(1) + item(2, "30.00", taxes="<ISSQN><vBC>30.00</vBC><vAliq>5.00</vAliq><vISSQN>1.50</vISSQN></ISSQN>"),
            totals("100.00", "130.00").replace("</total>", "<ISSQNtot><vServ>30.00</vServ></ISSQNtot></total>"),
        ),
    ],
)
def test_items_that_add_up_are_loaded(load: Load, items: str, total: str) -> None:
    report = load(authorised(1, items=items, total=total), name="nota.xml")
    assert not report.quarantine, report.quarantine
    assert report.tables[1].rows_loaded == 2


def test_taxes_of_every_kind(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    taxes = (
        "<ICMS><ICMS10><CST>10</CST><vBC>100.00</vBC><pICMS>18.00</pICMS><vICMS>18.00</vICMS><vBCST>140.00</vBCST>"
        "<pICMSST>18.00</pICMSST><vICMSST>7.20</vICMSST></ICMS10></ICMS><IPI><cEnq>999</cEnq><IPITrib><CST>50</CST>"
        "<vBC>100.00</vBC><pIPI>5.00</pIPI><vIPI>5.00</vIPI></IPITrib></IPI><II><vBC>100.00</vBC><vII>2.00</vII></II>"
        "<COFINS><COFINSNT><CST>07</CST></COFINSNT></COFINS><ICMSUFDest><vBCUFDest>100.00</vBCUFDest><pICMSUFDest>18.00"
        "</pICMSUFDest><vICMSUFDest>6.00</vICMSUFDest></ICMSUFDest><IBSCBS><CST>000</CST><gIBSCBS><vBC>100.00</vBC>"
        "<vIBS>0.10</vIBS><gCBS><pCBS>0.9000</pCBS><vCBS>0.90</vCBS></gCBS></gIBSCBS></IBSCBS>"
    )
    load(authorised(1, items=item(1, taxes=taxes)), name="nota.xml")
    found = rows(store, "select tax, situation_code, amount_brl from fiscal.fiscal_document_taxes order by tax")
    assert found == [
        ("cbs", "000", Decimal("0.90")), ("cofins", "07", None), ("ibs", "000", Decimal("0.10")),
        ("icms", "10", Decimal("18.00")), ("icms_destination", None, Decimal("6.00")),
        ("icms_st", "10", Decimal("7.20")), ("ii", None, Decimal("2.00")), ("ipi", "50", Decimal("5.00")),
    ]  # fmt: skip


def test_events(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    for position, (kind, sequence, status) in enumerate(
        [("110111", 1, "135"), ("110110", 1, "135"), ("110110", 2, "573"), ("110112", 1, "")]
    ):
        report = load(event(1, kind, sequence, status=status), name=f"evento{position}.xml")
        assert report.state == "loaded", report.message
    assert rows(
        store,
        "select event_type, sequence, protocol, status_code, cast(registered_at as varchar), justification, "
        "substitute_key from fiscal.fiscal_events order by 1, 2",
    ) == [
        ("110110", 1, "135260000000777", "135", "2026-11-04 12:00:00", "Peso bruto 12 kg", None),
        ("110110", 2, "none", "573", "2026-11-04 12:00:00", "Peso bruto 12 kg", None),
        ("110111", 1, "135260000000777", "135", "2026-11-04 12:00:00", "Pedido desfeito", None),
        ("110112", 1, "none", None, None, "Contingencia", access_key(2)),
    ]
    assert rows(store, "select distinct access_key, issuer_tax_id from fiscal.fiscal_events") == [
        (access_key(1), ISSUER)
    ]


def test_unused_numbers(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    range_of = f"<ano>26</ano><CNPJ>{ISSUER}</CNPJ><mod>55</mod><serie>1</serie><nNFIni>11</nNFIni><nNFFin>13</nNFFin>"
    content = (
        f"<procInutNFe {NAMESPACE}><inutNFe><infInut><tpAmb>1</tpAmb><xServ>INUTILIZAR</xServ><cUF>35</cUF>{range_of}"
        f"<xJust>Salto na numeracao</xJust></infInut></inutNFe><retInutNFe><infInut><tpAmb>1</tpAmb><cStat>102</cStat>"
        f"<xMotivo>Homologada</xMotivo><cUF>35</cUF>{range_of}<dhRecbto>2026-11-05T09:00:00-03:00</dhRecbto>"
        "<nProt>135260000000555</nProt></infInut></retInutNFe></procInutNFe>"
    )
    load(content.encode(), name="inut.xml")
    assert rows(
        store,
        "select year, first_number, last_number, protocol, status_code, justification from fiscal.fiscal_number_gaps",
    ) == [(2026, 11, 13, "135260000000555", "102", "Salto na numeracao")]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{inner}</s:Body>\
</s:Envelope>',
        lambda inner: f"<enviNFe {NAMESPACE}><idLote>1</idLote>{inner}</enviNFe>",
        lambda inner: f"\n  \ufeff{inner}",
        lambda inner: inner.replace(f" {NAMESPACE}", ""),
        lambda inner: inner.replace(f"<NFe {NAMESPACE}", '<n:NFe xmlns:n="http://www.portalfiscal.inf.br/nfe"')
        .replace("</", "</n:").replace("</n:NFe>", "</NFe>").replace("<", "<n:").replace("<n:/n:", "</n:")
        .replace("<n:/NFe>", "</n:NFe>").replace("<n:n:NFe", "<n:NFe"),
    ],
    ids=["soap", "lot", "blank and mark", "no namespace", "prefix"],
)  # fmt: skip
def test_whatever_it_is_wrapped_in(load: Load, wrap: Callable[[str], str]) -> None:
    report = load(wrap(document(3)).encode(), name="nota.xml")
    assert report.state == "loaded", report.message
    assert [table.rows_loaded for table in report.tables] == [1, 1, 2]


def test_a_header_that_lies_about_the_encoding(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    load(authorised(1).decode().encode("cp1252"), name="nota.xml")
    assert rows(store, "select description from fiscal.fiscal_document_items") == [("Café torrado 1",)]


def test_dates_without_time_or_offset(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    load(authorised(1, issued="2013-05-02").replace(b"dhEmi", b"dEmi"), name="antiga.xml")
    load(authorised(2, issued="ontem"), name="ruim.xml")
    assert rows(store, "select number, cast(issued_at as varchar) from fiscal.fiscal_documents") == [
        (1, "2013-05-02 03:00:00")
    ]
    assert rows(store, "select distinct reason from load.quarantine") == [
        ('dhEmi "ontem" is not a date and time (aaaa-mm-dd hh:mm:ss)',)
    ]


def test_a_batch_keeps_apart_whose_row_is_whose(
    read: Callable[..., tuple[duckdb.DuckDBPyConnection, MemberTables]],
) -> None:
    connection, batch = read(
        one=authorised(1),
        wrong=authorised(2, total=totals("1.00")),
        cancelled=event(1),
        cut=authorised(3)[:900],
        page=b"<!DOCTYPE html><html><body>Login</body></html>",
        transport=b'<cteProc xmlns="http://www.portalfiscal.inf.br/cte"><CTe/></cteProc>',
        other=b"<order><line/></order>",
        text=b"chave;valor\n1;2\n",
        empty=b"",
    )
    tables = {table.table: table for table in batch.tables}
    assert {name: table.rows_read for name, table in tables.items()} == {
        "fiscal.fiscal_documents": 2,
        "fiscal.fiscal_document_items": 2,
        "fiscal.fiscal_document_taxes": 4,
        "fiscal.fiscal_events": 1,
    }
    relation = tables["fiscal.fiscal_document_items"].relation
    found = connection.execute(f"select _member, _problem is null from {relation} order by 1").fetchall()
    assert found == [("one.xml", True), ("wrong.xml", False)]
    assert {rejected.name: rejected.message.partition(": ")[0] for rejected in batch.rejected} == {
        "cut.xml": "cut.xml, line 1",
        "page.xml": "page.xml is a web page (HTML), not a fiscal document.",
        "other.xml": "other.xml is XML, and holds no NF-e, NFC-e, event or number gap (its root is order).",
        "text.xml": "text.xml is not XML.",
        "empty.xml": "empty.xml is empty.",
    }
    assert all(rejected.remedy for rejected in batch.rejected)
    assert batch.notes == {
        "transport.xml": "transport.xml is a transport document (CT-e): there is nothing in it to load"
    }


def test_lines_of_one_line_files_are_kept_apart(
    read: Callable[..., tuple[duckdb.DuckDBPyConnection, MemberTables]],
) -> None:
    after = "<cobr><dup><vDup>1.00</vDup></dup><dup><vDup>2.00</vDup></dup></cobr>"
    both = "".join(document(number, items=item(1) + item(2, "50.00"), total=totals("150.00"), after=after)
                   for number in (1, 2))  # fmt: skip
    connection, batch = read(lot=f"<lote>{both}</lote>".encode())
    assert [table.rows_read for table in batch.tables] == [2, 4, 4, 8]
    for table in batch.tables:
        (counted,) = connection.execute(f"select count(*), count(distinct _line) from {table.relation}").fetchall()
        assert counted[0] == counted[1], table.table

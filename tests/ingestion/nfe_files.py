"""NF-e files for the tests: whole and right unless told otherwise."""

from __future__ import annotations

NAMESPACE = 'xmlns="http://www.portalfiscal.inf.br/nfe"'
ISSUER = "12ABC34501DE35"  # alphanumeric, as CNPJs may be since July 2026


def access_key(number: int, *, issuer: str = ISSUER, model: str = "55", series: int = 1) -> str:
    """44 characters; the check digit is not computed, for nothing here depends on it."""
    return f"352611{issuer}{model}{series:03}{number:09}1{number % 10**8:08}0"


def item(number: int, amount: str = "100.00", *, product: str = "", taxes: str = "") -> str:
    """One det; `product` is put into prod, after the amount."""
    taxes = taxes or (
        "<ICMS><ICMS00><orig>0</orig><CST>00</CST><modBC>3</modBC><vBC>100.00</vBC><pICMS>18.0000</pICMS>"
        "<vICMS>18.00</vICMS></ICMS00></ICMS><PIS><PISAliq><CST>01</CST><vBC>100.00</vBC><pPIS>1.65</pPIS>"
        "<vPIS>1.65</vPIS></PISAliq></PIS>"
    )
    return (
        f'<det nItem="{number}"><prod><cProd>P{number}</cProd><cEAN>SEM GTIN</cEAN><xProd>Café torrado {number}</xProd>'
        f"<NCM>09012100</NCM><CFOP>5102</CFOP><uCom>CX</uCom><qCom>3.0000</qCom><vUnCom>33.3333333333</vUnCom>"
        f"<vProd>{amount}</vProd>{product}<indTot>1</indTot></prod><imposto>{taxes}</imposto></det>"
    )


def totals(products: str, total: str | None = None, **others: str) -> str:
    """The total group; `others` are elements of ICMSTot."""
    rest = "".join(f"<{name}>{value}</{name}>" for name, value in others.items())
    return f"<total><ICMSTot><vProd>{products}</vProd>{rest}<vNF>{total or products}</vNF></ICMSTot></total>"


def answer(key: str, status: str = "100") -> str:
    """The answer of the tax authority."""
    return (
        f'<protNFe versao="4.00"><infProt><tpAmb>1</tpAmb><chNFe>{key}</chNFe>'
        f"<dhRecbto>2026-11-03T10:21:00-03:00</dhRecbto><nProt>135260000000001</nProt><cStat>{status}</cStat>"
        "<xMotivo>Autorizado o uso da NF-e</xMotivo></infProt></protNFe>"
    )


def document(
    number: int = 1,
    *,
    items: str = "",
    total: str = "",
    environment: str = "1",
    direction: str = "1",
    issued: str = "2026-11-03T10:20:30-03:00",
    after: str = "",
    head: str = "",
) -> str:
    """One NFe element, without the declaration and without the answer."""
    return (
        f'<NFe {NAMESPACE}><infNFe versao="4.00" Id="NFe{access_key(number)}"><ide><cUF>35</cUF><natOp>Venda</natOp>'
        f"<mod>55</mod><serie>1</serie><nNF>{number}</nNF><dhEmi>{issued}</dhEmi><tpNF>{direction}</tpNF>"
        f"<tpEmis>1</tpEmis><tpAmb>{environment}</tpAmb><finNFe>1</finNFe>{head}</ide><emit><CNPJ>{ISSUER}</CNPJ>"
        "<xNome>Aurora &amp; Filhos</xNome><enderEmit><UF>SP</UF></enderEmit><CRT>3</CRT></emit><dest>"
        "<CPF>52998224725</CPF><xNome>Maria</xNome><enderDest><UF>PR</UF></enderDest></dest>"
        f"{items or item(1)}{total or totals('100.00')}{after}</infNFe></NFe>"
    )


def authorised(number: int = 1, **parts: str) -> bytes:
    """A whole nfeProc file: the document and its answer."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><nfeProc {NAMESPACE} versao="4.00">{document(number, **parts)}'
        f"{answer(access_key(number))}</nfeProc>"
    ).encode()


def event(number: int = 1, kind: str = "110111", sequence: int = 1, *, status: str = "135") -> bytes:
    """A procEventoNFe with its answer; no answer where the status is blank."""
    key = access_key(number)
    protocol = "<nProt>135260000000777</nProt>" if status in ("135", "136", "155") else ""
    answered = (
        f'<retEvento versao="1.00"><infEvento><tpAmb>1</tpAmb><cStat>{status}</cStat><xMotivo>Evento registrado'
        f"</xMotivo><chNFe>{key}</chNFe><tpEvento>{kind}</tpEvento><nSeqEvento>{sequence}</nSeqEvento>"
        f"<dhRegEvento>2026-11-04T09:00:00-03:00</dhRegEvento>{protocol}</infEvento></retEvento>"
    )
    detail = {
        "110111": "<descEvento>Cancelamento</descEvento><nProt>135260000000001</nProt><xJust>Pedido desfeito</xJust>",
        "110110": "<descEvento>Carta de Correcao</descEvento><xCorrecao>Peso bruto 12 kg</xCorrecao>",
        "110112": f"<descEvento>Cancelamento por substituicao</descEvento><xJust>Contingencia</xJust><chNFeRef>"
                  f"{access_key(number + 1)}</chNFeRef>",
    }[kind]  # fmt: skip
    return (
        f'<procEventoNFe {NAMESPACE} versao="1.00"><evento versao="1.00"><infEvento Id="ID{kind}{key}{sequence:02}">'
        f"<cOrgao>35</cOrgao><tpAmb>1</tpAmb><CNPJ>{ISSUER}</CNPJ><chNFe>{key}</chNFe>"
        f"<dhEvento>2026-11-04T08:59:00-03:00</dhEvento><tpEvento>{kind}</tpEvento><nSeqEvento>{sequence}</nSeqEvento>"
        f'<verEvento>1.00</verEvento><detEvento versao="1.00">{detail}</detEvento></infEvento></evento>'
        f"{answered if status else ''}</procEventoNFe>"
    ).encode()

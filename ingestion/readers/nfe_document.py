"""One infNFe → rows of document, items, instalments and taxes, all text as the file writes it."""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.readers.nfe_xml import Element, local_name, texts

Row = tuple[str | int | None, ...]

DOCUMENT_COLUMNS = (
    "access_key", "protocol", "model", "series", "number", "environment", "direction", "purpose", "emission_type",
    "operation_nature", "issued_at", "issued_offset", "departed_at", "authorised_at", "status_code", "status_reason",
    "issuer_tax_id", "issuer_name", "issuer_state", "issuer_tax_regime", "recipient_tax_id", "recipient_name",
    "recipient_state", "order_reference", "referenced_key", "products_brl", "discount_brl", "freight_brl",
    "insurance_brl", "other_brl", "services_brl", "icms_brl", "icms_st_brl", "ipi_brl", "pis_brl", "cofins_brl",
    "total_brl", "count_items",
)  # fmt: skip
ITEM_COLUMNS = (
    "access_key", "item_number", "item_id", "gtin", "description", "ncm", "cfop", "sales_unit", "quantity",
    "unit_price_brl", "products_brl", "discount_brl", "freight_brl", "insurance_brl", "other_brl", "counts_in_total",
    "order_reference", "order_line",
)  # fmt: skip
INSTALMENT_COLUMNS = ("access_key", "instalment", "due_date", "amount_brl")
TAX_COLUMNS = ("access_key", "item_number", "tax", "situation_code", "base_brl", "rate", "amount_brl")

# What a person looks for in the file when a value is in quarantine: column → element.
ELEMENTS = {
    "access_key": "Id", "protocol": "nProt", "model": "mod", "series": "serie", "number": "nNF",
    "environment": "tpAmb", "direction": "tpNF", "purpose": "finNFe", "operation_nature": "natOp",
    "issued_at": "dhEmi", "departed_at": "dhSaiEnt", "authorised_at": "dhRecbto", "status_code": "cStat",
    "issuer_tax_id": "emit/CNPJ", "recipient_tax_id": "dest/CNPJ", "products_brl": "vProd", "discount_brl": "vDesc",
    "freight_brl": "vFrete", "insurance_brl": "vSeg", "other_brl": "vOutro", "total_brl": "vNF",
    "item_number": "nItem", "item_id": "cProd", "description": "xProd", "cfop": "CFOP", "quantity": "qCom",
    "unit_price_brl": "vUnCom", "instalment": "nDup", "due_date": "dVenc", "event_type": "tpEvento",
    "sequence": "nSeqEvento", "event_at": "dhEvento", "registered_at": "dhRegEvento", "first_number": "nNFIni",
    "last_number": "nNFFin", "year": "ano",
}  # fmt: skip

# Group under imposto → tax, and its base, rate and amount. Amounts of ICMS and of IBS and CBS are read apart.
PLAIN_TAXES = {
    "IPI": ("ipi", "vBC", "pIPI", "vIPI"),
    "PIS": ("pis", "vBC", "pPIS", "vPIS"),
    "PISST": ("pis_st", "vBC", "pPIS", "vPIS"),
    "COFINS": ("cofins", "vBC", "pCOFINS", "vCOFINS"),
    "COFINSST": ("cofins_st", "vBC", "pCOFINS", "vCOFINS"),
    "II": ("ii", "vBC", "", "vII"),
    "ISSQN": ("issqn", "vBC", "vAliq", "vISSQN"),
    "ICMSUFDest": ("icms_destination", "vBCUFDest", "pICMSUFDest", "vICMSUFDest"),
    "IS": ("is", "vBCIS", "pIS", "vIS"),
}


class DocumentRows:
    """Collects the rows of many documents; each row ends with its member, its line and its document's number."""

    def __init__(self) -> None:
        self.documents: list[Row] = []
        self.items: list[Row] = []
        self.instalments: list[Row] = []
        self.taxes: list[Row] = []
        self.services: list[Row] = []  # document's number and item's amount, of items under ISSQN
        self._member = ""
        self._last_lines: dict[str, int] = {}

    def _line(self, table: str, element: Element) -> int:
        """The line of an element; where one line holds many rows of a table, each still gets a line of its own."""
        line = max(self._last_lines.get(table, 0) + 1, element.sourceline or 1)
        self._last_lines[table] = line
        return line

    def add(self, member: str, part: Element, answer: dict[str, str | None]) -> None:
        """Add one infNFe with the texts of its infProt (none: not authorised)."""
        sections = {local_name(child): child for child in part if not str(child.tag).endswith("}det")}
        details = [child for child in part if local_name(child) == "det"]
        head, totals = texts(sections.get("ide")), sections.get("total")
        issuer, recipient = sections.get("emit"), sections.get("dest")
        issuer_texts, recipient_texts = texts(issuer), texts(recipient)
        sums, service_sums = texts(_child(totals, "ICMSTot")), texts(_child(totals, "ISSQNtot"))
        key = (part.get("Id") or "").removeprefix("NFe")
        issued = head.get("dhEmi") or head.get("dEmi")
        tail = (member, len(self.documents))
        if member != self._member:
            self._member, self._last_lines = member, {}
        self.documents.append((
            key, answer.get("nProt"), head.get("mod"), head.get("serie"), head.get("nNF"), head.get("tpAmb"),
            head.get("tpNF"), head.get("finNFe"), head.get("tpEmis"), head.get("natOp"), issued,
            (issued or "")[19:] or None, head.get("dhSaiEnt") or head.get("dSaiEnt"), answer.get("dhRecbto"),
            answer.get("cStat"), answer.get("xMotivo"), issuer_texts.get("CNPJ") or issuer_texts.get("CPF"),
            issuer_texts.get("xNome"), texts(_child(issuer, "enderEmit")).get("UF"), issuer_texts.get("CRT"),
            recipient_texts.get("CNPJ") or recipient_texts.get("CPF"), recipient_texts.get("xNome"),
            texts(_child(recipient, "enderDest")).get("UF"), texts(sections.get("compra")).get("xPed"),
            texts(_child(sections.get("ide"), "NFref")).get("refNFe"), sums.get("vProd"), sums.get("vDesc"),
            sums.get("vFrete"), sums.get("vSeg"), sums.get("vOutro"), service_sums.get("vServ"), sums.get("vICMS"),
            sums.get("vST"), sums.get("vIPI"), sums.get("vPIS"), sums.get("vCOFINS"), sums.get("vNF"),
            str(len(details)), self._line("documents", part), *tail,
        ))  # fmt: skip
        for detail in details:
            product = _child(detail, "prod")
            values, number = texts(product), detail.get("nItem")
            self.items.append((
                key, number, values.get("cProd"), values.get("cEAN"), values.get("xProd"), values.get("NCM"),
                values.get("CFOP"), values.get("uCom"), values.get("qCom"), values.get("vUnCom"),
                values.get("vProd"), values.get("vDesc"), values.get("vFrete"), values.get("vSeg"),
                values.get("vOutro"), values.get("indTot"), values.get("xPed"), values.get("nItemPed"),
                self._line("items", detail), *tail,
            ))  # fmt: skip
            for tax in _taxes(_child(detail, "imposto")):
                self.taxes.append((key, number, *tax, self._line("taxes", detail), *tail))
                if tax[0] == "issqn":
                    self.services.append((tail[1], values.get("vProd")))
        billing = sections.get("cobr")
        for ordinal, bill in enumerate(() if billing is None else billing.iterfind("{*}dup"), 1):
            values = texts(bill)
            name = values.get("nDup") or f"{ordinal:03}"
            self.instalments.append(
                (key, name, values.get("dVenc"), values.get("vDup"), self._line("bills", bill), *tail)
            )


def _child(element: Element | None, name: str) -> Element | None:
    if element is not None:
        for child in element:
            if child.tag.endswith(name) and local_name(child) == name:
                return child
    return None


def _taxes(element: Element | None) -> Iterator[Row]:
    """Tax, situation, base, rate and amount of every tax under one item."""
    if element is None:
        return
    for group in element:
        name = local_name(group)
        if name == "ICMS":
            yield from _icms(texts(group[0] if len(group) else None))
        elif name == "IBSCBS":
            yield from _ibs_and_cbs(group)
        elif name in PLAIN_TAXES:
            tax, base, rate, amount = PLAIN_TAXES[name]
            values = texts(group)
            if name in ("PIS", "COFINS", "IPI"):
                # Under IPI stand texts beside the group that says how it is taxed; under PIS and COFINS that alone.
                values = next((texts(child) for child in group if len(child)), values)
            yield (tax, values.get("CST") or values.get("CSTIS"), values.get(base), values.get(rate),
                   values.get(amount))  # fmt: skip


def _icms(values: dict[str, str | None]) -> Iterator[Row]:
    situation = values.get("CST") or values.get("CSOSN")
    yield "icms", situation, values.get("vBC"), values.get("pICMS"), values.get("vICMS")
    if values.get("vICMSST"):
        yield "icms_st", situation, values.get("vBCST"), values.get("pICMSST"), values.get("vICMSST")
    if values.get("vFCP"):
        yield "fcp", situation, values.get("vBCFCP"), values.get("pFCP"), values.get("vFCP")


def _ibs_and_cbs(group: Element) -> Iterator[Row]:
    """Since 2026: one base, IBS of state and city together, CBS of the federation."""
    situation, inner = texts(group).get("CST"), _child(group, "gIBSCBS")
    values, federal = texts(inner), texts(_child(inner, "gCBS"))
    if values.get("vIBS"):
        yield "ibs", situation, values.get("vBC"), None, values.get("vIBS")
    if federal.get("vCBS"):
        yield "cbs", situation, values.get("vBC"), federal.get("pCBS"), federal.get("vCBS")

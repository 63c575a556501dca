"""Events (cancellation, correction …) and unused numbers of NF-e → rows, all text as the file writes it."""

from __future__ import annotations

from collections.abc import Iterable

from ingestion.readers.nfe_document import Row
from ingestion.readers.nfe_xml import Element, local_name, texts

EVENT_COLUMNS = (
    "access_key", "event_type", "sequence", "protocol", "environment", "issuer_tax_id", "author_tax_id", "event_at",
    "registered_at", "status_code", "status_reason", "description", "document_protocol", "justification",
    "substitute_key",
)  # fmt: skip
GAP_COLUMNS = (
    "issuer_tax_id", "model", "series", "year", "first_number", "last_number", "protocol", "environment", "state",
    "registered_at", "status_code", "status_reason", "justification",
)  # fmt: skip
_ISSUER_IN_KEY = slice(6, 20)


def event_rows(member: str, parts: Iterable[Element]) -> list[Row]:
    """One row an event: the request with its answer; a request or an answer alone makes a row as well.

    An event that was refused has no protocol, and its status says why: it changed nothing.
    """
    requests: dict[tuple[str | None, ...], tuple[Element, dict[str, str | None]]] = {}
    answers: dict[tuple[str | None, ...], tuple[Element, dict[str, str | None]]] = {}
    for part in parts:
        values = texts(part)
        event = tuple(values.get(name) for name in ("chNFe", "tpEvento", "nSeqEvento"))
        # Only a request says what is asked for; only an answer has a status.
        (requests if "detEvento" in values else answers)[event] = (part, values)
    rows: list[Row] = []
    line = 0
    for event in requests | answers:
        part, asked = requests.get(event) or answers[event]
        answered = answers.get(event, (None, {}))[1]
        detail = texts(next((child for child in part if local_name(child) == "detEvento"), None))
        line = max(line + 1, part.sourceline or 1)
        key = event[0] or ""
        rows.append((
            key, event[1], event[2], answered.get("nProt"), asked.get("tpAmb"), key[_ISSUER_IN_KEY] or None,
            asked.get("CNPJ") or asked.get("CPF"), asked.get("dhEvento") or answered.get("dhRegEvento"),
            answered.get("dhRegEvento"), answered.get("cStat"), answered.get("xMotivo"),
            detail.get("descEvento") or answered.get("xEvento"), detail.get("nProt"),
            detail.get("xJust") or detail.get("xCorrecao"), detail.get("chNFeRef"), line, member, None,
        ))  # fmt: skip
    return rows


def gap_rows(member: str, parts: Iterable[Element]) -> list[Row]:
    """One row a range of unused numbers: the request with its answer, or either alone."""
    requests: dict[tuple[str | None, ...], tuple[Element, dict[str, str | None]]] = {}
    answers: dict[tuple[str | None, ...], tuple[Element, dict[str, str | None]]] = {}
    for part in parts:
        values = texts(part)
        numbers = tuple(values.get(name) for name in ("CNPJ", "mod", "serie", "ano", "nNFIni", "nNFFin"))
        (answers if "cStat" in values else requests)[numbers] = (part, values)
    rows: list[Row] = []
    line = 0
    for numbers in requests | answers:
        part, asked = requests.get(numbers) or answers[numbers]
        answered = answers.get(numbers, (None, {}))[1]
        tax_id, model, series, year, first, last = numbers
        line = max(line + 1, part.sourceline or 1)
        # The year stands with two digits.
        year = f"20{year}" if year is not None and len(year) == 2 else year
        rows.append((
            tax_id, model, series, year, first, last, answered.get("nProt"), asked.get("tpAmb"), asked.get("cUF"),
            answered.get("dhRecbto"), answered.get("cStat"), answered.get("xMotivo"), asked.get("xJust"),
            line, member, None,
        ))  # fmt: skip
    return rows

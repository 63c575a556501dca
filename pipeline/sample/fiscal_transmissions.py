"""The ERP's log of transmissions: every attempt to have a note authorised, and what the tax authority answered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import polars as pl

from pipeline.sample import sales
from pipeline.sample.company import AS_OF, COMPANY, ERP_CHANGE, random_stream
from pipeline.sample.fiscal_documents import sale_notes
from pipeline.sample.fiscal_numbers import ESTABLISHMENTS, access_key

# The table of NCM codes was updated on Monday, and the head office's ERP went on with the old one for a week.
TABLE_CHANGE, TABLE_CHANGE_END = date(2026, 10, 19), date(2026, 10, 25)
TABLE_CHANGE_UNIT = "MTZ"
TABLE_CHANGE_CODE = "778"
REJECTED_SHARE, REJECTED_IN_THE_CHANGE = 0.025, 0.8
PENDING_SHARE = 0.01  # no answer yet: asked for again a moment later
REASONS = {
    "100": "Autorizado o uso da NF-e",
    "105": "Lote em processamento",
    "110": "Uso Denegado",
    "204": "Duplicidade de NF-e",
    "225": "Falha no Schema XML da NF-e",
    "233": "IE do destinatario nao cadastrada",
    "610": "Total da NF difere do somatorio dos valores",
    TABLE_CHANGE_CODE: "Informado NCM inexistente",
    "135": "Evento registrado e vinculado a NF-e",
    "501": "Prazo de cancelamento superior ao previsto",
}
_USUAL = ("225", "233", "610", "204")


@cache
def transmissions_truth() -> pl.DataFrame:
    """One row a transmission up to the as-of date, in the order in which they were sent; instants are local."""
    stream = random_stream("fiscal_transmissions")
    rows: list[dict[str, Any]] = []
    for invoice in sales.invoices_truth().iter_rows(named=True):
        draw, code, pending, times = stream.random(4)
        authorised = invoice["authorised_at"]
        is_change = invoice["business_unit"] == TABLE_CHANGE_UNIT and (
            TABLE_CHANGE <= authorised.date() <= TABLE_CHANGE_END
        )
        answers = []
        if draw < (REJECTED_IN_THE_CHANGE if is_change else REJECTED_SHARE):
            usual = _USUAL[int(code * len(_USUAL))]
            answers = [TABLE_CHANGE_CODE if is_change else usual] * (1 + int(times * (3 if is_change else 1.2)))
        if pending < PENDING_SHARE:
            answers.append("105")
        # What was rejected was sent between the moment the goods left and the moment of the note that stands.
        start, issued = invoice["shipped_at"], invoice["issued_at"]
        step = max((issued - start) / (len(answers) + 1), timedelta(seconds=1))
        for attempt, answer in enumerate(answers, 1):
            rows.append(_row(invoice, start + attempt * step, answer))
        rows.append(_row(invoice, issued + timedelta(seconds=5), "100", authorised))
        if invoice["cancelled_at"] is not None:
            moment = invoice["cancelled_at"]
            is_late = moment - authorised > timedelta(hours=24)
            told = ("501", "135") if is_late else ("135",)
            rows += [_row(invoice, moment, answer) | {"service": "Cancelamento"} for answer in told]
    rows += _denied()
    rows += _tests()
    end = datetime.combine(AS_OF, time.max)
    frame = pl.DataFrame(rows).filter(pl.col("answered_at") <= end).sort("sent_at", "number", maintain_order=True)
    return frame.select(
        pl.lit(COMPANY).alias("company"), "business_unit",
        pl.format("T{}", pl.int_range(100_001, 100_001 + frame.height)).alias("transmission_id"),
        pl.all().exclude("business_unit"),
    )  # fmt: skip


def _row(invoice: dict[str, Any], sent: datetime, code: str, answered: datetime | None = None) -> dict[str, Any]:
    return {
        "business_unit": invoice["business_unit"],
        "sent_at": sent,
        "answered_at": answered or sent + timedelta(seconds=4),
        "model": "55",
        "series": int(invoice["series"]),
        "number": invoice["invoice_number"],
        "access_key": sale_notes()[invoice["invoice_number"], invoice["series"]].key,
        "environment": "Produção",
        "service": "Autorização",
        "status_code": code,
        "status_reason": REASONS[code],
    }


def _denied() -> list[dict[str, Any]]:
    """Two notes to a customer with an irregular registration: denied, which is no rejection; the number is lost."""
    found = []
    for position, day in enumerate((date(2025, 3, 12), date(2026, 5, 6))):
        key = access_key(35, day, ESTABLISHMENTS["MTZ"], 9, position + 1)
        moment = datetime.combine(day, time(11, 20))
        found.append({
            "business_unit": "MTZ", "sent_at": moment, "answered_at": moment + timedelta(seconds=6), "model": "55",
            "series": 9, "number": position + 1, "access_key": key, "environment": "Produção",
            "service": "Autorização", "status_code": "110", "status_reason": REASONS["110"],
        })  # fmt: skip
    return found


def _tests() -> list[dict[str, Any]]:
    """Transmissions to the test environment before the new ERP: most of them rejected, none of which counts."""
    found = []
    for position in range(40):
        moment = datetime.combine(ERP_CHANGE - timedelta(days=5), time(9, 0)) + timedelta(minutes=11 * position)
        code = "100" if position % 5 == 4 else "225"
        key = access_key(35, moment.date(), ESTABLISHMENTS["MTZ"], 1, 990_001 + position // 5)
        found.append({
            "business_unit": "MTZ", "sent_at": moment, "answered_at": moment + timedelta(seconds=3), "model": "55",
            "series": 1, "number": 990_001 + position // 5, "access_key": key, "environment": "Homologação",
            "service": "Autorização", "status_code": code, "status_reason": REASONS[code],
        })  # fmt: skip
    return found


def transmissions_known(day: date) -> pl.DataFrame:
    """The log up to a day."""
    return transmissions_truth().filter(pl.col("answered_at").dt.date() <= day)

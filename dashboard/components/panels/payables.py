"""Payables: what is still open by age, and who waits for it."""

from __future__ import annotations

import polars as pl

from dashboard import formats
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.components.area import empty, listing, panel
from dashboard.language import N_, _, plural
from dashboard.published import Publication
from dashboard.queries.areas import area_table

BANDS = {
    "not_due": N_("not due yet"),
    "1_30": N_("1–30 days overdue"),
    "31_60": N_("31–60 days overdue"),
    "61_90": N_("61–90 days overdue"),
    "over_90": N_("over 90 days overdue"),
}


def ageing(publication: Publication, unit: str) -> None:
    """Open amount by how long it is overdue, in order of age."""
    question = _("What do we owe, and for how long?")
    rows = {
        band: (documents, amount)
        for band, documents, amount in area_table(publication, "payables_ageing", unit).iter_rows()
    }
    if not rows:
        empty(publication, "fct_payables", unit, question, _("Nothing is open."))
        return
    bars = []
    for band, words in BANDS.items():
        documents, amount = rows.get(band, (0, 0.0))
        count = plural("{count} document", "{count} documents", documents).format(count=formats.number(documents))
        money = formats.money_compact(amount)
        text = f"{money} · {formats.number(documents)}"
        bars.append(
            Bar(_(words), amount, text, ORDINARY if band == "not_due" else WORSE, f"{_(words)}: {money}, {count}")
        )
    whole = sum(amount for _documents, amount in rows.values())
    overdue = whole - rows.get("not_due", (0, 0.0))[1]
    answer = _("{overdue} of {whole} are overdue ({share}); {old} for more than 90 days.").format(
        overdue=formats.money_compact(overdue), whole=formats.money_compact(whole),
        share=formats.percent(overdue / whole if whole else 0, 0),
        old=formats.money_compact(rows.get("over_90", (0, 0.0))[1]),
    )  # fmt: skip
    table = pl.DataFrame(
        {
            "ageing_band": [_(words) for words in BANDS.values()],
            "documents": [rows.get(band, (0, 0.0))[0] for band in BANDS],
            "amount_brl": [rows.get(band, (0, 0.0))[1] for band in BANDS],
        }
    )
    panel(publication, question, answer, horizontal_bars(bars), "ageing", table, kpi="paid_late",
          note=_("Money and number of documents."))  # fmt: skip


def overdue_suppliers(publication: Publication, unit: str) -> None:
    """The suppliers to whom most is overdue."""
    rows = area_table(publication, "overdue_suppliers", unit)
    listing(publication, "fct_payables", unit, _("Who waits for our money?"), _("Nothing is overdue.") if rows.is_empty() else "", rows,
            kpi="paid_late")  # fmt: skip

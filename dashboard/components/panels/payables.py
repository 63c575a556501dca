"""Payables: what is still open by age, and who waits for it."""

from __future__ import annotations

import streamlit as st

from dashboard import formats
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.components.area import chart, nothing
from dashboard.components.tables import draw
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
    st.subheader(_("Open payables by age"), anchor=False)
    rows = {
        band: (documents, amount)
        for band, documents, amount in area_table(publication, "payables_ageing", unit).iter_rows()
    }
    if not rows:
        nothing(_("Nothing is open."))
        return
    bars = []
    for band, words in BANDS.items():
        documents, amount = rows.get(band, (0, 0.0))
        count = plural("{count} document", "{count} documents", documents).format(count=formats.number(documents))
        text = formats.money_compact(amount)
        bars.append(
            Bar(_(words), amount, text, ORDINARY if band == "not_due" else WORSE, f"{_(words)}: {text}, {count}")
        )
    chart(horizontal_bars(bars), "ageing", _("Open payables by age"))


def overdue_suppliers(publication: Publication, unit: str) -> None:
    """The suppliers to whom most is overdue."""
    st.subheader(_("Most overdue suppliers"), anchor=False)
    rows = area_table(publication, "overdue_suppliers", unit)
    if rows.is_empty():
        nothing(_("Nothing is overdue."))
        return
    draw(rows, _("Suppliers to whom most is overdue"))

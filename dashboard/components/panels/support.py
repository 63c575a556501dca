"""Internal support: what is open at each desk, how long it takes, and the oldest tickets."""

from __future__ import annotations

import streamlit as st

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.codes import worded
from dashboard.components.area import chart, nothing
from dashboard.components.tables import draw
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.areas import area_table
from dashboard.queries.definitions import business_units


def open_tickets(publication: Publication, unit: str) -> None:
    """Open tickets by desk, those beyond their target apart."""
    st.subheader(_("Open tickets by desk"), anchor=False)
    rows = area_table(publication, "open_tickets", unit).rows()
    if not rows:
        nothing(_("No ticket is open."))
        return
    bars = []
    for desk, is_breached, tickets in rows:
        words = _("beyond target") if is_breached else _("within target")
        label = f"{vocabulary.member(desk)}, {words}"
        bars.append(Bar(label, tickets, formats.number(tickets), WORSE if is_breached else ORDINARY))
    chart(horizontal_bars(bars), "open_tickets", _("Open tickets by desk"))


def oldest_tickets(publication: Publication, unit: str) -> None:
    """The tickets that have been open longest, in business hours, with file and line."""
    st.subheader(_("Oldest open tickets"), anchor=False)
    rows = area_table(publication, "oldest_tickets", unit)
    if rows.is_empty():
        nothing(_("No ticket is open."))
        return
    draw(worded(rows, business_units(publication)), _("Oldest open tickets"))

"""Internal support: what is open at each desk, how long it takes, and the oldest tickets."""

from __future__ import annotations

import polars as pl

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.components.area import empty, listing, panel
from dashboard.components.panels.timelines import total
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.areas import area_table


def open_tickets(publication: Publication, unit: str) -> None:
    """Open tickets by desk, those beyond their target apart."""
    question = _("What is open, and beyond its target?")
    rows = area_table(publication, "open_tickets", unit)
    if rows.is_empty():
        empty(publication, "fct_tickets", unit, question, _("No ticket is open."))
        return
    bars, labels = [], []
    for desk, is_breached, tickets in rows.iter_rows():
        words = _("beyond target") if is_breached else _("within target")
        label = f"{vocabulary.member(desk)}, {words}"
        labels.append(label)
        bars.append(Bar(label, tickets, formats.number(tickets), WORSE if is_breached else ORDINARY))
    breached = total(rows.filter(pl.col("is_breached")), "tickets")
    answer = plural(
        "{breached} of {open} open tickets is beyond its target.",
        "{breached} of {open} open tickets are beyond their target.", breached,
    ).format(breached=formats.number(breached), open=formats.number(total(rows, "tickets")))  # fmt: skip
    table = pl.DataFrame({"desk": labels, "tickets": rows["tickets"]})
    panel(publication, question, answer, horizontal_bars(bars), "open_tickets", table, kpi="ticket_backlog")


def oldest_tickets(publication: Publication, unit: str) -> None:
    """The tickets that have been open longest, in business hours, with file and line."""
    rows = area_table(publication, "oldest_tickets", unit)
    listing(publication, "fct_tickets", unit, _("Which tickets wait longest?"), _("No ticket is open.") if rows.is_empty() else "", rows,
            kpi="ticket_backlog")  # fmt: skip

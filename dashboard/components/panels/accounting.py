"""Accounting: errors by kind and by the module they came from (Pareto)."""

from __future__ import annotations

import streamlit as st

from dashboard import formats
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import WORSE
from dashboard.codes import word
from dashboard.components.area import chart, nothing
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.areas import area_table


def _pareto(publication: Publication, query: str, column: str, unit: str, description: str) -> None:
    rows = area_table(publication, query, unit).rows()
    if not rows:
        nothing(_("No error in the last 13 weeks."))
        return
    total = rows[0][3]  # of all rows, those too that are not drawn
    bars, running = [], 0
    for member, entries, amount, _all_entries in rows:
        running += entries
        count = plural("{count} entry", "{count} entries", entries).format(count=formats.number(entries))
        label = word(column, member)
        text = f"{formats.number(entries)} · {formats.percent(running / total, 0)}"
        bars.append(Bar(label, entries, text, WORSE, f"{label}: {count}, {formats.money_compact(amount)}"))
    chart(horizontal_bars(bars), query, description)
    st.caption(_("Entries in error, and the share that these rows explain so far."))


def errors_by_kind(publication: Publication, unit: str) -> None:
    """What went wrong, the most frequent first."""
    st.subheader(_("Errors by kind, last 13 weeks"), anchor=False)
    _pareto(publication, "error_kinds", "error_kind", unit, _("Errors by kind"))


def errors_by_module(publication: Publication, unit: str) -> None:
    """Where it came from, the most frequent first."""
    st.subheader(_("Errors by module, last 13 weeks"), anchor=False)
    _pareto(publication, "error_modules", "module", unit, _("Errors by module"))

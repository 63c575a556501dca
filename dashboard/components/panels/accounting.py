"""Accounting: errors by kind and by the module they came from (Pareto)."""

from __future__ import annotations

from dashboard import formats
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import WORSE
from dashboard.codes import word
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.areas import area_table


def _pareto(publication: Publication, question: str, query: str, column: str, unit: str) -> None:
    span = recent_words(grain())
    rows = area_table(publication, query, unit, grain())
    if rows.is_empty():
        empty(publication, "fct_journal_entries", unit, question, _("No error: {span}.").format(span=span))
        return
    every = rows["all_entries"][0]  # of all rows, those too that are not drawn
    bars, running = [], 0
    for member, entries, amount, _all_entries in rows.iter_rows():
        running += entries
        count = plural("{count} entry", "{count} entries", entries).format(count=formats.number(entries))
        label = word(column, member)
        text = f"{formats.number(entries)} · {formats.percent(running / every, 0)}"
        bars.append(Bar(label, entries, text, WORSE, f"{label}: {count}, {formats.money_compact(amount)}"))
    answer = _("{most}: {share} of {count} entries in error, {span}.").format(
        most=bars[0].label, share=formats.percent(rows["entries"][0] / every, 0), count=formats.number(every), span=span
    )
    table = rows.rename({"member": column, "amount": "amount_brl"}).drop("all_entries")
    panel(publication, question, answer, horizontal_bars(bars), query, table, kpi="journal_error_rate",
          note=_("Entries in error, and the share that these rows explain so far."))  # fmt: skip


def errors_by_kind(publication: Publication, unit: str) -> None:
    """What went wrong, the most frequent first."""
    _pareto(publication, _("What goes wrong in the books?"), "error_kinds", "error_kind", unit)


def errors_by_module(publication: Publication, unit: str) -> None:
    """Where it came from, the most frequent first."""
    _pareto(publication, _("Where do the errors come from?"), "error_modules", "module", unit)


def largest_errors(publication: Publication, unit: str) -> None:
    """The entries in error that weigh most, with file and line."""
    rows = area_table(publication, "largest_errors", unit, grain())
    span = recent_words(grain())
    answer = _("No error: {span}.").format(span=span) if rows.is_empty() else span + "."
    listing(
        publication,
        "fct_journal_entries",
        unit,
        _("Which errors weigh most?"),
        answer,
        rows,
        kpi="journal_error_value_rate",
    )

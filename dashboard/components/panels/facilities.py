"""Facilities: maintenance that is open, done in its window or not, and the inspections that rules demand."""

from __future__ import annotations

import polars as pl

from dashboard import formats
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.columns import Part, stacked_columns
from dashboard.charts.template import BETTER, CHANGED, ORDINARY, WORSE
from dashboard.codes import word
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.components.panels.overdue import counted_by_band
from dashboard.components.panels.timelines import over_periods, period_table, running_note, since_words, total
from dashboard.language import N_, _
from dashboard.published import Publication
from dashboard.queries.facilities import QUERIES
from dashboard.queries.windows import ask, window

BANDS = {
    "overdue_over_30": N_("overdue for more than 30 days"),
    "overdue_30": N_("overdue for up to 30 days"),
    "in_window": N_("due, still in its window"),
    "ahead": N_("due later"),
}
FEWEST = 5  # orders below which a share would mislead


def open_orders(publication: Publication, unit: str) -> None:
    """Open maintenance by how long it is overdue, in order of age."""
    question = _("Which maintenance is open?")
    rows = ask(publication, QUERIES["open_orders"], unit, "week")
    if rows.is_empty():
        empty(publication, "fct_maintenance_orders", unit, question, _("No maintenance is open."))
        return
    bars, answer = counted_by_band(dict(rows.iter_rows()), BANDS)
    table = ask(publication, QUERIES["next_orders"], unit, "week")
    panel(publication, question, answer, horizontal_bars(bars), "open_orders", table, kpi="maintenance_compliance",
          note=_("Orders by the day they were due; the window is 10% of the interval on either side."))  # fmt: skip


def maintenance(publication: Publication, unit: str) -> None:
    """Maintenance by the period in which it fell due: in its window, done outside it, not done."""
    question = _("Is maintenance done when it should be?")
    days = window(publication, grain())
    rows = ask(publication, QUERIES["maintenance"], unit, days.grain)
    if rows.is_empty():
        empty(
            publication,
            "fct_maintenance_orders",
            unit,
            question,
            _("Nothing fell due: {span}.").format(span=since_words(days)),
        )
        return
    values = over_periods(rows, days, ("in_window", "off_window", "not_done"))
    parts = [
        Part(_("in its window"), BETTER, values["in_window"]),
        Part(_("too early or too late"), WORSE, values["off_window"]),
        Part(_("not done"), CHANGED, values["not_done"]),
    ]
    good, off, missing = (int(sum(values[name])) for name in ("in_window", "off_window", "not_done"))
    answer = _("{good} of {due} in their window ({share}); {off} outside it, {missing} not done, {span}.").format(
        good=formats.number(good), due=formats.number(good + off + missing), share=formats.percent(good / (good + off + missing)),
        off=formats.number(off), missing=formats.number(missing), span=since_words(days),
    )  # fmt: skip
    note = (
        _(":blue[■] in its window · :orange[■] too early or too late · :violet[■] not done") + ". " + running_note(days)
    )
    figure = stacked_columns(days.starts, parts, days.grain, formats.number, is_running=days.is_running)
    panel(
        publication,
        question,
        answer,
        figure,
        "maintenance",
        period_table(rows, days),
        kpi="maintenance_compliance",
        note=note,
    )


def by_equipment(publication: Publication, unit: str) -> None:
    """The share done in its window by kind of equipment, the lowest first."""
    question = _("Which equipment is neglected?")
    rows = ask(publication, QUERIES["by_equipment"], unit, grain())
    if rows.is_empty():
        empty(
            publication,
            "fct_maintenance_orders",
            unit,
            question,
            _("Nothing fell due: {span}.").format(span=recent_words(grain())),
        )
        return
    ranked = rows.with_columns((pl.col("in_window") / pl.col("orders")).alias("share"))
    enough = ranked.filter(pl.col("orders") >= FEWEST).sort("share", "asset_class")
    bars = []
    for name, orders, good, share in enough.iter_rows():
        text = f"{formats.percent(share, 0)} · " + _("{good} of {due}").format(
            good=formats.number(good), due=formats.number(orders)
        )
        bars.append(Bar(word("asset_class", name), share, text, ORDINARY))
    if not bars:
        empty(
            publication,
            "fct_maintenance_orders",
            unit,
            question,
            _("Fewer than five orders of every kind: a share would mislead."),
        )
        return
    text = _("{name} least: {share} in their window, {span}.")
    if bars[0].value == 1:
        text = _("None: all were done in their window, {span}.")
    answer = text.format(name=bars[0].label, share=formats.percent(bars[0].value, 0), span=recent_words(grain()))
    note = _("Share of the orders due that were done in their window.")
    few = ranked.height - enough.height
    if few:
        note += " " + _("Kinds with fewer than five orders are not drawn ({count}).").format(count=formats.number(few))
    panel(
        publication,
        question,
        answer,
        horizontal_bars(bars),
        "by_equipment",
        rows,
        kpi="maintenance_compliance",
        note=note,
    )


def inspections(publication: Publication, unit: str) -> None:
    """Inspections that fell due, by what is inspected: those passed in time, and those that were not."""
    question = _("Do we pass the inspections that rules demand?")
    rows = ask(publication, QUERIES["inspections"], unit, grain())
    due = total(rows, "due") if not rows.is_empty() else 0
    if not due:
        empty(
            publication,
            "fct_inspections",
            unit,
            question,
            _("No inspection fell due: {span}.").format(span=recent_words(grain())),
        )
        return
    bars = []
    for row in rows.filter(pl.col("due") > 0).sort("subject").iter_rows(named=True):
        missed = row["due"] - row["compliant"]
        text = _("{good} of {due}").format(good=formats.number(row["compliant"]), due=formats.number(row["due"]))
        bars.append(Bar(word("subject", row["subject"]), row["due"], text, WORSE if missed else ORDINARY))
    good = total(rows, "compliant")
    answer = _("{good} of {due} passed in time, {conditional} of them with remarks; {missing} still missing, {span}.").format(
        good=formats.number(good), due=formats.number(due), conditional=formats.number(total(rows, "conditional")),
        missing=formats.number(total(rows, "missing")), span=recent_words(grain()),
    )  # fmt: skip
    panel(publication, question, answer, horizontal_bars(bars), "inspections", rows, kpi="inspection_compliance",
          note=_("Inspections due; :orange[■] where one was late, missing or failed."))  # fmt: skip


def next_orders(publication: Publication, unit: str) -> None:
    """The open orders due first, with file and line."""
    rows = ask(publication, QUERIES["next_orders"], unit, "week")
    listing(publication, "fct_maintenance_orders", unit, _("Which maintenance comes first?"), _("No maintenance is open.") if rows.is_empty() else "", rows,
            kpi="maintenance_compliance")  # fmt: skip

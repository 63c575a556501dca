"""Procurement: what waits in which step, where the time and the money go, and what is wrong in the register."""

from __future__ import annotations

import polars as pl

from dashboard import formats
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.columns import Part, stacked_columns
from dashboard.charts.template import BETTER, CHANGED, ORDINARY, WORSE
from dashboard.codes import word
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.components.panels.timelines import (
    known_over_periods,
    period_table,
    running_note,
    since_words,
    summed,
    total,
)
from dashboard.language import N_, _, plural
from dashboard.published import Publication
from dashboard.queries.procurement import QUERIES
from dashboard.queries.windows import ask, window

STEPS = {
    "requested": N_("waits for approval"),
    "approved": N_("waits for the order"),
    "ordered": N_("waits for the goods"),
}
FAULTS = ("incomplete", "invalid_tax_id", "not_reviewed")


def days_words(value: float) -> str:
    """Days in a chart: `4,2 d`."""
    return formats.quantity(value, "days", 0 if value == int(value) else 1, compact=True)


def waiting(publication: Publication, unit: str) -> None:
    """Open requests by the step that they wait for, and for how long."""
    question = _("What is waiting, and where?")
    rows = ask(publication, QUERIES["waiting"], unit, "week")
    if rows.is_empty():
        empty(publication, "fct_purchase_requests", unit, question, _("No purchase request is open."))
        return
    found = {row["step"]: row for row in rows.to_dicts()}
    bars = []
    for step, words in STEPS.items():
        row = found.get(step)
        if row is None:
            bars.append(Bar(_(words), 0, formats.number(0), ORDINARY))
            continue
        text = f"{formats.number(row['requests'])} · {formats.money_compact(row['amount_brl'])}"
        hover = _("{step}: half for {median} or longer, at most {most}").format(
            step=_(words),
            median=formats.quantity(row["median_days"], "days"),
            most=formats.quantity(row["most_days"], "days"),
        )
        bars.append(Bar(_(words), row["requests"], f"{text} · {days_words(row['median_days'])}", ORDINARY, hover))
    slowest = max((row for row in found.values()), key=lambda row: row["most_days"])
    count = total(rows, "requests")
    answer = plural("{count} open request", "{count} open requests", count).format(count=formats.number(count))
    answer += _(", {amount}; the longest {step} for {days}.").format(
        amount=formats.money_compact(summed(rows, "amount_brl")), step=_(STEPS[slowest["step"]]) if slowest["step"] in STEPS else str(slowest["step"]),
        days=formats.quantity(slowest["most_days"], "days"),
    )  # fmt: skip
    panel(publication, question, answer, horizontal_bars(bars), "waiting", rows, kpi="purchase_cycle_time",
          note=_("Number of requests, their amount, and the median wait in this step."))  # fmt: skip


def cycle_steps(publication: Publication, unit: str) -> None:
    """Mean days of each step of what was received in a period; the parts add up to the whole."""
    question = _("Where does a purchase lose its time?")
    days = window(publication, grain())
    rows = ask(publication, QUERIES["steps"], unit, days.grain)
    if rows.is_empty():
        empty(
            publication,
            "fct_purchase_requests",
            unit,
            question,
            _("No purchase was received: {span}.").format(span=since_words(days)),
        )
        return
    values = known_over_periods(rows, days, ("approve", "order_days", "receive"))
    names = {"approve": _("approval"), "order_days": _("ordering"), "receive": _("delivery")}
    colours = {"approve": CHANGED, "order_days": ORDINARY, "receive": BETTER}
    parts = [Part(names[name], colours[name], values[name]) for name in names]
    weights = rows["requests"]
    means = {name: float((rows[name] * weights).sum() or 0) / total(rows, "requests") for name in names}
    answer = _("{whole} on average: {approve} for approval, {order} for the order, {receive} for delivery, {span}.").format(
        whole=formats.quantity(sum(means.values()), "days", 1), approve=days_words(round(means["approve"], 1)),
        order=days_words(round(means["order_days"], 1)), receive=days_words(round(means["receive"], 1)),
        span=since_words(days),
    )  # fmt: skip
    note = (
        _(":violet[■] approval · :gray[■] ordering · :blue[■] delivery, mean days of what was received")
        + ". "
        + running_note(days)
    )
    figure = stacked_columns(days.starts, parts, days.grain, days_words, is_running=days.is_running)
    table = period_table(rows, days).rename(
        {"approve": "days_for_approval", "order_days": "days_for_order", "receive": "days_for_delivery"}
    )
    panel(publication, question, answer, figure, "cycle_steps", table, kpi="purchase_cycle_time", note=note)


def spend(publication: Publication, unit: str) -> None:
    """The largest suppliers with the share that they explain so far, and how many make up four fifths."""
    question = _("On whom do we depend?")
    rows = ask(publication, QUERIES["spend"], unit, grain())
    if rows.is_empty():
        empty(
            publication,
            "fct_supplier_invoices",
            unit,
            question,
            _("No invoice was received: {span}.").format(span=recent_words(grain())),
        )
        return
    every = rows["all_brl"][0]
    bars = []
    names = rows["supplier_name"].to_list()
    for supplier, code, invoices, amount, running, *_totals in rows.iter_rows():
        name = supplier if names.count(supplier) == 1 else f"{code} {supplier}"  # two suppliers of one name
        text = f"{formats.money_compact(amount)} · {formats.percent(running / every, 0)}"
        count = plural("{count} invoice", "{count} invoices", invoices).format(count=formats.number(invoices))
        bars.append(Bar(name, amount, text, ORDINARY, f"{name}: {formats.money_compact(amount)}, {count}"))
    answer = _("{class_a} of {suppliers} suppliers make up {most} of {amount}; the largest {share}, {span}.").format(
        most=formats.percent(0.8, 0),
        class_a=formats.number(rows["class_a"][0]), suppliers=formats.number(rows["suppliers"][0]),
        amount=formats.money_compact(every), share=formats.percent(rows["amount_brl"][0] / every), span=recent_words(grain()),
    )  # fmt: skip
    panel(publication, question, answer, horizontal_bars(bars), "spend", rows.select("supplier_name", "supplier_id", "invoices", "amount_brl"),
          kpi="amount_paid", note=_("Invoices received, the ten largest suppliers, and the share that these rows explain so far."))  # fmt: skip


def register(publication: Publication, unit: str) -> None:
    """What is wrong with active suppliers, the first fault of each."""
    question = _("What is wrong in the supplier register?")
    rows = ask(publication, QUERIES["register"], unit, "week")
    if rows.is_empty():
        empty(publication, "fct_supplier_checks", unit, question, _("No supplier is active."))
        return
    found = {fault: count for fault, count, _duplicates in rows.iter_rows()}
    every = total(rows, "suppliers")
    kinds = [*FAULTS, *sorted(set(found) - {*FAULTS, "none"})]
    bars = []
    for fault in sorted(kinds, key=lambda kind: -found.get(kind, 0)):
        count = found.get(fault, 0)
        bars.append(
            Bar(
                word("first_fault", fault),
                count,
                f"{formats.number(count)} · {formats.percent(count / every, 0)}",
                WORSE,
            )
        )
    duplicates = total(rows, "duplicates")
    answer = _("{good} of {all} active suppliers are in order; {duplicates} may be there twice.").format(
        good=formats.number(found.get("none", 0)), all=formats.number(every), duplicates=formats.number(duplicates)
    )
    table = ask(publication, QUERIES["faulty_suppliers"], unit, "week")
    panel(publication, question, answer, horizontal_bars(bars), "register", table if not table.is_empty() else pl.DataFrame(rows),
          kpi="supplier_data_quality", note=_("Active suppliers by their first fault."))  # fmt: skip


def waiting_longest(publication: Publication, unit: str) -> None:
    """The open requests that wait longest in their step, with file and line."""
    rows = ask(publication, QUERIES["waiting_longest"], unit, "week")
    rows = rows.with_columns(pl.col("step").replace({step: _(words) for step, words in STEPS.items()}))
    listing(publication, "fct_purchase_requests", unit, _("Which requests wait longest?"), _("No purchase request is open.") if rows.is_empty() else "", rows,
            kpi="purchase_cycle_time")  # fmt: skip

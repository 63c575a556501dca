"""Fiscal: why notes are rejected, what is cancelled, whether filings are in time, and the taxes on sales."""

from __future__ import annotations

import polars as pl

from dashboard import formats
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.columns import Multiple, Part, small_columns, stacked_columns
from dashboard.charts.template import BETTER, CHANGED, ORDINARY, WORSE
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.components.panels.timelines import over_periods, period_table, running_note, since_words, summed, total
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.fiscal import QUERIES
from dashboard.queries.records import model_columns
from dashboard.queries.windows import ask, window

TAXES = {"icms": "ICMS", "icms_st": "ICMS-ST", "ipi": "IPI", "pis": "PIS", "cofins": "COFINS"}


def rejections(publication: Publication, unit: str) -> None:
    """Why the tax authority refused transmissions, the most frequent reason first."""
    question = _("Why are our notes rejected?")
    rows = ask(publication, QUERIES["rejections"], unit, grain())
    if rows.is_empty():
        empty(
            publication,
            "fct_fiscal_transmissions",
            unit,
            question,
            _("No rejection: {span}.").format(span=recent_words(grain())),
        )
        return
    every, sent = rows.select("all_rejections", "all_transmissions").row(0)
    bars, running = [], 0
    for code, reason, count, _every, _sent in rows.iter_rows():
        running += count
        label = f"{code} {reason or ''}".strip()
        text = f"{formats.number(count)} · {formats.percent(running / every, 0)}"
        hover = plural("{count} transmission", "{count} transmissions", count).format(count=formats.number(count))
        bars.append(Bar(label, count, text, WORSE, f"{label}: {hover}"))
    answer = _("{count} of {all} transmissions ({share}), {span}.").format(
        count=formats.number(every), all=formats.number(sent), share=formats.percent(every / sent if sent else 0),
        span=recent_words(grain()),
    )  # fmt: skip
    panel(publication, question, answer, horizontal_bars(bars), "rejections",
          rows.select("status_code", "status_reason", "transmissions"), kpi="nfe_rejection_rate",
          note=_("Rejections by the code of the answer, and the share that these rows explain so far."))  # fmt: skip


def cancellations(publication: Publication, unit: str) -> None:
    """Cancelled notes by the period in which they were authorised, in time and after the deadline."""
    question = _("What is cancelled, and in time?")
    days = window(publication, grain())
    rows = ask(publication, QUERIES["documents"], unit, days.grain)
    documents = total(rows, "documents")
    if not documents:
        empty(
            publication,
            "fct_fiscal_documents",
            unit,
            question,
            _("No note was authorised: {span}.").format(span=since_words(days)),
        )
        return
    values = over_periods(rows, days, ("cancelled_in_time", "cancelled_late"))
    parts = [
        Part(_("within the deadline"), ORDINARY, values["cancelled_in_time"]),
        Part(_("after the deadline"), WORSE, values["cancelled_late"]),
    ]
    cancelled = int(sum(sum(column) for column in values.values()))
    answer = _("{cancelled} of {documents} notes ({share}), {amount}; {late} after the deadline, {span}.").format(
        cancelled=formats.number(cancelled), documents=formats.number(documents),
        share=formats.percent(cancelled / documents), amount=formats.money_compact(summed(rows, "cancelled_brl")),
        late=formats.number(sum(values["cancelled_late"])), span=since_words(days),
    )  # fmt: skip
    note = _(":gray[■] within the deadline · :orange[■] after it") + " · " + running_note(days)
    panel(publication, question, answer, stacked_columns(days.starts, parts, days.grain, formats.number, is_running=days.is_running),
          "cancellations", period_table(rows, days), kpi="nfe_cancellation_rate", note=note)  # fmt: skip


def filings(publication: Publication, unit: str) -> None:
    """Filings by the period in which they fell due: in time, late, missing."""
    question = _("Do we file in time?")
    days = window(publication, grain())
    rows = ask(publication, QUERIES["filings"], unit, days.grain)
    if rows.is_empty():
        empty(
            publication,
            "fct_tax_filings",
            unit,
            question,
            _("Nothing fell due: {span}.").format(span=since_words(days)),
        )
        return
    values = over_periods(rows, days, ("on_time", "late", "missing"))
    parts = [
        Part(_("on time"), BETTER, values["on_time"]),
        Part(_("late"), WORSE, values["late"]),
        Part(_("missing"), CHANGED, values["missing"]),
    ]
    on_time, late, missing = (int(sum(values[name])) for name in ("on_time", "late", "missing"))
    answer = _("{on_time} of {due} in time; {late} late, {missing} still missing, {span}.").format(
        on_time=formats.number(on_time), due=formats.number(on_time + late + missing), late=formats.number(late),
        missing=formats.number(missing), span=since_words(days),
    )  # fmt: skip
    note = _(":blue[■] on time · :orange[■] late · :violet[■] still missing, by the day they fell due")
    note += ". " + running_note(days)
    figure = stacked_columns(days.starts, parts, days.grain, formats.number, is_running=days.is_running)
    panel(
        publication, question, answer, figure, "filings", period_table(rows, days), kpi="tax_filings_on_time", note=note
    )


def taxes(publication: Publication, unit: str) -> None:
    """The taxes that the notes of sales state, a row of columns each."""
    question = _("How much tax is on our sales?")
    days = window(publication, grain())
    rows = ask(publication, QUERIES["taxes"], unit, days.grain)
    values = over_periods(rows, days, ("total", *TAXES)) if not rows.is_empty() else {}
    shown = [name for name in TAXES if sum(values.get(name, ()))]
    if not shown:
        empty(publication, "fct_fiscal_documents", unit, question, _("No tax is stated on the notes of sales."))
        return
    # The last complete period of those drawn is the figure beside the name.
    place = len(days.starts) - (2 if days.is_running else 1)
    multiples = [
        Multiple(TAXES[name], f"{formats.money_compact(values[name][place])} · "
                 f"{formats.percent(values[name][place] / values['total'][place] if values['total'][place] else 0)}", values[name])
        for name in shown
    ]  # fmt: skip
    stated = sum(values[name][place] for name in shown)
    answer = _("{period}: {amount}, {share} of sales.").format(
        period=formats.period(days.starts[place], days.grain), amount=formats.money_compact(stated),
        share=formats.percent(stated / values["total"][place] if values["total"][place] else 0),
    )  # fmt: skip
    note = _("As stated on the notes, before credits; one scale for all.") + " " + running_note(days)
    figure = small_columns(days.starts, multiples, days.grain, formats.money_compact, is_running=days.is_running)
    table = period_table(rows, days).rename({"total": "amount_brl"}).rename(TAXES)
    panel(publication, question, answer, figure, "taxes", table, note=note)


def filings_late(publication: Publication, unit: str) -> None:
    """The filings that were late or are missing, with file and line."""
    rows = ask(publication, QUERIES["filings_late"], unit, grain())
    listing(publication, "fct_tax_filings", unit, _("Which filings were not in time?"), _("Every filing was in time.") if rows.is_empty() else "", rows,
            kpi="tax_filings_on_time")  # fmt: skip


def number_gaps(publication: Publication, unit: str) -> None:
    """The numbers that no note carries and nobody declared unused, with the note after them."""
    question = _("Are the numbers of our notes complete?")
    if not model_columns(publication, "fct_fiscal_number_gaps"):
        # published by a version that did not look for them
        empty(publication, "fct_fiscal_documents", unit, question, _("Known from the next refresh on."))
        return
    rows = ask(publication, QUERIES["number_gaps"], unit, "week")
    answer = _("No number is missing.")
    if not rows.is_empty():
        missing, declared = rows.select("all_numbers", "all_declared").row(0)
        answer = plural(
            "{missing} number is on no note; {declared} declared unused, {open} not.",
            "{missing} numbers are on no note; {declared} were declared unused, {open} were not.", missing,
        ).format(
            missing=formats.number(missing), declared=formats.number(declared), open=formats.number(missing - declared)
        )  # fmt: skip
    shown = rows.filter(~pl.col("is_declared")).drop("is_declared", "all_numbers", "all_declared")
    listing(publication, "fct_fiscal_documents", unit, question, answer, shown)

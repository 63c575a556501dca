"""IT: how fast incidents end, which services were down, and which changes failed."""

from __future__ import annotations

import polars as pl

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.columns import Multiple, Part, small_columns, stacked_columns
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.codes import word
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.components.panels.timelines import over_periods, period_table, running_note, since_words, summed, total
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.it import QUERIES
from dashboard.queries.windows import ask, window

SEVERITIES = ("critical", "high", "medium", "low", "unknown")
FEWEST = 5  # incidents below which a median would mislead
MOST_SERVICES = 8


def hours(value: float) -> str:
    """Hours in a chart: `1,3 h`."""
    return formats.quantity(value, "hours", 0 if value >= 10 or value == int(value) else 1, compact=True)


def incidents(publication: Publication, unit: str) -> None:
    """Incidents by severity, the gravest first, with the time to restore."""
    question = _("How fast are incidents over?")
    rows = ask(publication, QUERIES["incidents"], unit, grain())
    if rows.is_empty():
        empty(
            publication,
            "fct_service_days",
            unit,
            question,
            _("No incident: {span}.").format(span=recent_words(grain())),
        )
        return
    found = {row["severity"]: row for row in rows.to_dicts()}
    bars = []
    for severity in (*SEVERITIES, *sorted(set(found) - set(SEVERITIES))):
        if severity not in found:
            continue
        row = found[severity]
        count = row["recovered"] + row["still_down"]
        text = formats.number(count)
        hover = plural("{count} incident", "{count} incidents", count).format(count=text)
        if row["recovered"] >= FEWEST:
            text += " · " + _("median {value}").format(value=hours(row["median_hours"]))
            hover += ", " + _("8 of 10 within {p80}").format(p80=hours(row["p80_hours"]))
        elif row["recovered"]:
            text += " · " + _("too few for a median")
        if row["still_down"]:
            hover += ", " + _("{count} still down").format(count=formats.number(row["still_down"]))
        label = word("severity", severity)
        bars.append(
            Bar(label, count, text, WORSE if severity in ("critical", "high") else ORDINARY, f"{label}: {hover}")
        )
    every, down = total(rows, "recovered"), total(rows, "still_down")
    answer = plural("{count} incident over", "{count} incidents over", every).format(count=formats.number(every))
    answer += ", " + _("{count} still down, {span}.").format(count=formats.number(down), span=recent_words(grain()))
    table = rows.select("severity", "recovered", "still_down", "median_hours", "p80_hours")
    panel(publication, question, answer, horizontal_bars(bars), "incidents", table, kpi="incident_recovery_time",
          note=_("By severity, without planned maintenance; time from the beginning to recovery."))  # fmt: skip


def downtime(publication: Publication, unit: str) -> None:
    """Hours that each service was down, a row of columns each, the least available first."""
    question = _("Which services were down?")
    days = window(publication, grain())
    rows = ask(publication, QUERIES["downtime"], unit, days.grain)
    if rows.is_empty():
        empty(publication, "fct_service_days", unit, question, _("No service has agreed hours."))
        return
    totals = (
        rows.group_by("service_id")
        .agg(pl.col("service").first(), pl.col("up").sum(), pl.col("agreed").sum(), pl.col("hours_down").sum())
        .with_columns((pl.col("up") / pl.col("agreed")).alias("availability"))
        .sort("availability", "service_id")
    )
    multiples = []
    for service_id, service, _up, _agreed, down, availability in totals.head(MOST_SERVICES).iter_rows():
        values = over_periods(rows.filter(pl.col("service_id") == service_id), days, ("hours_down",))["hours_down"]
        multiples.append(Multiple(service, f"{formats.percent(availability, 2)} · {hours(down)}", values, WORSE))
    worst = totals.row(0, named=True)
    answer = _("{service} least of all: {availability} available, {hours} down, {span}.").format(
        service=worst["service"],
        availability=formats.percent(worst["availability"], 2),
        hours=hours(worst["hours_down"]),
        span=since_words(days),
    )
    if not summed(totals, "hours_down"):
        answer = _("None of {count}, {span}.").format(count=formats.number(totals.height), span=since_words(days))
    note = _("Hours down by period, unplanned, on one scale; beside the name the share of agreed time that it was up.")
    hidden = totals.height - len(multiples)
    if hidden > 0:
        note += " " + plural(
            "{count} more available service is not drawn.", "{count} more available services are not drawn.", hidden
        ).format(count=formats.number(hidden))
    figure = small_columns(days.starts, multiples, days.grain, hours, is_running=days.is_running)
    table = totals.select("service", "availability", "hours_down").with_columns(
        pl.Series("availability", [formats.percent(value, 2) for value in totals["availability"]])
    )
    panel(publication, question, answer, figure, "downtime", table, kpi="availability",
          note=f"{note} {running_note(days)}")  # fmt: skip


def changes(publication: Publication, unit: str) -> None:
    """Changes by period, failed ones apart."""
    question = _("Which changes failed?")
    days = window(publication, grain())
    rows = ask(publication, QUERIES["changes"], unit, days.grain)
    if rows.is_empty():
        empty(
            publication,
            "fct_changes",
            unit,
            question,
            _("No change was deployed: {span}.").format(span=since_words(days)),
        )
        return
    by_period = rows.group_by("period_start").agg(pl.col("changes").sum(), pl.col("failed").sum()).sort("period_start")
    values = over_periods(by_period, days, ("changes", "failed"))
    parts = [
        Part(
            _("deployed well"),
            ORDINARY,
            [whole - bad for whole, bad in zip(values["changes"], values["failed"], strict=True)],
        ),
        Part(_("failed"), WORSE, values["failed"]),
    ]
    every, failed = total(rows, "changes"), total(rows, "failed")
    kinds = rows.group_by("kind").agg(pl.col("changes").sum(), pl.col("failed").sum()).sort("kind")
    answer = _("{failed} of {all} failed ({share}), {span}.").format(
        failed=formats.number(failed), all=formats.number(every), share=formats.percent(failed / every),
        span=since_words(days),
    )  # fmt: skip
    said = [
        _("{kind}: {failed} of {all}").format(
            kind=vocabulary.member(kind), failed=formats.number(bad), all=formats.number(whole)
        )
        for kind, whole, bad in kinds.iter_rows()
    ]
    note = (
        _(":gray[■] deployed well · :orange[■] failed")
        + " · "
        + formats.markdown(" · ".join(said))
        + ". "
        + running_note(days)
    )
    figure = stacked_columns(days.starts, parts, days.grain, formats.number, is_running=days.is_running)
    panel(
        publication, question, answer, figure, "changes", period_table(rows, days), kpi="change_failure_rate", note=note
    )


def longest_incidents(publication: Publication, unit: str) -> None:
    """The incidents that lasted longest, those not over first, with file and line."""
    rows = ask(publication, QUERIES["longest_incidents"], unit, grain())
    span = recent_words(grain())
    answer = _("No incident: {span}.").format(span=span) if rows.is_empty() else span + "."
    listing(
        publication,
        "fct_service_days",
        unit,
        _("Which incidents lasted longest?"),
        answer,
        rows,
        kpi="incident_recovery_time",
    )

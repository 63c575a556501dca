"""Legal: contracts whose notice date comes, what lawsuits may cost, and what compliance still has to do."""

from __future__ import annotations

from datetime import date
from typing import cast

import polars as pl

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, columns, horizontal_bars
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.codes import word
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.components.panels.overdue import counted_by_band
from dashboard.components.panels.timelines import summed, total
from dashboard.language import N_, _, plural
from dashboard.published import Publication
from dashboard.queries.legal import MONTHS_AHEAD, QUERIES
from dashboard.queries.windows import ask, window
from kpis.periods import period_start, previous

CLASSES = ("probable", "possible", "remote", "unclassified")
BANDS = {
    "overdue_over_30": N_("overdue for more than 30 days"),
    "overdue_30": N_("overdue for up to 30 days"),
    "next_30": N_("due within 30 days"),
    "next_90": N_("due in 31 to 90 days"),
    "later": N_("due later"),
}
SOON = 3  # months ahead in which notice must be prepared now


def contracts_count(count: int) -> str:
    """`12 contracts`."""
    return plural("{count} contract", "{count} contracts", count).format(count=formats.number(count))


def contracts_ahead(publication: Publication, unit: str) -> None:
    """Contracts in force by the month of their notice date, a year ahead."""
    question = _("Which contracts need a decision?")
    rows = ask(publication, QUERIES["contracts_ahead"], unit, "month")
    passed = ask(publication, QUERIES["notices_passed"], unit, "month").item()
    if rows.is_empty():
        empty(
            publication,
            "fct_contracts",
            unit,
            question,
            _("No notice date in the next {count} months.").format(count=MONTHS_AHEAD),
        )
        return
    found = {row["month_start"]: row for row in rows.to_dicts()}
    first = cast(date, period_start(window(publication, "month").as_of, "month"))
    bars = []
    for ahead in range(MONTHS_AHEAD):
        month = cast(date, previous(first, "month", -ahead))
        count, amount = (found[month]["contracts"], found[month]["amount_brl"]) if month in found else (0, 0.0)
        name = formats.period(month, "month")
        label = formats.period_short(month, "month").replace("<br>", "\n") if ahead % 2 == 0 else ""
        hover = f"{name}: {contracts_count(count)}, {formats.money_compact(amount)}"
        bars.append(
            Bar(label, count, formats.number(count) if count else "", WORSE if ahead < SOON else ORDINARY, hover)
        )
    answer = _("Notice on {contracts} worth {amount} falls within 90 days.").format(
        contracts=contracts_count(total(rows, "within_90")), amount=formats.money_compact(summed(rows, "within_90_brl"))
    )
    note = _("Contracts in force by the month of their notice date; :orange[■] this month and the next two.")
    if passed:
        note += " " + plural(
            "For {count} more contract the notice date has passed: it renews or ends by itself.",
            "For {count} more contracts the notice date has passed: they renew or end by themselves.", passed,
        ).format(count=formats.number(passed))  # fmt: skip
    names = pl.Series("period", [formats.period(month, "month") for month in rows["month_start"]])
    table = rows.with_columns(names).select("period", "contracts", "amount_brl")
    panel(publication, question, answer, columns(bars), "contracts_ahead", table, kpi="contracts_expiring", note=note)


def lawsuits(publication: Publication, unit: str) -> None:
    """What lawsuits may cost, by how likely the loss is; a probable one is a provision."""
    question = _("What may lawsuits cost us?")
    rows = ask(publication, QUERIES["lawsuits"], unit, "month")
    if rows.is_empty():
        empty(publication, "fct_lawsuit_days", unit, question, _("No lawsuit is open."))
        return
    totals = rows.group_by("loss_class").agg(pl.col("lawsuits").sum(), pl.col("amount_brl").sum())
    found = {name: (count, amount) for name, count, amount in totals.iter_rows()}
    bars = []
    for name in CLASSES:
        count, amount = found.get(name, (0, 0.0))
        if not count and name == "unclassified":
            continue
        label = vocabulary.member(name)
        cases = plural("{count} lawsuit", "{count} lawsuits", count).format(count=formats.number(count))
        text = f"{formats.money_compact(amount)} · {formats.number(count)}"
        bars.append(
            Bar(
                label,
                amount,
                text,
                WORSE if name == "probable" else ORDINARY,
                f"{label}: {formats.money_compact(amount)}, {cases}",
            )
        )
    provision = found.get("probable", (0, 0.0))[1]
    answer = _("No loss is probable: nothing has to be provided for")
    if provision:
        answer = _("{amount} is probable and has to be provided for").format(amount=formats.money_compact(provision))
    before, known = ask(publication, QUERIES["lawsuits_a_year_ago"], unit, "month").row(0)
    if known:
        answer += _("; a year ago {amount}").format(amount=formats.money_compact(before))
    table = rows.with_columns(
        pl.Series("nature", [word("nature", nature) for nature in rows["nature"]]),
        pl.Series("loss_class", [vocabulary.member(name) for name in rows["loss_class"]]),
    )
    panel(publication, question, answer + ".", horizontal_bars(bars), "lawsuits", table, kpi="litigation_exposure",
          note=_("Amount and number of lawsuits by likelihood of loss: probable is provided for, possible disclosed (CPC 25)."))  # fmt: skip


def actions(publication: Publication, unit: str) -> None:
    """Compliance actions that are not done, by when they are or were due."""
    question = _("What has compliance still to do?")
    rows = ask(publication, QUERIES["actions"], unit, "week")
    on_time, due = ask(publication, QUERIES["actions_done"], unit, grain()).row(0)
    record = ""
    if due:
        record = _("{on_time} of {due} in time, {span}.").format(
            on_time=formats.number(on_time), due=formats.number(due), span=recent_words(grain())
        )
    if rows.is_empty():
        empty(publication, "fct_compliance_actions", unit, question, " ".join((_("Nothing is open."), record)).strip())
        return
    bars, answer = counted_by_band(dict(rows.iter_rows()), BANDS)
    table = ask(publication, QUERIES["open_actions"], unit, "week")
    panel(publication, question, f"{answer} {record}".strip(), horizontal_bars(bars), "compliance_actions", table,
          kpi="compliance_actions_on_time", note=_("Actions that are not done, by the day they are due."))  # fmt: skip


def next_notices(publication: Publication, unit: str) -> None:
    """The contracts whose notice date comes next, with file and line."""
    rows = ask(publication, QUERIES["next_notices"], unit, "week")
    answer = _("No contract in force has a notice date ahead.") if rows.is_empty() else ""
    listing(
        publication, "fct_contracts", unit, _("Which notice dates come next?"), answer, rows, kpi="contracts_expiring"
    )

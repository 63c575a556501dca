"""Receivables and treasury: who owes, how long it takes, where the cash went, and what of the statement is explained."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import BETTER, WORSE
from dashboard.charts.waterfall import Step, waterfall_chart
from dashboard.codes import word
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.components.panels.durations import still_open
from dashboard.components.panels.overdue import money_by_age, who_owes
from dashboard.components.panels.timelines import total
from dashboard.language import N_, _, active, plural
from dashboard.published import Publication
from dashboard.queries.definitions import definitions
from dashboard.queries.receivables import QUERIES
from dashboard.queries.windows import ask, window

AGES = {
    "0_to_7": N_("not matched, up to 7 days"),
    "8_to_30": N_("not matched, 8 to 30 days"),
    "over_30": N_("not matched, over 30 days"),
}
RULES = ("exact", "batch", "several", "amount_and_name", "ledger", "own_transfer")


def lines(count: int) -> str:
    """`12 lines` of a statement or an order."""
    return plural("{count} line", "{count} lines", count).format(count=formats.number(count))


def ageing(publication: Publication, unit: str) -> None:
    """Open money and documents by how long they are overdue, in order of age."""
    rows = ask(publication, QUERIES["ageing"], unit, "week")
    money_by_age(
        publication, unit, _("Who owes us, and for how long?"), rows,
        mart="fct_receivables", key="receivables_ageing", kpi="overdue_receivables",
    )  # fmt: skip


def collection_times(publication: Publication, unit: str) -> None:
    """How long customers take, against what was agreed with them."""
    agreed = ask(publication, QUERIES["agreed_days"], unit, "quarter" if grain() == "quarter" else "month").item()
    still_open("days_to_collect", publication, unit, agreed_days=agreed)


def cash_bridge(publication: Publication, unit: str) -> None:
    """From the opening balance over what came in and went out to the closing balance, adding up to the cent."""
    days = window(publication, grain())
    period = formats.period(days.start, days.grain)
    question = _("Where did the cash go?")
    balances = {row["moment"]: row for row in ask(publication, QUERIES["cash_balances"], unit, days.grain).to_dicts()}
    known = balances.get("opening", {}).get("amount_brl")
    definition = definitions(publication, active()).get("operating_cash_flow")
    if known is None or definition is None:
        empty(publication, "fct_bank_transactions", unit, question, _("No bank balance is known."))
        return
    steps = bridge_steps(
        known, balances["closing"]["amount_brl"], ask(publication, QUERIES["cash_flows"], unit, days.grain)
    )
    labelled = [Step(step_label(label), float(value), label in ("opening", "closing")) for label, value in steps]
    change = steps[-1][1] - steps[0][1]
    answer = _("{period}: {change}, from {opening} to {closing}.").format(
        period=period, change=formats.money_compact(float(change), signed=True),
        opening=formats.money_compact(float(steps[0][1])), closing=formats.money_compact(float(steps[-1][1])),
    )  # fmt: skip
    note = _("Direct method, from the bank statements; the points are balances, the bars what came in and went out.")
    left_out = balances["opening"]["accounts_unknown"]
    if left_out:
        note += " " + plural("{count} account without a stated balance is left out.",
                             "{count} accounts without a stated balance are left out.", left_out).format(count=left_out)  # fmt: skip
    table = pl.DataFrame(
        {"step": [step_label(label) for label, _value in steps], "amount_brl": [value for _label, value in steps]}
    )
    panel(publication, question, answer, waterfall_chart(labelled, definition), "cash_bridge", table,
          kpi="operating_cash_flow", note=note)  # fmt: skip


def bridge_steps(opening: Decimal, closing: Decimal, flows: pl.DataFrame) -> list[tuple[str, Decimal]]:
    """Opening, inflows, outflows, what the statements do not explain (where there is any), closing; they add up."""
    moved = [(category, amount) for _direction, category, _lines, amount in flows.iter_rows() if amount]
    # Transfers between own accounts meet within the company: only what is on its way at either end is left of them.
    own = sum((amount for category, amount in moved if category == "own_transfer"), Decimal(0))
    steps = [("opening", opening), *(step for step in moved if step[0] != "own_transfer")]
    if own:
        steps.append(("own_transfer", own))
    rest = closing - opening - sum((amount for _category, amount in steps[1:]), Decimal(0))
    if rest:
        steps.append(("missing_lines", rest))
    return [*steps, ("closing", closing)]


def step_label(code: str) -> str:
    """A step of the bridge in words."""
    match code:
        case "opening":
            return _("opening balance")
        case "closing":
            return _("closing balance")
        case "missing_lines":
            return _("not in the statements")
        case "own_transfer":
            return _("between own accounts")
        case _other:
            return vocabulary.member(code)


def reconciliation(publication: Publication, unit: str) -> None:
    """How the lines of the statements were explained, and how old those are that are not."""
    question = _("What of the bank statement is explained?")
    rows = ask(publication, QUERIES["reconciliation"], unit, grain())
    if rows.is_empty():
        empty(publication, "fct_bank_transactions", unit, question, _("There is no bank line in this time."))
        return
    by_rule = {rule: (count, amount) for rule, age, count, amount in rows.iter_rows() if age == "none"}
    by_age = {age: (count, amount) for _rule, age, count, amount in rows.iter_rows() if age != "none"}
    every = total(rows, "lines")
    kinds = [(word("match_rule", rule), by_rule[rule], BETTER) for rule in (*RULES, *sorted(set(by_rule) - set(RULES)))
             if rule in by_rule]  # fmt: skip
    kinds += [(_(words), by_age.get(age, (0, 0.0)), WORSE) for age, words in AGES.items()]
    bars = [
        Bar(
            label, count, f"{formats.number(count)} · {formats.percent(count / every)}", colour,
            f"{label}: {lines(count)}, {formats.money_compact(amount)}",
        )
        for label, (count, amount), colour in kinds
    ]  # fmt: skip
    matched = sum(count for count, _amount in by_rule.values())
    answer = _("{share} of {lines} are matched, {span}; {open} are not.").format(
        share=formats.percent(matched / every), lines=lines(every), span=recent_words(grain()),
        open=formats.money_compact(sum(amount for _count, amount in by_age.values())),
    )  # fmt: skip
    table = pl.DataFrame(
        {
            "match_rule": [label for label, _found, _colour in kinds],
            "lines": [found[0] for _label, found, _colour in kinds],
            "amount_brl": [found[1] for _label, found, _colour in kinds],
        }
    )
    panel(publication, question, answer, horizontal_bars(bars), "reconciliation", table,
          kpi="bank_reconciliation_rate", note=_("Lines of the statements, by what explains them; no rule matches by amount alone."))  # fmt: skip


def overdue_customers(publication: Publication, unit: str) -> None:
    """The customers who owe most that is overdue."""
    answer, rows = who_owes(ask(publication, QUERIES["overdue_customers"], unit, "week"))
    question = _("Who owes most that is overdue?")
    listing(publication, "fct_receivables", unit, question, answer, rows, kpi="overdue_receivables")


def unmatched_lines(publication: Publication, unit: str) -> None:
    """The largest lines that nothing explains, whatever their age, with file and line."""
    rows = ask(publication, QUERIES["unmatched_lines"], unit, "week")
    answer = _("Every line is matched.")
    if not rows.is_empty():
        count, amount, old = rows.select("all_lines", "all_brl", "old_lines").row(0)
        answer = _("{lines} in all, {amount}; {old} older than 30 days. The largest:").format(
            lines=lines(count), amount=formats.money_compact(amount), old=formats.number(old)
        )
    listing(publication, "fct_bank_transactions", unit, _("Which bank lines wait for an explanation?"), answer,
            rows.drop("all_lines", "all_brl", "old_lines"), kpi="unmatched_bank_lines")  # fmt: skip

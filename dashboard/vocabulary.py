"""The fixed words of the subject: areas, dimensions, units of time, states, rules. Source text is English.

Each function returns the word in the active language. What is not in a list here (a supplier's category, say) is the
company's own word and is shown as it is.
"""

from __future__ import annotations

from dashboard.language import N_, _, plural

AREAS = {
    "customers": N_("Customers"),
    "strategy": N_("Strategy"),
    "investments": N_("Investments"),
    "payables": N_("Payables"),
    "accounting": N_("Accounting"),
    "support": N_("Internal support"),
}
GRAINS = {"week": N_("Week"), "month": N_("Month"), "quarter": N_("Quarter"), "year": N_("Year")}
DIMENSIONS = {
    "total": N_("Total"),
    "business_unit": N_("Business unit"),
    "segment": N_("Segment"),
    "channel": N_("Channel"),
    "objective": N_("Objective"),
    "project": N_("Project"),
    "category": N_("Category"),
    "source": N_("Origin"),
    "module": N_("Module"),
    "desk": N_("Desk"),
    "priority": N_("Priority"),
}
MEMBERS = {
    "unknown": N_("unknown"),
    "high": N_("high"),
    "medium": N_("medium"),
    "low": N_("low"),
    "critical": N_("critical"),
    "urgent": N_("urgent"),
    "normal": N_("normal"),
    "manual": N_("manual"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "whatsapp": N_("WhatsApp"),
}
STATES = {
    "ok": N_("ok"),
    "no_data": N_("no data"),
    "too_few": N_("too few cases"),
    "no_target": N_("no target"),
    "provisional": N_("provisional"),
    "not_applicable": N_("not applicable"),
    "undefined": N_("undefined"),
    "ambiguous": N_("ambiguous"),
    "restricted": N_("median not reached"),
    "stale": N_("stale"),
    "failed_test": N_("failed test"),
}
STATE_REASONS = {
    "no_data": N_("No record in this period."),
    "too_few": N_("Fewer records than the minimum for this KPI: a figure would mislead."),
    "provisional": N_("The period is not over: the figure will still move."),
    "not_applicable": N_("The figure has no meaning for this period."),
    "restricted": N_("Fewer than half of the cases have finished: the mean up to the oldest age seen stands for the median."),
    "undefined": N_("The cash flows never change sign: there is no rate of return."),
    "ambiguous": N_("The cash flows change sign more than once: several rates of return fit, so none is shown."),
    "stale": N_("A source of this KPI has not been loaded for longer than agreed."),
    "failed_test": N_("A data test that guards this KPI did not pass."),
}
COLUMNS = {
    "document_number": N_("Document"),
    "supplier_name": N_("Supplier"),
    "business_unit": N_("Business unit"),
    "category": N_("Category"),
    "received_date": N_("Received"),
    "due_date": N_("Due"),
    "paid_date": N_("Paid"),
    "amount_brl": N_("Amount (R$)"),
    "days_to_pay": N_("Days to pay"),
    "source_file": N_("File"),
    "source_line": N_("Line"),
}
KINDS = {
    "count": N_("count"),
    "amount": N_("amount"),
    "share": N_("share"),
    "ratio": N_("ratio"),
    "score": N_("score"),
    "duration": N_("duration"),
    "level": N_("level"),
    "cash_flow": N_("cash flow"),
}
RULES = {
    "outside": N_("a point outside the limits"),
    "three_of_four": N_("three of four points nearer a limit than the centre"),
    "run_of_eight": N_("eight points in a row on one side of the centre"),
    "run_of_seven": N_("seven points in a row on one side of the centre"),
    "trend_of_seven": N_("seven points in a row in one direction"),
    "two_of_three": N_("two of three points in the outer third"),
}
ASSURANCES = {
    "will_pass": N_("will meet it"),
    "will_fail": N_("will miss it"),
    "hit_or_miss": N_("hit or miss"),
}
ASSURANCE_REASONS = {
    "will_pass": N_("The whole range of ordinary variation lies on the good side of the target."),
    "will_fail": N_("The whole range of ordinary variation lies on the bad side of the target: the process must change."),
    "hit_or_miss": N_("The target lies inside ordinary variation: reaching it is a matter of chance."),
}
DIRECTIONS = {"better": N_("better"), "worse": N_("worse"), "changed": N_("changed")}


def area(name: str) -> str:
    """An area of the back office."""
    return _(AREAS.get(name, name))


def grain(name: str) -> str:
    """Week, Month, Quarter, Year."""
    return _(GRAINS.get(name, name))


def dimension(name: str) -> str:
    """A dimension's name; an undeclared one is its column name with spaces."""
    return _(DIMENSIONS[name]) if name in DIMENSIONS else name.replace("_", " ").capitalize()


def member(name: str, labels: dict[str, str] | None = None) -> str:
    """A member's word: the label of a business unit, a known word, or the company's own."""
    if name == "total":
        return _("All")
    if labels and name in labels:
        return labels[name]
    return _(MEMBERS[name]) if name in MEMBERS else name


def state(name: str) -> str:
    """A state in two or three words."""
    return _(STATES.get(name, name))


def state_reason(name: str) -> str:
    """A state explained in one sentence; empty for ok."""
    return _(STATE_REASONS[name]) if name in STATE_REASONS else ""


def kind(name: str) -> str:
    """A kind of KPI."""
    return _(KINDS.get(name, name))


def rule(name: str) -> str:
    """What a process-behaviour rule saw."""
    return _(RULES[name]) if name in RULES else name.replace("_", " ")


def assurance(name: str) -> str:
    """Whether the process can reach its target, in three words."""
    return _(ASSURANCES.get(name, name))


def assurance_reason(name: str) -> str:
    """Assurance explained in one sentence."""
    return _(ASSURANCE_REASONS.get(name, ""))


def direction(name: str) -> str:
    """Better, worse or merely changed."""
    return _(DIRECTIONS.get(name, name))


def periods(count: int, grain_name: str) -> str:
    """`3 weeks`, `1 mês`."""
    words = {
        "week": (N_("week"), N_("weeks")),
        "month": (N_("month"), N_("months")),
        "quarter": (N_("quarter"), N_("quarters")),
    }
    singular, several = words.get(grain_name, (N_("period"), N_("periods")))
    return f"{count}\N{NO-BREAK SPACE}{plural(singular, several, count)}"


def column(name: str) -> str:
    """A column's title; an unknown one is its name with spaces."""
    return _(COLUMNS[name]) if name in COLUMNS else name.replace("_", " ").capitalize()

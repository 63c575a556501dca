"""The fixed words of the subject: areas, dimensions, units of time, states, rules. Source text is English.

Each function returns the word in the active language. What is not in a list here (a supplier's category, say) is the
company's own word and is shown as it is.
"""

from __future__ import annotations

from dashboard.columns import COLUMNS
from dashboard.language import N_, _, plural
from dashboard.members import DIMENSIONS, MEMBERS

AREAS = {
    "customers": N_("Customers"),
    "strategy": N_("Strategy"),
    "investments": N_("Investments"),
    "payables": N_("Payables"),
    "receivables": N_("Receivables and treasury"),
    "accounting": N_("Accounting"),
    "fiscal": N_("Fiscal"),
    "people": N_("People"),
    "support": N_("Internal support"),
    "it": N_("IT"),
    "legal": N_("Legal"),
    "stock": N_("Stock"),
    "logistics": N_("Logistics"),
    "commercial": N_("Commercial back office"),
    "procurement": N_("Procurement"),
    "facilities": N_("Facilities"),
}
GRAINS = {"week": N_("Week"), "month": N_("Month"), "quarter": N_("Quarter"), "year": N_("Year")}
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
    "data_warning": N_("data warning"),
}
STATE_REASONS = {
    "no_data": N_("No record in this period."),
    "too_few": N_("Fewer records than the minimum for this KPI: a figure would mislead."),
    "provisional": N_("The period is not over: the figure will still move."),
    "not_applicable": N_("The figure has no meaning for this period."),
    "restricted": N_(
        "Fewer than half of the cases have finished: the mean up to the oldest age seen stands for the median."
    ),
    "undefined": N_(
        "It cannot be computed: cash flows that never change sign have no return, a balance without flow has no days."
    ),
    "ambiguous": N_("The cash flows change sign more than once: several rates of return fit, so none is shown."),
    "stale": N_("A source of this KPI has not been loaded for longer than agreed."),
    "failed_test": N_("A data test that guards this KPI did not pass."),
}
KINDS = {
    "count": N_("count"), "amount": N_("amount"), "share": N_("share"), "ratio": N_("ratio"), "score": N_("score"),
    "duration": N_("duration"), "level": N_("level"), "balance": N_("balance"), "cash_flow": N_("cash flow"),
}  # fmt: skip
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
    "will_fail": N_(
        "The whole range of ordinary variation lies on the bad side of the target: the process must change."
    ),
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
    if name in COLUMNS:
        return _(COLUMNS[name])
    # A title that is words already (a KPI's label) is left as it is.
    return name.replace("_", " ").capitalize() if name.islower() else name

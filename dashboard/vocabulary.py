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
    "dispute": N_("Dispute"),
}
MEMBERS = {
    "unknown": N_("unknown"),
    "unassigned": N_("no unit"),
    "urgent": N_("urgent"),
    "high": N_("high"),
    "normal": N_("normal"),
    "low": N_("low"),
    "manual": N_("manual"),
    "automatic": N_("automatic"),
    "finance": N_("Finance"),
    "hr": N_("Human resources"),
    "it": N_("IT"),
    "facilities": N_("Facilities"),
    "disputed": N_("disputed"),
    "undisputed": N_("undisputed"),
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
    "undefined": N_("The cash flows never change sign: there is no rate of return."),
    "ambiguous": N_("The cash flows change sign more than once: several rates of return fit, so none is shown."),
    "stale": N_("A source of this KPI has not been loaded for longer than agreed."),
    "failed_test": N_("A data test that guards this KPI did not pass."),
}
COLUMNS = {
    "ambition": N_("Ambition"),
    "amount_brl": N_("Amount (R$)"),
    "answered_date": N_("Answered"),
    "band": N_("Band"),
    "business_minutes_elapsed": N_("Business minutes so far"),
    "business_minutes_to_first_reply": N_("Business minutes to first reply"),
    "business_minutes_to_resolution": N_("Business minutes to solution"),
    "business_minutes_waited": N_("Business minutes waited"),
    "business_unit": N_("Business unit"),
    "category": N_("Category"),
    "channel": N_("Channel"),
    "check_in_date": N_("Check-in"),
    "comment": N_("Comment"),
    "correction_date": N_("Corrected"),
    "correction_entry_id": N_("Correcting entry"),
    "correction_reason": N_("Reason of correction"),
    "count_reopened": N_("Times reopened"),
    "current_value": N_("Current value"),
    "cycle": N_("Cycle"),
    "date_day": N_("Day"),
    "days_late": N_("Days late"),
    "days_to_pay": N_("Days to pay"),
    "desk": N_("Desk"),
    "document": N_("Document"),
    "due_date": N_("Due"),
    "duplicate_of_entry_id": N_("Duplicate of"),
    "effective_due_date": N_("Due on a banking day"),
    "elapsed_share": N_("Part of the cycle elapsed"),
    "error_kind": N_("Kind of error"),
    "expected_by_now": N_("Expected by now"),
    "first_reply_at": N_("First reply"),
    "flow_date": N_("Date"),
    "instalment": N_("Instalment"),
    "is_answered": N_("Answered?"),
    "is_behind_pace": N_("Behind pace?"),
    "is_red": N_("Red?"),
    "is_within_target": N_("Within target?"),
    "journal_entry_id": N_("Entry"),
    "key_result_id": N_("Key result"),
    "last_check_in_date": N_("Last check-in"),
    "module": N_("Module"),
    "nature": N_("Nature"),
    "objective": N_("Objective"),
    "opened_at": N_("Opened"),
    "paid_amount_brl": N_("Paid amount (R$)"),
    "paid_date": N_("Paid"),
    "payable_id": N_("Payable"),
    "period": N_("Period"),
    "posting_date": N_("Posted"),
    "preparer": N_("Prepared by"),
    "priority": N_("Priority"),
    "progress": N_("Progress"),
    "project": N_("Project"),
    "project_name": N_("Project name"),
    "punctuality": N_("Punctuality"),
    "raw_progress": N_("Unclamped progress"),
    "receipt_date": N_("Received"),
    "requester": N_("Requester"),
    "resolved_at": N_("Solved"),
    "respondent": N_("Respondent"),
    "scenario": N_("Scenario"),
    "score": N_("Score"),
    "segment": N_("Segment"),
    "sent_date": N_("Sent"),
    "source": N_("Origin"),
    "start_value": N_("Start value"),
    "status": N_("Status"),
    "supplier_name": N_("Supplier"),
    "target_first_reply_minutes": N_("Target of first reply (min)"),
    "target_resolution_minutes": N_("Target of solution (min)"),
    "target_value": N_("Target value"),
    "ticket_id": N_("Ticket"),
    "title": N_("Title"),
    "unit": N_("Unit"),
    "unsigned_amount_brl": N_("Amount without sign (R$)"),
    "value_brl": N_("Value (R$)"),
    "wave": N_("Wave"),
    "weakest_progress": N_("Weakest progress"),
    "objective_id": N_("Objective"),
    "name": N_("Name"),
    "approved_amount_brl": N_("Approved (R$)"),
    "cost_to_date_brl": N_("Spent to date (R$)"),
    "benefit_to_date_brl": N_("Benefits to date (R$)"),
    "documents": N_("Documents"),
    "business_hours": N_("Business hours"),
    "opened_date": N_("Opened"),
    "label": N_("Export"),
    "contract": N_("Table"),
    "state": N_("State"),
    "last_loaded_at": N_("Last loaded"),
    "rows": N_("Rows known"),
    "rows_read": N_("Read"),
    "rows_loaded": N_("Loaded"),
    "rows_unchanged": N_("Unchanged"),
    "rows_quarantined": N_("Quarantined"),
    "rows_versioned": N_("New versions"),
    "rows_closed": N_("Closed"),
    "knowledge_at": N_("Known from"),
    "file_name": N_("File"),
    "table_name": N_("Table"),
    "control_column": N_("Control column"),
    "control_read": N_("Control read"),
    "control_accounted": N_("Control accounted for"),
    "message": N_("Message"),
    "line": N_("Line"),
    "column_name": N_("Column"),
    "value": N_("Text in the file"),
    "reason": N_("Reason"),
    "remedy": N_("Remedy"),
    "severity": N_("Severity"),
    "test": N_("Test"),
    "model": N_("Model"),
    "failures": N_("Failures"),
    "kpis": N_("KPIs"),
    "type": N_("Type"),
    "description": N_("Description"),
    "source_file": N_("File"),
    "source_line": N_("Line"),
}
KINDS = {
    "count": N_("count"), "amount": N_("amount"), "share": N_("share"), "ratio": N_("ratio"), "score": N_("score"),
    "duration": N_("duration"), "level": N_("level"), "cash_flow": N_("cash flow"),
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

"""Canonical codes of exports and models in the reader's words. What is not listed is the company's own word and stays."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboard import vocabulary
from dashboard.language import N_, _

CODES = {
    "ambition": {"committed": N_("committed"), "aspirational": N_("aspirational")},
    "band": {"green": N_("green"), "yellow": N_("yellow"), "red": N_("red")},
    "category": {"promoter": N_("promoter"), "passive": N_("passive"), "detractor": N_("detractor")},
    "cause": {
        "arrived_late": N_("arrived late"),
        "corrected": N_("corrected"),
        "deleted": N_("deleted"),
        "definition_changed": N_("definition changed"),
        "derived": N_("another export, or time"),
    },
    "direction": {
        "in": N_("inflow"),
        "out": N_("outflow"),
        "entry": N_("goods in"),
        "exit": N_("goods out"),
    },
    "error_kind": {
        "none": N_("no error"),
        "reversed": N_("reversed as a correction"),
        "unbalanced": N_("debits and credits differ"),
        "wrong_period": N_("wrong period"),
        "duplicate": N_("entered twice"),
    },
    "nature": {
        "cost": N_("cost"),
        "benefit": N_("benefit"),
        "labour": N_("labour"),
        "civil": N_("civil"),
        "tax": N_("tax"),
        "environmental": N_("environmental"),
        "asset": N_("asset"),
        "liability": N_("liability"),
        "equity": N_("equity"),
        "revenue": N_("revenue"),
        "expense": N_("expense"),
    },
    "punctuality": {
        "on_time": N_("on time"),
        "late": N_("late"),
        "late_disputed": N_("late, disputed"),
        "not_due": N_("not due yet"),
    },
    "scenario": {"planned": N_("planned"), "realised": N_("realised")},
    "status": {
        "open": N_("open"),
        "paid": N_("paid"),
        "cancelled": N_("cancelled"),
        "waiting": N_("waiting"),
        "resolved": N_("solved"),
        "closed": N_("closed"),
        "approved": N_("approved"),
        "running": N_("running"),
        "finished": N_("finished"),
        "requested": N_("requested"),
        "filled": N_("filled"),
        "active": N_("in force"),
        "ended": N_("ended"),
        "terminated": N_("terminated"),
        "done": N_("done"),
        "skipped": N_("not done"),
        "settled": N_("money received"),
        "ordered": N_("ordered"),
        "received": N_("received"),
        "authorised": N_("authorised"),
        "shipped": N_("shipped"),
        "delivered": N_("delivered"),
        "late": N_("late"),
        "missing": N_("missing"),
        "on_time": N_("on time"),
    },
    "leaving_kind": {
        "voluntary": N_("voluntary"),
        "dismissal": N_("dismissal"),
        "dismissal_for_cause": N_("dismissal for cause"),
        "agreement": N_("agreement"),
        "end_of_contract": N_("end of contract"),
        "retirement": N_("retirement"),
        "death": N_("death"),
        "unknown": N_("unknown"),
    },
    "severity": {
        "critical": N_("critical"),
        "high": N_("high"),
        "medium": N_("medium"),
        "low": N_("low"),
        "unknown": N_("unknown"),
    },
    "result": {
        "passed": N_("passed the inspection"),
        "conditional": N_("passed with remarks"),
        "failed": N_("failed the inspection"),
    },
    "match_rule": {
        "own_transfer": N_("other half of the transfer"),
        "exact": N_("document number and amount"),
        "amount_and_name": N_("amount and name"),
        "several": N_("several documents of the party"),
        "batch": N_("batch of the day"),
        "ledger": N_("ledger entry"),
        "unmatched": N_("not matched"),
    },
    "activity": {
        "operating": N_("operating"),
        "investing": N_("investing"),
        "financing": N_("financing"),
        "none": N_("none"),
    },
    "step": {
        "requested": N_("requested"),
        "approved": N_("approved"),
        "ordered": N_("ordered"),
        "received": N_("received"),
    },
    "first_fault": {
        "incomplete": N_("incomplete"),
        "invalid_tax_id": N_("invalid tax number"),
        "not_reviewed": N_("not reviewed within a year"),
        "none": N_("none"),
    },
    "duplicate_evidence": {
        "same_tax_number": N_("same tax number"),
        "same_root": N_("same CNPJ root"),
        "similar_name": N_("similar name"),
        "none": N_("none"),
    },
    "ageing_band": {
        "not_overdue": N_("not overdue"),
    },
}


def word(column: str, code: str, labels: Mapping[str, str] | None = None) -> str:
    """One code of a column in the reader's words; `labels` are names of members, such as business units."""
    if code in CODES.get(column, {}):
        return _(CODES[column][code])
    return vocabulary.member(code, dict(labels or {})) if column in vocabulary.DIMENSIONS else code


def worded(frame: pl.DataFrame, units: Mapping[str, str]) -> pl.DataFrame:
    """The frame with the codes of its columns in words; `units` are the labels of business units."""
    changed = []
    for name, kind in frame.schema.items():
        if kind == pl.String and (name in CODES or name in vocabulary.DIMENSIONS):
            labels = units if name == "business_unit" else {}
            codes = frame[name].unique().drop_nulls()
            changed.append(pl.col(name).replace({code: word(name, code, labels) for code in codes}))
    return frame.with_columns(changed)

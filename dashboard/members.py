"""Words for dimensions and for the members that several companies share. Source text is English."""

from __future__ import annotations

from dashboard.language import N_

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
    "carrier": N_("Carrier"),
    "warehouse": N_("Warehouse"),
    "abc_class": N_("ABC class"),
    "item_category": N_("Item category"),
    "customer_group": N_("Customer group"),
    "model": N_("Model"),
    "direction": N_("Direction"),
    "regime": N_("Tax regime"),
    "obligation": N_("Obligation"),
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
    "phone": N_("phone"),
    "representative": N_("representative"),
    "portal": N_("portal"),
    "edi": N_("EDI"),
    "entry": N_("entry"),
    "exit": N_("exit"),
    "lucro_real": N_("Lucro Real"),
    "lucro_presumido": N_("Lucro Presumido"),
    "simples_nacional": N_("Simples Nacional"),
}

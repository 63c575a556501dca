"""Payables: what is still open by age, and who waits for it."""

from __future__ import annotations

from dashboard.components.area import listing
from dashboard.components.panels.overdue import money_by_age, who_owes
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.areas import area_table


def ageing(publication: Publication, unit: str) -> None:
    """Open amount by how long it is overdue, in order of age."""
    rows = area_table(publication, "payables_ageing", unit)
    money_by_age(
        publication,
        unit,
        _("What do we owe, and for how long?"),
        rows,
        mart="fct_payables",
        key="ageing",
        kpi="paid_late",
    )


def overdue_suppliers(publication: Publication, unit: str) -> None:
    """The suppliers to whom most is overdue."""
    answer, rows = who_owes(area_table(publication, "overdue_suppliers", unit))
    listing(publication, "fct_payables", unit, _("Who waits for our money?"), answer, rows, kpi="paid_late")

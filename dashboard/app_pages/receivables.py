"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.receivables import (
    ageing,
    cash_bridge,
    collection_times,
    overdue_customers,
    reconciliation,
    unmatched_lines,
)

area_page(
    "receivables",
    charts=(ageing, collection_times, cash_bridge, reconciliation),
    tables=(overdue_customers, unmatched_lines),
)

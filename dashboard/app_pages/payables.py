"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.payables import ageing, overdue_suppliers

area_page("payables", (ageing, overdue_suppliers))

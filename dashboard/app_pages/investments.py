"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.investments import cash_flows, projects

area_page("investments", charts=(cash_flows,), tables=(projects,))

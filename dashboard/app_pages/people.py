"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.people import (
    absence,
    headcount_bridge,
    payroll_per_head,
    trainings,
    turnover_by_department,
)

area_page("people", charts=(headcount_bridge, turnover_by_department, absence, payroll_per_head), tables=(trainings,))

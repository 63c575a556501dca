"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.goods import correction_reasons, largest_leakages, leakage_by_group

area_page("commercial", charts=(leakage_by_group, correction_reasons), tables=(largest_leakages,))

"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.strategy import key_results, objectives

area_page("strategy", charts=(objectives,), tables=(key_results,))

"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.strategy import objectives, key_results

area_page("strategy", (objectives, key_results))

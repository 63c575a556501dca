"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.customers import score_distribution, detractor_comments

area_page("customers", (score_distribution, detractor_comments))

"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.customers import detractor_comments, score_by_segment, score_distribution

area_page("customers", charts=(score_distribution, score_by_segment), tables=(detractor_comments,))

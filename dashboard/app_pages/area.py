"""The page of every area that has no page of its own; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.navigation import opened

area_page(opened())

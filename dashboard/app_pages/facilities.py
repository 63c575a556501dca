"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.facilities import by_equipment, inspections, maintenance, next_orders, open_orders

area_page("facilities", charts=(open_orders, maintenance, by_equipment, inspections), tables=(next_orders,))

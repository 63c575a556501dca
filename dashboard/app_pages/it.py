"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.it import changes, downtime, incidents, longest_incidents

area_page("it", charts=(incidents, changes, downtime), tables=(longest_incidents,))

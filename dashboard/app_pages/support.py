"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.support import open_tickets, oldest_tickets

area_page("support", (open_tickets, oldest_tickets))

"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.procurement import cycle_steps, register, spend, waiting, waiting_longest

area_page("procurement", charts=(waiting, cycle_steps, spend, register), tables=(waiting_longest,))

"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from functools import partial

from dashboard.components.area import area_page
from dashboard.components.panels.durations import still_open
from dashboard.components.panels.support import oldest_tickets, open_tickets

area_page("support", charts=(open_tickets, partial(still_open, "resolution_time")), tables=(oldest_tickets,))
